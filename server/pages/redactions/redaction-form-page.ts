/** The form that asks for a text to be taken out: which of an entry's texts, and what it gives away. */
import type { AuditEntry } from '../../domain/audit-entry.ts'
import type { Problem } from '../../domain/parsed.ts'
import { type FoundText, redactionKinds } from '../../domain/redaction.ts'
import type { Words } from '../../i18n/words.ts'
import { type AuditWorld, aboutOf } from '../audit-values.ts'
import { type Choice, errorSummary, type Field, field, type Page, problemsInWords, titleOf } from '../page.ts'
import { targetWords } from './redactions-page.ts'

export type RedactionTyped = { place: string; kind: string; words: string; submissionKey: string }

type TextChoice = Choice & { text: string }

export type RedactionFormPage = Page & {
  about: string
  action: string
  back: string
  entry: string
  errors: ReturnType<typeof errorSummary>
  which: Field
  places: TextChoice[]
  /** Texts that are part of something signed: said, not offered. */
  signed: string[]
  kind: Field
  kinds: Choice[]
  explanation: Field
  submissionKey: string
}

export function redactionFormPage(
  input: {
    world: AuditWorld
    entry: AuditEntry
    texts: readonly FoundText[]
    signed: readonly FoundText[]
    typed: RedactionTyped
    problems: readonly Problem[]
  },
  words: Words,
): RedactionFormPage {
  const { world, entry, texts, signed, typed } = input
  const problems = problemsInWords(input.problems, words)
  const here = `/trials/${world.trial.code}`
  return {
    template: 'redactions/new',
    title: titleOf('redactions.form_title', words, problems.length > 0),
    place: 'audit',
    address: `${here}/redactions/new?entry=${entry.sequence}`,
    about: words.t('redactions.about_entry', {
      sequence: words.number(entry.sequence),
      event: words.of('audit_event', entry.event),
      about: aboutOf(entry, world, words),
    }),
    action: `${here}/redactions`,
    back: `${here}/audit`,
    entry: String(entry.sequence),
    errors: errorSummary(problems, words),
    which: field('place', typed.place, problems),
    places: texts.map((one) => {
      const value = `${one.table}.${one.field}`
      return {
        value,
        label: targetWords(one, words),
        text: one.text,
        chosen: value === typed.place || texts.length === 1,
      }
    }),
    signed: signed.map((one) => targetWords(one, words)),
    kind: field('kind', typed.kind, problems),
    kinds: redactionKinds.map((kind) => ({
      value: kind,
      label: words.of('redaction_kind', kind),
      chosen: kind === typed.kind,
    })),
    explanation: field('words', typed.words, problems),
    submissionKey: typed.submissionKey,
  }
}
