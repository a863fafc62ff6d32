/** What was asked to be taken out of the trial's texts: what waits for a second person first. */
import type { Redaction } from '../../domain/redaction.ts'
import type { Words } from '../../i18n/words.ts'
import { type AuditWorld, fieldInWords } from '../audit-values.ts'
import { type Mark, mark, type Page } from '../page.ts'

export type RedactionsPage = Page & {
  note: string
  rows: { href: string; what: string; subject: string; kind: string; state: Mark; asked: string; decided: string }[]
  empty: string | null
  pager: { range: string; previous: string | null; next: string | null } | null
  back: string
}

export function redactionsPage(
  input: {
    world: AuditWorld
    redactions: readonly Redaction[]
    page: number
    pageSize: number
    total: number
  },
  words: Words,
): RedactionsPage {
  const { world, redactions, page, pageSize, total } = input
  const here = `/trials/${world.trial.code}/redactions`
  const first = (page - 1) * pageSize + 1
  return {
    template: 'redactions/index',
    title: words.t('redactions.title'),
    place: 'audit',
    note: words.t('redactions.note'),
    rows: redactions.map((redaction) => ({
      href: `${here}/${redaction.id}`,
      what: targetWords(redaction, words),
      subject: redaction.subjectId === null ? '—' : (world.numbers.get(redaction.subjectId) ?? '—'),
      kind: words.of('redaction_kind', redaction.kind),
      state: redactionMarkOf(redaction, words),
      asked: byAt(redaction.askedBy, redaction.askedAt, world, words),
      decided: byAt(redaction.decidedBy, redaction.decidedAt, world, words),
    })),
    empty: redactions.length > 0 ? null : words.t('redactions.none'),
    pager:
      total <= pageSize
        ? null
        : {
            range: words.t('redactions.range', { first, last: first + redactions.length - 1, total }),
            previous: page > 1 ? `${here}?page=${page - 1}` : null,
            next: page * pageSize < total ? `${here}?page=${page + 1}` : null,
          },
    back: `/trials/${world.trial.code}/audit`,
  }
}

/** Which text it is: of which kind of record, and which field. */
export function targetWords({ table, field }: Pick<Redaction, 'table' | 'field'>, words: Words): string {
  return words.t('redactions.target', { table: words.of('redaction_table', table), field: fieldInWords(field, words) })
}

export function redactionMarkOf({ state }: Pick<Redaction, 'state'>, words: Words): Mark {
  const text = words.of('redaction_state', state)
  if (state === 'asked') return mark('half', 'is-wait', text)
  return state === 'confirmed' ? mark('full', 'is-real', text) : mark('open', '', text)
}

/** Who did something and when; a dash where nobody has. */
export function byAt(personId: string | null, at: string | null, { names, trial }: AuditWorld, words: Words): string {
  if (personId === null || at === null) return '—'
  const name = names.get(personId)
  const by = name === undefined ? personId : words.pick(name)
  return words.t('redactions.by_at', { by, at: words.instant(at, trial.timeZone) })
}
