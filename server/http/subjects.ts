/** The subject log: the list, and one subject. */

import { listAllocations } from '../db/allocations.ts'
import { findLogEntry } from '../db/log-entries.ts'
import { listLinkedAttempts } from '../db/subjects.ts'
import { findTrialFacts } from '../db/trial-facts.ts'
import { findProfile } from '../db/trials.ts'
import { manyShown, oneShown } from '../domain/access-record.ts'
import { type Act, reaches, sitesWithin } from '../domain/permission.ts'
import { monthsUntil } from '../domain/reporting.ts'
import type { Site } from '../domain/site.ts'
import { isAlwaysInRegistrationPeriod, termsPromised } from '../domain/trial-terms.ts'
import { isAllAssumed } from '../pages/log-row.ts'
import { doneKinds, subjectPage } from '../pages/subject-page.ts'
import { subjectsPage } from '../pages/subjects-page.ts'
import { clocksOf } from './as-of.ts'
import { askedOf, logOf } from './log.ts'
import { rowsShown } from './log-rows.ts'
import { monthReportsOf } from './reporting.ts'
import { screeningFormFor } from './screenings.ts'
import { type Reply, type TrialVisit, textOf } from './visit.ts'

const pageSize = 50

export async function listSubjectsOfTrial(visit: TrialVisit): Promise<Reply> {
  const { trial, words } = visit
  const log = await logOf(visit)
  const { clocks, counts, facts, sites } = log
  // A page behind the last one is the last one: its address may be older than the log.
  const last = Math.max(1, Math.ceil(counts[log.query.list] / pageSize))
  const query = { ...log.query, page: Math.min(log.query.page, last), pageSize }
  const ids = await log.idsOf({ limit: pageSize, offset: (query.page - 1) * pageSize })
  const terms = termsPromised(facts.versions, clocks.day)
  const isPresent = clocksOf(visit, clocks) === null
  const form = isPresent ? await screeningFormFor(visit, null, [], facts) : null
  const entries = await log.entriesOf(ids)
  const seen = { trial, today: clocks.day, mayLog: form !== null, isAllAssumed: isAllAssumed(entries) }
  const page = subjectsPage(
    {
      ...seen,
      pathway: log.pathway,
      sites,
      clocks,
      notableDays: facts.requestDays,
      rows: entries.map(rowsShown(facts, seen, words)),
      counts,
      countsOfAll: log.countsOfAll,
      registeredInTrial: log.registeredInTrial,
      sees: log.scope === 'every' ? 'every_site' : 'own_sites',
      targetNumber: terms?.targetNumber ?? null,
      query,
      // The past is read, not added to.
      ...(isPresent ? await silentMonthsFor(visit, sites) : { silentMonths: null, saidNothingIn: null }),
      form,
    },
    words,
  )
  const isAskedWrongly = clocks.problem !== null || clocks.known.problem !== null
  const shown = manyShown('log', 'page', ids.length, { ...askedOf(log), page: String(query.page) })
  return { page, shown, status: isAskedWrongly ? 422 : 200 }
}

/** The last six months that the person's own sites have not reported, the newest first. */
async function silentMonthsFor({ actor, context, request, trial }: TrialVisit, sites: readonly Site[]) {
  const within = sitesWithin(actor.grants, 'log_subjects', trial.id)
  const own = within === 'every' ? [] : sites.filter(({ id }) => reaches(within, id))
  if (own.length === 0) return { silentMonths: null, saidNothingIn: null }
  const today = context.today(trial.timeZone)
  const months = await monthReportsOf(context, trial, own, monthsUntil(today, 6), today)
  const silentMonths = months.flatMap(({ month, reports }) =>
    own.flatMap((site, index) => (reports[index]?.kind === 'silent' ? [{ site, month }] : [])),
  )
  const said = textOf(request.query.said)
  const isSaid = months.some(({ month, reports }) => month === said && reports.some(({ kind }) => kind === 'nothing'))
  return { silentMonths, saidNothingIn: isSaid ? said : null }
}

export async function showSubject({ actor, context, request, trial, words }: TrialVisit): Promise<Reply> {
  const { db } = context
  const scope = sitesWithin(actor.grants, 'see_subjects', trial.id)
  const { consentVersions, exitReasons, pathway, sites, versions } = await findTrialFacts(db, trial.id)
  const entry = await findLogEntry(db, trial.id, String(request.params.subject))
  const site = sites.find(({ id }) => id === entry?.subject.siteId)
  if (entry === null || site === undefined || !reaches(scope, site.id)) return { error: 'not_found' }
  const { consentVersionId, events, referralSource, subject, withdrawn } = entry
  const { done } = request.query
  const today = context.today(trial.timeZone)
  const may = (act: Act) => reaches(sitesWithin(actor.grants, act, trial.id), site.id)
  const arms = may('see_allocation') ? (await findProfile(db, trial.id)).arms : []
  const [allocation] = may('see_allocation') ? await listAllocations(db, [subject.id]) : []
  const page = subjectPage(
    {
      trial,
      pathway,
      site,
      subject,
      events,
      today,
      isOutsidePeriod: !isAlwaysInRegistrationPeriod(versions, subject.lastEventOn, today),
      consentVersion: consentVersions.find(({ id }) => id === consentVersionId) ?? null,
      referralSource,
      withdrawn,
      reasons: exitReasons,
      attempts: await listLinkedAttempts(db, subject),
      arm: allocation === undefined ? null : { allocation, arms },
      may: {
        log: may('log_subjects'),
        void: may('void_subjects'),
        override: may('override_period'),
        allocate: may('record_allocation'),
        audit: may('see_audit'),
      },
      done: doneKinds.find((kind) => kind === done) ?? null,
    },
    words,
  )
  return { page, shown: oneShown('subject', 'page', subject.id) }
}
