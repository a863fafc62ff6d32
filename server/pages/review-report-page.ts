/** The report alone, without the frame of the application: the same bytes for every reader of a language. */
import type { Words } from '../i18n/words.ts'
import type { Page } from './page.ts'
import { type ReportContent, type ReviewReport, reviewReport } from './review-report.ts'

export type ReviewReportPage = Page & { report: ReviewReport; back: string }

export function reviewReportPage(reviewId: string, content: ReportContent, words: Words): ReviewReportPage {
  const report = reviewReport(content, words)
  const { code } = content.figures.trial
  return {
    template: 'reviews/report',
    layout: 'document',
    title: `${report.title} ${content.figures.asOf}`,
    place: 'reviews',
    hasChart: true,
    hasPrint: true,
    back: `/trials/${code}/reviews/${reviewId}`,
    report,
  }
}
