/** Reading a password out of a form: as it was typed, spaces and all, and the same one twice where it is new. */
import { z } from 'zod'
import type { Parsed } from '../domain/parsed.ts'
import { isWritable } from './forms.ts'

/** A secret is not trimmed. One that is too long is told by the rule for passwords, not by the form. */
export const secret = z
  .string()
  .default('')
  .superRefine((value, check) => {
    if (!isWritable(value)) check.addIssue({ code: 'custom', message: 'text_malformed' })
  })

/** A new password that was typed twice; what must stand in it is the domain's matter. */
export function repeatedPassword(typed: { password: string; repeated: string }): Parsed<string> {
  if (typed.password === '') return { problems: [{ field: 'password', code: 'password_missing' }] }
  if (typed.password !== typed.repeated) return { problems: [{ field: 'repeated', code: 'password_differs' }] }
  return { value: typed.password }
}
