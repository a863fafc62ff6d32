/** The trial's dashboard: is the plan being kept, by how much not, where, and since when. */
import { couldExceedTarget } from '../domain/cap.ts'
import type { DashboardFigures } from '../domain/dashboard.ts'
import type { SiteTableQuery } from '../domain/site-order.ts'
import { smallNumbersOf } from '../domain/small-numbers.ts'
import type { Trial } from '../domain/trial.ts'
import { termsPromised } from '../domain/trial-terms.ts'
import type { Words } from '../i18n/words.ts'
import { type AsOfForm, type BothClocks, clocksForm, clocksKept, fixedClocks } from './as-of.ts'
import type { AttainmentFigure } from './attainment-figure.ts'
import { type ChangesInput, type ChangesSince, changesSince } from './changes-since.ts'
import { freeText } from './free-text.ts'
import { type Need, needsAction } from './needs-action.ts'
import { type PaceTable, paceTable } from './pace-table.ts'
import { type Page, titleOf } from './page.ts'
import type { RowsBehind } from './rows-behind.ts'
import { type FlowInWords, flowInWords } from './screening-flow.ts'
import { type SiteTable, siteQueryKept, siteTable } from './site-table.ts'
import { notSaid, siteFigure } from './small-numbers.ts'
import { type TermsInWords, termsInWords } from './terms-list.ts'
import { type Verdict, verdictInWords } from './verdict.ts'

export type DashboardInput = {
  trial: Trial
  asOf: BothClocks
  figures: DashboardFigures
  figure: AttainmentFigure | null
  /** The order of the sites, and which page of them. */
  sitesAsked: SiteTableQuery
  /** The sites whose subjects the reader may open. */
  sees: 'every' | readonly string[]
  /** Null on a page that is not about today. */
  changes: ChangesInput | null
}

export type DashboardPage = Page & {
  heading: string
  subtitle: { parts: string[] }
  asOf: AsOfForm
  /** The report of the newest review. */
  reviewHref: string
  verdict: Verdict | null
  figure: AttainmentFigure | null
  needs: Need[]
  changes: ChangesSince | null
  pace: PaceTable | null
  sites: SiteTable
  flow: FlowInWords
  /** That those waiting could take the trial past its target. */
  couldExceed: string | null
  terms: TermsInWords[]
  overrides: { date: string; site: string; reason: string; href: string | null }[]
}

export function dashboardPage(input: DashboardInput, words: Words): DashboardPage {
  const { trial, asOf, figures, figure, sitesAsked, sees, changes } = input
  const { attainment, pace, versions, sites, flow } = figures
  const behind: RowsBehind = { trial, sees, clocks: clocksKept(asOf) }
  const kept = siteQueryKept(sitesAsked)
  return {
    ...fixedClocks(asOf, words, kept),
    template: 'trials/show',
    title: titleOf('overview.title', words, asOf.problem !== null || asOf.known.problem !== null),
    heading: words.t('overview.title'),
    place: 'overview',
    hasChart: true,
    subtitle: {
      parts: [
        words.pick(trial.title),
        words.of('design', trial.design),
        words.t('overview.sites', { count: sites.length }),
      ],
    },
    asOf: clocksForm(asOf, figures.requestDays, words, kept),
    reviewHref: `/trials/${trial.code}/reviews/current`,
    verdict: attainment === null ? null : verdictInWords(attainment, behind, words),
    figure,
    needs: needsAction(figures, behind.clocks.length === 0, behind, words),
    changes: changes === null ? null : changesSince(changes, trial, words),
    pace: pace === null ? null : paceTable(pace, flow.screened, behind, words),
    sites: siteTable(figures, sitesAsked, behind, words),
    flow: flowInWords(figures, behind, words),
    couldExceed: couldExceedOf(figures, words),
    terms: attainment === null ? [] : termsInWords(versions, attainment, words),
    overrides: overridesOf(figures, behind, words),
  }
}

function couldExceedOf({ flow, versions, asOf }: DashboardFigures, words: Words): string | null {
  const target = termsPromised(versions, asOf)?.targetNumber ?? null
  const waiting = flow.provisional?.waiting ?? 0
  if (target === null || !couldExceedTarget(flow.registered, waiting, target)) return null
  return words.t('flow.could_exceed', { registered: flow.registered, waiting, target })
}

function overridesOf({ sites, overrides, asOf }: DashboardFigures, { trial, sees, clocks }: RowsBehind, words: Words) {
  const mayOpen = sees === 'every' && clocks.length === 0
  const all = sites.map(({ site }) => site)
  const small = smallNumbersOf(trial, all, sites, asOf)
  return overrides.map(({ subjectId, siteId, occurredOn, reason }) => {
    const found = sites.find(({ site }) => site.id === siteId)
    return {
      date: occurredOn,
      site:
        found === undefined
          ? ''
          : siteFigure(small, siteId, `${found.site.code} ${words.pick(found.site.name)}`, notSaid),
      reason: freeText(reason, words),
      href: mayOpen ? `/trials/${trial.code}/subjects/${subjectId}` : null,
    }
  })
}
