/** Reads what a form sent: known fields only, text that can be written down, of bounded length. Words are not its matter. */

import { z } from 'zod'
import type { CalendarDate } from '../domain/calendar-date.ts'
import { dateProblem } from '../domain/date-problem.ts'
import type { Parsed, Problem } from '../domain/parsed.ts'
import { readDate } from '../domain/read-date.ts'
import { longestSubjectNumber, readSubjectNumber } from '../domain/subject-number.ts'

/** What cannot be stored and shown: control characters but line ends and tabs, and halves of a character. */
const unwritable = /[^\P{Cc}\n\r\t]|\p{Cs}|\uFFFD/u

/** Whether a text can be stored and shown as it is, on either engine. */
export function isWritable(value: string): boolean {
  return !unwritable.test(value)
}

/** One line or several of people's text, trimmed. A missing field is an empty one. */
export function text(most: number) {
  return z
    .string()
    .default('')
    .transform((value) => value.trim())
    .superRefine((value, check) => {
      if (!isWritable(value)) check.addIssue({ code: 'custom', message: 'text_malformed' })
      const length = [...value].length
      if (length > most) check.addIssue({ code: 'custom', message: 'text_too_long', params: { most, length } })
    })
}

/** A subject's number, as `readSubjectNumber` keeps it; empty where none was typed. */
export const numberText = text(longestSubjectNumber).transform((value, check) => {
  const number = readSubjectNumber(value)
  if (number !== null) return number
  check.addIssue({ code: 'custom', message: 'number_malformed', params: { most: longestSubjectNumber } })
  return z.NEVER
})

/** What a form sends that is little more than a button: what stood behind it, and its key. */
export const button = z.object({ seen: text(4000), submissionKey: text(64) })

/** Several short codes, each with its own box: none, one or many arrive. */
export const codes = z
  .union([z.string(), z.array(z.string()).max(50)])
  .default([])
  .transform((value) => [value].flat().filter((one) => /^[\w.:-]{1,64}$/.test(one)))

/** Reads a form's fields with a strict schema: a field that the form does not have is refused by its name. */
export function readForm<S extends z.ZodObject>(schema: S, body: unknown): Parsed<z.infer<S>> {
  const reading = strictOf(schema).safeParse(body ?? {})
  if (reading.success) return { value: reading.data as z.infer<S> }
  return { problems: reading.error.issues.flatMap(problemsOf) }
}

/** The same schema without room for unknown keys, made once: to make one takes far longer than to read by it. */
function strictOf(schema: z.ZodObject): z.ZodObject {
  const kept = stricts.get(schema)
  if (kept !== undefined) return kept
  const strict = schema.strict()
  stricts.set(schema, strict)
  return strict
}
const stricts = new WeakMap<z.ZodObject, z.ZodObject>()

function problemsOf(issue: z.core.$ZodIssue): Problem[] {
  const field = issue.path.map(String).join('.')
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((name) => ({ field: '', code: 'field_unknown', values: { name: name.slice(0, 40) } }))
  }
  if (issue.code === 'custom') {
    const values = issue.params as Problem['values']
    return [values === undefined ? { field, code: issue.message } : { field, code: issue.message, values }]
  }
  return [{ field, code: 'text_malformed' }]
}

/** A date field's value, or why it is none. */
export function readDateField(field: string, typed: string): Parsed<CalendarDate> {
  const reading = readDate(typed)
  return 'date' in reading ? { value: reading.date } : { problems: [dateProblem(field, reading)] }
}
