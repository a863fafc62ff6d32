/** An event in words, with its mark: solid for what was reached, a cross for an exit, dashed where nobody knows. */
import { milestoneOf, type Pathway } from '../domain/milestone.ts'
import type { SubjectEvent } from '../domain/subject.ts'
import { stateAfterExit } from '../domain/subject-state.ts'
import type { Words } from '../i18n/words.ts'
import { type Mark, mark } from './page.ts'

type Told = Pick<SubjectEvent, 'what' | 'scope'>

export function eventWords({ what, scope }: Told, pathway: Pathway, words: Words): string {
  if (what.kind === 'prescreening') return words.of('state', 'prescreened')
  if (what.kind === 'exit') return words.of('state', stateAfterExit(what.exit, scope))
  return words.pick(milestoneOf(pathway, what.code)?.label ?? { ja: what.code, en: what.code })
}

export function eventMark(event: Told, pathway: Pathway, words: Words): Mark {
  const text = eventWords(event, pathway, words)
  const { what } = event
  if (what.kind === 'prescreening') return mark('open', '', text)
  if (what.kind === 'milestone') return mark('full', 'is-real', text)
  if (what.exit === 'unaccounted') return mark('silent', 'is-act', text)
  return mark(what.exit === 'completed' ? 'full' : 'cross', '', text)
}
