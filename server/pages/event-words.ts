/** An event in words, with its mark: solid for what was reached, a cross for an exit, dashed where nobody knows. */
import { milestoneOf, type Pathway } from '../domain/milestone.ts'
import type { Problem } from '../domain/parsed.ts'
import type { SubjectEvent } from '../domain/subject.ts'
import { type Exit, type SubjectState, stateAfterExit } from '../domain/subject-state.ts'
import type { Words } from '../i18n/words.ts'
import { type Mark, mark } from './page.ts'

type Told = Pick<SubjectEvent, 'what' | 'scope'>

/** A state or an exit as the trial calls it: what follows the first stage bears that stage's own name. */
export function stateWords(state: SubjectState | Exit, pathway: Pathway, words: Words): string {
  if (state !== 'excluded_after_provisional' || pathway.provisional === null) return words.of('state', state)
  return words.t('format.excluded_after', { milestone: words.pick(pathway.provisional.label) })
}

/** Problems name milestones by their codes; people know them by their labels. */
export function withMilestoneNames(problems: readonly Problem[], pathway: Pathway, words: Words): Problem[] {
  return problems.map((problem) => {
    const milestone = pathway.milestones.find(({ code }) => code === problem.values?.milestone)
    if (milestone === undefined) return problem
    return { ...problem, values: { ...problem.values, milestone: words.pick(milestone.label) } }
  })
}

export function eventWords({ what, scope }: Told, pathway: Pathway, words: Words): string {
  if (what.kind === 'prescreening') return words.of('state', 'prescreened')
  if (what.kind === 'exit') return stateWords(stateAfterExit(what.exit, scope), pathway, words)
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
