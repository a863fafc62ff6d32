/** All trials on one page. */
import type { portfolio as ja } from '../ja/portfolio.ts'
import type { SameWords } from '../same-words.ts'

export const portfolio: SameWords<typeof ja> = {
  portfolio: {
    title: 'Trials',
    note: 'Trials: {count}, as of {asOf}. Those that need attention come first. Chance: of reaching the target by the deadline, with drift.',
    none: 'There is no trial you may see. Ask a trial’s data manager to grant you a role.',
    caption: 'Trials. The heads sort them.',
    trial: 'Trial',
    verdict: 'Verdict',
    progress: 'Registered / target (cell = subject)',
    registered_of: '{registered} / {target}',
    elapsed: '{share} of the period',
    deadline: 'Deadline',
    chance: 'Chance',
    review: 'Next review',
    obligations: 'Overdue, due in 30 days',
    overdue: 'Overdue: {count}',
    due_soon: 'Soon: {count}',
    silent: 'Silent sites (last month)',
    silent_of: '{silent} of {open}',
    chosen: 'Trials with {facet} “{value}”: {count}',
    show_all: 'Show all trials',
    not_stated: 'Not stated',
    number: 'Trials',
  },
  portfolio_facet: {
    phase: 'Phase',
    design: 'Design',
    condition: 'Condition',
    riskClass: 'Risk class (regenerative medicine)',
  },
}
