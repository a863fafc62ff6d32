/** The dashboard's figure with the table behind it: all that its template needs, so that it is drawn once as long as it stands. */
import type { DayCount } from '../domain/accrual.ts'
import type { Attainment } from '../domain/attainment.ts'
import type { Site } from '../domain/site.ts'
import type { TrialTerms } from '../domain/trial-terms.ts'
import type { Words } from '../i18n/words.ts'
import { type CumulativeRow, cumulativeFigure } from './charts.ts'

export type AttainmentFigure = { note: string; chartJson: string; rows: readonly CumulativeRow[] }

export function attainmentFigure(
  attainment: Attainment,
  versions: readonly TrialTerms[],
  sites: readonly Site[],
  steps: readonly DayCount[],
  words: Words,
): AttainmentFigure {
  const { chart, rows } = cumulativeFigure(attainment, versions, sites, steps, words)
  return { note: words.t('overview.chart_note', { asOf: attainment.asOf }), chartJson: JSON.stringify(chart), rows }
}
