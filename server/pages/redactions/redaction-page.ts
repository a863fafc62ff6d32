/** One text that was asked to be taken out: what it is about, where it stands, and the second person's two buttons. */
import type { Problem } from '../../domain/parsed.ts'
import type { RedactedEntry, Redaction } from '../../domain/redaction.ts'
import type { Words } from '../../i18n/words.ts'
import { type AuditWorld, fieldInWords } from '../audit-values.ts'
import { freeText } from '../free-text.ts'
import { errorSummary, type Mark, type Page, problemsInWords } from '../page.ts'
import { byAt, redactionMarkOf, targetWords } from './redactions-page.ts'

/** What was just done, as the address says it. */
export const redactionDoings = ['asked', 'confirmed', 'refused'] as const

export type RedactionPage = Page & {
  heading: string
  notice: string | null
  state: Mark
  errors: ReturnType<typeof errorSummary>
  facts: { label: string; value: string; href: string | null }[]
  places: { entry: string; href: string; where: string }[]
  placesTitle: string
  /** For the second person: the text, and the form. */
  deciding: { text: string; confirm: string; refuse: string; seen: string; submissionKey: string } | null
  /** Why nobody decides here: who asked waits for somebody else. */
  waiting: string | null
  back: string
}

export function redactionPage(
  input: {
    world: AuditWorld
    redaction: Redaction
    entries: readonly Pick<RedactedEntry, 'sequence' | 'places'>[]
    deciding: { text: string; seen: string; submissionKey: string } | null
    isOwn: boolean
    problems: readonly Problem[]
    done: (typeof redactionDoings)[number] | null
  },
  words: Words,
): RedactionPage {
  const { world, redaction, entries, deciding, isOwn, done } = input
  const problems = problemsInWords(input.problems, words)
  const list = `/trials/${world.trial.code}/redactions`
  const here = `${list}/${redaction.id}`
  const number = redaction.subjectId === null ? null : (world.numbers.get(redaction.subjectId) ?? null)
  const plain = (label: string, value: string) => ({ label, value, href: null })
  const isOpen = redaction.state === 'asked'
  const heading = words.t(deciding === null ? 'redactions.heading' : 'redactions.question')
  return {
    template: 'redactions/show',
    title: problems.length > 0 ? `${words.t('form.error_prefix')}${heading}` : heading,
    place: 'audit',
    address: here,
    heading,
    notice: done === null ? null : words.of('redaction_done', done),
    state: redactionMarkOf(redaction, words),
    errors: errorSummary(problems, words),
    facts: [
      plain(words.t('redactions.text'), targetWords(redaction, words)),
      ...(number === null
        ? []
        : [
            {
              label: words.t('redactions.subject'),
              value: number,
              href: `/trials/${world.trial.code}/subjects/${redaction.subjectId}`,
            },
          ]),
      plain(words.t('redactions.kind'), words.of('redaction_kind', redaction.kind)),
      ...(redaction.words === null ? [] : [plain(words.t('redactions.words'), freeText(redaction.words, words))]),
      plain(words.t('redactions.asked'), byAt(redaction.askedBy, redaction.askedAt, world, words)),
      ...(isOpen
        ? []
        : [
            plain(
              words.of('redaction_decided', redaction.state),
              byAt(redaction.decidedBy, redaction.decidedAt, world, words),
            ),
          ]),
    ],
    placesTitle: words.t(isOpen ? 'redactions.goes_from' : 'redactions.went_from', { count: entries.length }),
    places: entries.map(({ sequence, places }) => ({
      entry: words.t('redactions.entry', { sequence: words.number(sequence) }),
      href: `/trials/${world.trial.code}/audit?before=${sequence + 1}`,
      where: places.map((place) => placeWords(place, words)).join(words.t('format.and')),
    })),
    deciding: deciding === null ? null : { ...deciding, confirm: `${here}/confirmation`, refuse: `${here}/refusal` },
    waiting: isOpen && isOwn ? words.t('redactions.waiting') : null,
    back: list,
  }
}

function placeWords(place: string, words: Words): string {
  const [side = '', field] = place.split('.')
  if (field === undefined) return fieldInWords('reason', words)
  return words.t(side === 'before' ? 'redactions.before' : 'redactions.after', { field: fieldInWords(field, words) })
}
