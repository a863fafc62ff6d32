/** Reads a form of the settings by what it asks: texts, codes, numbers, days and choices, or what is wrong with each. */
import { z } from 'zod'
import type { CalendarDate } from '../../domain/calendar-date.ts'
import { isRefused, type Parsed, type Problem } from '../../domain/parsed.ts'
import type { SettingChange } from '../../domain/setting-change.ts'
import { between, type FieldSpec, type SettingField, type Typed } from '../../pages/settings/field-spec.ts'
import { readDateField, readForm, text } from '../forms.ts'
import { textOf, textsOf } from '../visit.ts'

/** What was read; a field that was left empty has no value. */
export type Read<I extends string = SettingField> = {
  text(id: I): string
  textOrNull(id: I): string | null
  number(id: I): number | null
  date(id: I): CalendarDate | null
  /** Of a date's field that must be filled in. */
  day(id: I): CalendarDate
  /** The boxes that were ticked. */
  several(id: I): readonly string[]
}

type Value = string | number | readonly string[] | null

/** `also` are fields that the form has besides, read elsewhere. */
export function readFields<I extends string = SettingField>(
  specs: readonly FieldSpec<I>[],
  body: unknown,
  also: readonly string[] = [],
): Parsed<Read<I>> {
  const fields = readForm(shapeOf(specs, also), body)
  if (isRefused(fields)) return fields
  const sent = fields.value as Record<string, string | readonly string[]>
  const values = new Map<I, Value>()
  const problems: Problem[] = []
  for (const spec of specs) {
    const reading = readingOf(spec, sent[spec.id] ?? '')
    if (isRefused(reading)) problems.push(...reading.problems)
    else values.set(spec.id, reading.value)
  }
  if (problems.length > 0) return { problems }
  const textOrNull = (id: I) => (values.get(id) as string | null | undefined) ?? null
  return {
    value: {
      text: (id) => textOrNull(id) ?? '',
      textOrNull,
      number: (id) => (values.get(id) as number | null | undefined) ?? null,
      date: (id) => textOrNull(id) as CalendarDate | null,
      day: (id) => {
        const typed = textOrNull(id)
        if (typed === null) throw new Error(`no day in ${id}`)
        return typed as CalendarDate
      },
      several: (id) => (values.get(id) as readonly string[] | undefined) ?? [],
    },
  }
}

/** What may arrive: a form's shape is made once, for to make one takes longer than to read by it. */
function shapeOf(specs: readonly FieldSpec<string>[], also: readonly string[]): z.ZodObject {
  const lengthOf = (spec: FieldSpec<string>) => ('most' in spec && isText(spec) ? spec.most : 64)
  const key = JSON.stringify([specs.map((spec) => [spec.id, spec.as === 'several' ? null : lengthOf(spec)]), also])
  const kept = shapes.get(key)
  if (kept !== undefined) return kept
  const own = specs.map((spec) => [spec.id, spec.as === 'several' ? boxes : text(lengthOf(spec))])
  const others = also.map((name) => [name, text(500)])
  const hidden = { seen: text(4000), submissionKey: text(64), suggested: text(80) }
  const shape = z.object({ ...Object.fromEntries(own), ...Object.fromEntries(others), ...hidden })
  shapes.set(key, shape)
  return shape
}
const shapes = new Map<string, z.ZodObject>()

const isText = ({ as }: { as: string }) => as === 'line' || as === 'prose'

/** None, one or many arrive, with line ends as browsers send them; which of them are on offer, is looked at later. */
const boxes = z
  .union([z.string(), z.array(z.string()).max(500)])
  .default([])
  .transform((value) => [...new Set([value].flat().map((one) => one.replace(/\r\n/g, '\n')))])

function readingOf(spec: FieldSpec<string>, sent: string | readonly string[]): Parsed<Value> {
  const refuse = (problem: Omit<Problem, 'field'>) => ({ problems: [{ field: spec.id, ...problem }] })
  const isOffered = (typed: string) => 'options' in spec && spec.options.some(({ value }) => value === typed)
  if (typeof sent !== 'string') return sent.every(isOffered) ? { value: sent } : refuse({ code: 'choice_missing' })
  const typed = sent
  if (spec.as === 'choice') {
    return isOffered(typed) ? { value: typed } : refuse({ code: 'choice_missing' })
  }
  if (typed === '') return spec.must === 'may' ? { value: null } : refuse({ code: 'setting_missing' })
  switch (spec.as) {
    case 'date':
      return readDateField(spec.id, typed)
    case 'number': {
      const { least, most, decimals } = spec
      const number = readNumber(typed, decimals)
      if (number !== null && number >= least && number <= most) return { value: number }
      const values = { least, most }
      return decimals === 0 ? refuse({ code: 'number_whole', values }) : refuse({ code: 'number_decimal', values })
    }
    case 'code': {
      const code = typed.normalize('NFKC')
      return /^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$/.test(code) ? { value: code } : refuse({ code: 'code_malformed' })
    }
    default:
      return { value: typed }
  }
}

/** `１２` and `12` are 12, `−7` is -7; `1.5` only where there may be decimals. */
function readNumber(typed: string, decimals: number): number | null {
  const plain = typed.normalize('NFKC').replace('−', '-').trim()
  const pattern = decimals === 0 ? /^-?\d{1,9}$/ : /^\d{1,6}(\.\d{1,2})?$/
  return pattern.test(plain) ? Number(plain) : null
}

/** What stood in the form that was sent. */
export function typedFields<I extends string = SettingField>(
  specs: readonly FieldSpec<I>[],
  body: Record<string, unknown> = {},
): Typed<I> {
  return Object.fromEntries(
    specs.map(({ id, as }) => [id, as === 'several' ? textsOf(body[id]).join(between) : textOf(body[id])]),
  ) as Typed<I>
}

/** The same change, of what the fields mean. */
export function meant<T>(change: SettingChange<Read>, draftOf: (read: Read) => T): SettingChange<T> {
  return change.do === 'add' || change.do === 'change' ? { ...change, to: draftOf(change.to) } : change
}
