/**
 * A trial of 200 sites and as many subjects as asked for, over five years: screened evenly, two in three registered, most
 * of those treated, some who failed or left. The trial is opened by its verb; subjects, events and counts are written
 * straight into their tables, for so many verbs would take minutes.
 */
import { type Insertable, sql } from 'kysely'
import { done } from '../../seeds/story.ts'
import { addPerson } from '../../server/actions/add-person.ts'
import { grantRole } from '../../server/actions/grant-role.ts'
import { openTrial } from '../../server/actions/open-trial.ts'
import { type Context, commandLine } from '../../server/context.ts'
import type { Tables } from '../../server/db/database.ts'
import { engineOf } from '../../server/db/dialect.ts'
import { listConsentVersions } from '../../server/db/trials.ts'
import { addDays, calendarDate } from '../../server/domain/calendar-date.ts'
import { overdueStep } from '../../server/domain/whole-tallies.ts'
import { trialDraft } from '../actions/small-trial.ts'
import { milestone, termsOf } from '../domain/protocols.ts'

const siteCount = 200
const first = calendarDate('2021-06-24')
const days = 5 * 365

export const largePerson = { username: 'large-pi', password: 'two hundred sites at once' }

/** Opens the trial under its code and fills it; its reader is `largePerson`. */
export async function openLargeTrial(context: Context, code: string, subjectCount: number): Promise<string> {
  const { db } = context
  const target = Math.round(subjectCount * 0.9)
  const week12 = { anchorCode: 'treatment', offsetDays: 84, windowBeforeDays: 14, windowAfterDays: 14 }
  const opened = await done(
    openTrial(context, commandLine, {
      ...trialDraft(),
      trial: { ...trialDraft().trial, code },
      terms: termsOf({
        targetNumber: target,
        registrationFrom: first,
        registrationUntil: addDays(first, days + 730),
        plan: { startsOn: first, startsAtNumber: 0, reachesNumber: target },
        effectiveFrom: first,
      }),
      sites: Array.from({ length: siteCount }, (_, place) => ({
        code: String(place + 1).padStart(3, '0'),
        name: { ja: `第${place + 1}施設`, en: `Site ${place + 1}` },
        statuses: [{ status: 'open' as const, from: addDays(first, place % 90), basis: 'recorded' as const }],
      })),
      milestones: [
        milestone('consent', 'screening', { necessity: 'required' }),
        milestone('eligibility', 'eligibility', { necessity: 'required' }),
        milestone('registration', 'registration_stage', { necessity: 'required', counting: 'target' }),
        milestone('treatment', 'treatment'),
        milestone('week_12', 'visit', { schedule: week12 }),
      ],
    }),
  )
  const { trialId } = opened
  const siteIds = Object.values(opened.siteIds)
  const [consentVersion] = await listConsentVersions(db, trialId)
  const { writer } = engineOf(db)
  const subjects: Insertable<Tables['subject']>[] = []
  const events: Insertable<Tables['subject_event']>[] = []
  const counts = new Map<string, Insertable<Tables['daily_count']>>()
  const numbers = new Map<string, number>()
  for (let place = 0; place < subjectCount; place++) {
    // Fixed steps, without a common measure with the sites or the days: everybody lands somewhere else.
    const siteId = siteIds[(place * 73) % siteCount] ?? ''
    const consentedOn = addDays(first, 90 + Math.floor(((place * 0.618034) % 1) * (days - 160)))
    const told: [string, string, number][] = [['milestone', 'consent', 0]]
    if (place % 3 === 2) told.push(['exit', place % 2 === 0 ? 'screen_failed' : 'declined', 9])
    else {
      told.push(['milestone', 'eligibility', 7], ['milestone', 'registration', 14])
      if (place % 10 !== 0) told.push(['milestone', 'treatment', 28])
    }
    const id = context.newId()
    const sequence = (numbers.get(siteId) ?? 0) + 1
    numbers.set(siteId, sequence)
    const [, last = ''] = told.at(-1) ?? []
    const state = { consent: 'screening', registration: 'registered', treatment: 'treated' }[last] ?? last
    const number = `${code}-${siteIds.indexOf(siteId) + 1}-${sequence}`
    subjects.push({
      id,
      trial_id: trialId,
      site_id: siteId,
      number,
      number_key: number.toLowerCase(),
      site_sequence: sequence,
      registration_number: null,
      entered_on: consentedOn,
      consented_on: consentedOn,
      consent_version_id: consentVersion?.id ?? '',
      referral_source: null,
      candidate_hash: null,
      attempt: 1,
      earlier_attempt_id: null,
      basis: 'recorded',
      state,
      last_event_on: addDays(consentedOn, told.at(-1)?.[2] ?? 0),
    })
    for (const [kind, step, after] of told) {
      const date = addDays(consentedOn, after)
      events.push({
        id: context.newId(),
        trial_id: trialId,
        subject_id: id,
        kind,
        step,
        occurred_on: date,
        recorded_at: `${date}T03:00:00.000Z`,
        recorded_by: commandLine.personId,
        reasons: null,
        measured_value: null,
        scope: null,
        override_reason: null,
        note: null,
        basis: 'recorded',
        corrects_id: null,
        withdrawn_at: null,
        withdrawn_because: null,
        withdrawn_note: null,
      })
      const counted = kind === 'exit' ? `${step}@screening` : step
      const day = `${siteId} ${counted} ${date}`
      const row = counts.get(day) ?? { trial_id: trialId, site_id: siteId, step: counted, date, number: 0 }
      counts.set(day, { ...row, number: row.number + 1 })
    }
  }
  await writer.transaction().execute(async (rows) => {
    await inParts(subjects, (part) => rows.insertInto('subject').values(part).execute())
    await inParts(events, (part) => rows.insertInto('subject_event').values(part).execute())
    await inParts([...counts.values()], (part) => rows.insertInto('daily_count').values(part).execute())
    await sql`insert into site_count select trial_id, site_id, step, sum(number), max(date) from daily_count
      where trial_id = ${trialId} group by trial_id, site_id, step`.execute(rows)
    await sql`insert into trial_count select trial_id, step, date, sum(number) from daily_count
      where trial_id = ${trialId} group by trial_id, step, date`.execute(rows)
    // Of the treated nobody has been seen in week 12: overdue since 98 days after each treatment.
    const treated = await rows
      .selectFrom('trial_count')
      .selectAll()
      .where('trial_id', '=', trialId)
      .where('step', '=', 'treatment')
      .execute()
    const overdue = treated.map((row) => ({
      ...row,
      step: overdueStep,
      date: addDays(calendarDate(row.date), 99),
      number: Number(row.number),
    }))
    await inParts(overdue, (part) => rows.insertInto('trial_count').values(part).execute())
  })
  return trialId
}

export async function addLargeReader(context: Context, trialIds: readonly string[]): Promise<void> {
  const name = { ja: '大規模試験を読む人', en: 'Reader of a large trial' }
  const { personId } = await done(addPerson(context, commandLine, { ...largePerson, name }))
  for (const trialId of trialIds) {
    await done(grantRole(context, commandLine, personId, { role: 'principal_investigator', trialId, siteId: null }))
  }
}

async function inParts<T>(all: readonly T[], write: (part: T[]) => Promise<unknown>): Promise<void> {
  for (let from = 0; from < all.length; from += 500) await write(all.slice(from, from + 500))
}
