/** What every page value has: the template that shows it, its title, and its place in the navigation. */
import type { Problem } from '../domain/parsed.ts'
import type { Key, Words } from '../i18n/words.ts'

export type Place =
  | 'overview'
  | 'subjects'
  | 'timelines'
  | 'sites'
  | 'projection'
  | 'reviews'
  | 'recruitment'
  | 'requests'
  | 'calendar'
  | 'profile'
  | 'settings'
  | 'audit'
  | null

export type Page = {
  template: string
  /** A document stands alone, without the frame of the application; a guest has none of its pages around them. */
  layout?: 'document' | 'guest'
  title: string
  place: Place
  /** Where the page can be opened again, for pages that answer a post; otherwise its own address. */
  address?: string
  hasChart?: true
  /** It has a button that prints it. */
  hasPrint?: true
  /** The keys of the log work on it. */
  hasKeys?: true
  /** The fields of its scenarios answer at once. */
  hasWhatIf?: true
  /** Dates are typed on it, and read back while they are. */
  hasDates?: true
  /** A page about work that goes on is asked for again by itself after so many seconds. */
  refreshSeconds?: number
  /** A page that always speaks of one past day, and where today's stands. */
  fixed?: { at: string; note: string; href: string }
}

/** A mark and its word: the mark never stands alone. */
export type Mark = { kind: MarkKind; tone: '' | 'is-real' | 'is-wait' | 'is-act'; text: string }
export type MarkKind =
  | 'full'
  | 'half'
  | 'open'
  | 'cross'
  | 'over'
  | 'below'
  | 'silent'
  | 'lane-before'
  | 'lane-after'
  | 'lane-window'

/** How a code is marked, in a table of its codes: `mark(...looks[code], text)`. */
export type Look = readonly [kind: MarkKind, tone: Mark['tone']]

export function mark(kind: MarkKind, tone: Mark['tone'], text: string): Mark {
  return { kind, tone, text }
}

/** A problem in words, beside its field and in the summary at the top. */
export type ProblemInWords = { field: string; text: string }

export function problemsInWords(problems: readonly Problem[], words: Words): ProblemInWords[] {
  return problems.map(({ field, code, values }) => {
    const inWords: Record<string, string | number> = { ...values }
    if (typeof values?.state === 'string') inWords.state = words.of('state', values.state)
    if (code === 'changed_meanwhile') inWords.what = values?.milestone ?? inWords.state ?? ''
    if (typeof values?.month === 'string') inWords.month = words.month(values.month)
    if (typeof values?.requestState === 'string') {
      inWords.requestState = words.of('request_state', values.requestState)
    }
    if (typeof values?.role === 'string') inWords.role = words.of('role', values.role)
    if (typeof values?.reach === 'string') inWords.reach = words.of('reach', values.reach)
    return { field, text: words.of('problem', code, inWords) }
  })
}

/** One of those that a field offers. */
export type Choice = { value: string; label: string; chosen: boolean }

/** A field of a form: what was typed, and what is wrong with it. */
export type Field = {
  id: string
  value: string
  error: string | null
  suggestion: { value: string; words: string } | null
}

export function field(id: string, value: string, problems: readonly ProblemInWords[]): Field {
  return { id, value, error: problems.find((problem) => problem.field === id)?.text ?? null, suggestion: null }
}

/** The summary above a form that was refused; null where nothing is wrong. */
export function errorSummary(
  problems: readonly ProblemInWords[],
  words: Words,
): { title: string; problems: ProblemInWords[] } | null {
  if (problems.length === 0) return null
  return { title: words.t('form.to_mend', { count: problems.length }), problems: [...problems] }
}

/** A page's title, with the word for an error in front where a form was refused. */
export function titleOf(key: Key, words: Words, refused: boolean): string {
  return refused ? `${words.t('form.error_prefix')}${words.t(key)}` : words.t(key)
}
