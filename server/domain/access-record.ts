/** That somebody read what is about single subjects: who, when, from where, whose, and on what. */

/** What was read: a page, a file or a sheet of paper on which single subjects stand. */
export const accessKinds = [
  'subject',
  'subject_form',
  'log',
  'log_file',
  'timelines',
  'screening_log',
  'registration_log',
  'identification_codes',
  'site',
  'import_check',
  'audit_trail',
  'audit_file',
  'redaction',
] as const
export type AccessKind = (typeof accessKinds)[number]

export const accessWays = ['page', 'form', 'file', 'print'] as const
export type AccessWay = (typeof accessWays)[number]

/** What an answer shows of subjects: one of them, or a number of them under what was asked for. */
export type SubjectsShown = {
  what: AccessKind
  way: AccessWay
  subjectId: string | null
  number: number
  /** What a list was asked for, without what was typed into its search: `list=waiting&site=01`. */
  asked: string | null
}

export type AccessRecord = SubjectsShown & {
  id: string
  personId: string
  readAt: string
  address: string
  role: string | null
  sessionHandle: string | null
  requestId: string | null
}

/** One subject on a page of its own. */
export function oneShown(what: AccessKind, way: AccessWay, subjectId: string): SubjectsShown {
  return { what, way, subjectId, number: 1, asked: null }
}

/** Several subjects, and what was asked for; empty values are left out: `{ list: 'all', site: '' }` is `list=all`. */
export function manyShown(
  what: AccessKind,
  way: AccessWay,
  number: number,
  asked: Record<string, string> = {},
): SubjectsShown {
  const said = Object.entries(asked).filter(([, value]) => value !== '')
  return {
    what,
    way,
    subjectId: null,
    number,
    asked: said.map(([name, value]) => `${name}=${value}`).join('&') || null,
  }
}

/** What nobody may have without a record of it: what leaves the screen is not given where it cannot be recorded. */
export function mustBeRecorded({ way }: Pick<SubjectsShown, 'way'>): boolean {
  return way === 'file' || way === 'print'
}
