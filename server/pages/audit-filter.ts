/** What of the trail is asked for, as a short form, and what is wrong with it. */
import type { Problem } from '../domain/parsed.ts'
import type { Words } from '../i18n/words.ts'
import type { AuditWorld } from './audit-values.ts'
import { type Choice, type Field, field, type ProblemInWords, problemsInWords } from './page.ts'

export type AuditTyped = { person: string; event: string; record: string; from: string; until: string }

export type AuditFilter = {
  action: string
  people: Choice[]
  events: Choice[]
  record: string
  from: Field
  until: Field
  problems: ProblemInWords[]
  /** Where the whole trail is, where only a part of it is shown. */
  all: string | null
  csv: string
  redactions: string
  accesses: string
}

export function auditFilter(
  { trial, names }: AuditWorld,
  typed: AuditTyped,
  people: readonly { id: string; username: string }[],
  events: readonly string[],
  problems: readonly Problem[],
  words: Words,
): AuditFilter {
  const told = problemsInWords(problems, words)
  const action = `/trials/${trial.code}/audit`
  const query = queryOf(typed)
  const ids = new Map(people.map(({ id, username }) => [username, id]))
  const nameOf = (username: string) => words.pick(names.get(ids.get(username) ?? '') ?? { ja: username, en: username })
  return {
    action,
    people: choices([...ids.keys()], typed.person, nameOf, words),
    events: choices(events, typed.event, (event) => words.of('audit_event', event), words),
    record: typed.record,
    from: field('from', typed.from, told),
    until: field('until', typed.until, told),
    problems: told,
    all: query === '' ? null : action,
    csv: `${action}.csv${query === '' ? '' : `?${query}`}`,
    redactions: `/trials/${trial.code}/redactions`,
    accesses: `/trials/${trial.code}/accesses`,
  }
}

function choices(values: readonly string[], chosen: string, label: (value: string) => string, words: Words): Choice[] {
  const order = new Intl.Collator(words.language)
  return values
    .map((value) => ({ value, label: label(value), chosen: value === chosen }))
    .sort((a, b) => order.compare(a.label, b.label))
}

/** The form's content as part of an address; empty where everything is asked for. */
export function queryOf(typed: AuditTyped): string {
  return new URLSearchParams(Object.entries(typed).filter(([, value]) => value !== '')).toString()
}
