/** All trials of one person: how far each is, and whether it keeps its promise. */
import type { Attainment } from '../domain/attainment.ts'
import type { CalendarDate } from '../domain/calendar-date.ts'
import type { Trial } from '../domain/trial.ts'
import type { Words } from '../i18n/words.ts'
import { type CellRow, cellsOf, smallCells } from './cells.ts'
import type { Mark, Page } from './page.ts'
import { verdictMark } from './verdict.ts'

export type PortfolioEntry = { trial: Trial; siteCount: number; attainment: Attainment | null }

export type PortfolioPage = Page & {
  note: string
  trials: {
    code: string
    name: string
    href: string
    design: string
    verdict: Mark | null
    registered: string
    target: string
    cells: CellRow | null
    time: string
    deadline: string
    chance: string
    sites: string
  }[]
}

export function portfolioPage(entries: readonly PortfolioEntry[], today: CalendarDate, words: Words): PortfolioPage {
  return {
    template: 'trials/index',
    title: words.t('portfolio.title'),
    place: null,
    note: words.t('portfolio.note', { count: entries.length, asOf: words.date(today) }),
    trials: entries.map(({ trial, siteCount, attainment }) => ({
      code: trial.code,
      name: words.pick(trial.name),
      href: `/trials/${trial.code}`,
      design: words.of('design', trial.design),
      sites: words.number(siteCount),
      ...standing(attainment, words),
    })),
  }
}

function standing(attainment: Attainment | null, words: Words) {
  if (attainment === null) {
    return { verdict: null, registered: '0', target: '—', cells: null, time: '—', deadline: '—', chance: '—' }
  }
  const { registered, promised, elapsedYears, periodYears, forecast, verdict } = attainment
  const target = promised.targetNumber
  const isOver = verdict === 'reached' || verdict === 'ended' || forecast === null
  return {
    verdict: verdictMark(verdict, words),
    registered: words.number(registered),
    target: words.number(target),
    cells: target === 0 ? null : smallCells(cellsOf([registered, 'real'], [target - registered, 'open'])),
    time: words.percent(Math.min(elapsedYears / periodYears, 1)),
    deadline: promised.registrationUntil,
    chance: isOver ? '—' : words.percent(forecast.chance.withDrift),
  }
}
