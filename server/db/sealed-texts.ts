/**
 * The texts of audit entries: an entry's hash does not cover a text itself but a commitment to it, the HMAC of the text
 * under a salt of its own. The salt stands beside the entry and goes with the text; what is left cannot be guessed.
 */
import { createHmac, randomBytes } from 'node:crypto'
import { freeTexts, type TextPlace } from '../domain/redaction.ts'
import type { AuditEntryRow, AuditedTable } from './database.ts'

export type Salts = Record<string, string>

/** JSON with its keys sorted, so that the same row is always the same text. */
export function inFixedOrder(row: object): string {
  return JSON.stringify(Object.fromEntries(Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1))))
}

type Texts = Pick<AuditEntryRow, 'before' | 'after' | 'reason'>

/** A salt for every text of a new entry, as JSON: `{"after.note": "5f…"}`. */
export function newSalts(table: AuditedTable, before: object | null, after: object, reason: string | null): string {
  const fields = freeTexts[table] ?? []
  const of = (side: string, row: object | null) =>
    fields.filter((field) => isText((row as Record<string, unknown> | null)?.[field])).map((name) => `${side}.${name}`)
  const places = [...of('before', before), ...of('after', after), ...(isText(reason) ? ['reason'] : [])]
  return inFixedOrder(Object.fromEntries(places.map((place) => [place, randomBytes(16).toString('hex')])))
}

const isText = (value: unknown): value is string => typeof value === 'string' && value !== ''

/** What stands in an entry where a text was taken out: the commitment, which the entry's hash goes on covering. */
type Taken = { redacted: string }

export function isTaken(value: unknown): value is Taken {
  return typeof value === 'object' && value !== null && Object.keys(value).join() === 'redacted'
}

/** The same as a reason, which is a text and not JSON. */
function takenReason(reason: string | null): Taken | null {
  if (reason === null || !reason.startsWith('{"redacted":"')) return null
  const parsed: unknown = JSON.parse(reason)
  return isTaken(parsed) ? parsed : null
}

const commitmentTo = (text: string, salt: string) => createHmac('sha256', salt).update(text).digest('hex')

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

/** Thrown inside this file for an entry that nobody wrote like this. */
class Malformed extends Error {}

/** The texts of an entry as its hash covers them; null where they are not as they were ever written. */
export function committed({ before, after, reason }: Texts, saltsText: string): Texts | null {
  try {
    const salts: unknown = JSON.parse(saltsText)
    if (!isRecord(salts) || inFixedOrder(salts) !== saltsText) return null
    const unused = new Set(Object.keys(salts))
    const commit = (place: string, value: unknown) => {
      const salt = salts[place]
      if (isTaken(value)) {
        if (salt !== undefined) throw new Malformed()
        return { commitment: value.redacted }
      }
      if (salt === undefined) return value
      if (!isText(value) || !isText(salt) || !/^[0-9a-f]{32}$/.test(salt)) throw new Malformed()
      unused.delete(place)
      return { commitment: commitmentTo(value, salt) }
    }
    const side = (name: 'before' | 'after', row: string | null) => {
      if (row === null) return null
      const isPlain = !row.includes('{"redacted":') && ![...unused].some((place) => place.startsWith(`${name}.`))
      if (isPlain) return row
      const columns: unknown = JSON.parse(row)
      if (!isRecord(columns) || inFixedOrder(columns) !== row) throw new Malformed()
      for (const [field, value] of Object.entries(columns)) columns[field] = commit(`${name}.${field}`, value)
      return JSON.stringify(columns)
    }
    const isReasonTaken = isText(reason) && salts.reason === undefined
    const reasonSaid = isReasonTaken ? takenReason(reason) : reason
    if (isReasonTaken && reasonSaid === null) return null
    const whole = {
      before: side('before', before),
      after: side('after', after) as string,
      reason: reason === null ? null : JSON.stringify(commit('reason', reasonSaid)),
    }
    return unused.size === 0 ? whole : null
  } catch (error) {
    if (error instanceof Malformed || error instanceof SyntaxError) return null
    throw error
  }
}

/** The places of an entry at which a text was taken out. Of entries without salts, a reason cannot tell; `named` can. */
export function takenPlaces(entry: Pick<AuditEntryRow, 'before' | 'after' | 'reason' | 'salts'>): TextPlace[] {
  const of = (side: 'before' | 'after', row: string | null) =>
    row?.includes('{"redacted":') === true
      ? Object.entries(readRow(row))
          .filter(([, value]) => isTaken(value))
          .map(([field]): TextPlace => `${side}.${field}`)
      : []
  const hasSalt = entry.salts?.includes('"reason":') === true
  const isReasonTaken = !hasSalt && (entry.reason?.startsWith('{"redacted":"') ?? false)
  return [...of('before', entry.before), ...of('after', entry.after), ...(isReasonTaken ? (['reason'] as const) : [])]
}

function readRow(row: string): Record<string, unknown> {
  try {
    const columns: unknown = JSON.parse(row)
    return isRecord(columns) ? columns : {}
  } catch {
    return {}
  }
}

/** The entry without the texts at some of its places, and without their salts. */
export function withoutTexts(
  entry: Pick<AuditEntryRow, 'before' | 'after' | 'reason' | 'salts'>,
  places: readonly TextPlace[],
): Pick<AuditEntryRow, 'before' | 'after' | 'reason' | 'salts'> {
  const salts: Salts | null = entry.salts === null ? null : JSON.parse(entry.salts)
  const taken = (place: TextPlace, text: string): Taken => {
    const salt = salts?.[place]
    if (salts !== null && salt === undefined) throw new Error(`no salt at ${place}`)
    return { redacted: salt === undefined ? '' : commitmentTo(text, salt) }
  }
  const side = (name: 'before' | 'after', row: string | null) => {
    if (row === null || !places.some((place) => place.startsWith(`${name}.`))) return row
    const columns = Object.entries(JSON.parse(row) as Record<string, unknown>).map(([field, value]) => {
      const place: TextPlace = `${name}.${field}`
      return [field, places.includes(place) ? taken(place, String(value)) : value]
    })
    return inFixedOrder(Object.fromEntries(columns))
  }
  const reason = places.includes('reason') ? JSON.stringify(taken('reason', entry.reason ?? '')) : entry.reason
  const left = Object.entries(salts ?? {}).filter(([place]) => !places.some((one) => one === place))
  return {
    before: side('before', entry.before),
    after: side('after', entry.after) as string,
    reason,
    salts: salts === null ? null : inFixedOrder(Object.fromEntries(left)),
  }
}
