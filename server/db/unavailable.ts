/** Whether something failed because the database could not be reached or written to: sooner or later it can be again. */
import { isUnavailableError } from './dialect.ts'

export function isUnavailable(error: unknown): boolean {
  return isUnavailableError(error)
}
