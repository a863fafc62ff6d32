/** What a data manager settles of a trial: kept with its audit entries, refused where it would change what happened. */
import { describe, expect, it } from 'vitest'
import { addConsentVersion } from '../../server/actions/add-consent-version.ts'
import { changeArms } from '../../server/actions/change-arms.ts'
import { changeCaps } from '../../server/actions/change-caps.ts'
import { changeExitReasons } from '../../server/actions/change-exit-reasons.ts'
import { changePathway } from '../../server/actions/change-pathway.ts'
import { changeProfileFacts } from '../../server/actions/change-profile-facts.ts'
import { changeSiteStatus } from '../../server/actions/change-site-status.ts'
import { changeSites } from '../../server/actions/change-sites.ts'
import { correctEvent } from '../../server/actions/correct-event.ts'
import { openTrial } from '../../server/actions/open-trial.ts'
import { recordMilestone } from '../../server/actions/record-milestone.ts'
import { recordRegistration } from '../../server/actions/record-registration.ts'
import { commandLine } from '../../server/context.ts'
import { listArmSettings } from '../../server/db/arm-settings.ts'
import { listAuditEntries } from '../../server/db/audit-trail.ts'
import { listCapSettings } from '../../server/db/cap-settings.ts'
import { listReasonSettings } from '../../server/db/exit-reason-settings.ts'
import { listFactSettings, listFactVersions } from '../../server/db/fact-settings.ts'
import { eventsInPages, listMilestoneSettings } from '../../server/db/pathway-settings.ts'
import { listCaps, listExitReasons } from '../../server/db/settings.ts'
import { listSiteSettings, listStatusSettings } from '../../server/db/site-settings.ts'
import { findSite } from '../../server/db/sites.ts'
import { listEvents } from '../../server/db/subject-events.ts'
import { findPathway, listConsentVersions } from '../../server/db/trials.ts'
import { calendarDate } from '../../server/domain/calendar-date.ts'
import type { Milestone } from '../../server/domain/milestone.ts'
import { seenWhole } from '../../server/domain/pathway-change.ts'
import { templateMilestones } from '../../server/domain/pathway-template.ts'
import type { Setting } from '../../server/domain/setting-change.ts'
import type { SubjectEvent } from '../../server/domain/subject.ts'
import { milestone, termsOf } from '../domain/protocols.ts'
import {
  done,
  eligible,
  eventDraft,
  expectSound,
  openSmallTrial,
  refusalOf,
  registered,
  requestOf,
  type SmallTrial,
  screened,
  sharedDatabase,
  storedOf,
  trialDraft,
  twoStageMilestones,
} from './small-trial.ts'

const database = sharedDatabase()
const both = (text: string) => ({ ja: text, en: text })
const codesOf = (problems: readonly { code: string }[]) => problems.map(({ code }) => code)

/** What the trail says was done in the last so many entries, the latest last. */
async function lastEntries({ db, trialId }: SmallTrial, limit: number) {
  const entries = await listAuditEntries(db, trialId, { before: null, limit })
  return entries.map(({ event, reason }) => ({ event, reason })).reverse()
}

async function milestoneOf({ db, trialId }: SmallTrial, code: string): Promise<Setting<Milestone>> {
  const found = (await listMilestoneSettings(db, trialId)).find(({ value }) => value.code === code)
  if (found === undefined) throw new Error(`no milestone ${code}`)
  return found
}

async function codesIn({ db, trialId }: SmallTrial): Promise<string[]> {
  return (await findPathway(db, trialId)).milestones.map(({ code }) => code)
}

/** A change that must be refused, and leave everything as it was. */
async function refused(world: SmallTrial, change: () => Promise<unknown>): Promise<string[]> {
  const before = [await storedOf(world.db, world.trialId), await listMilestoneSettings(world.db, world.trialId)]
  const problems = await refusalOf(change() as Parameters<typeof refusalOf>[0])
  expect([await storedOf(world.db, world.trialId), await listMilestoneSettings(world.db, world.trialId)]).toEqual(
    before,
  )
  return codesOf(problems)
}

describe('the pathway', () => {
  it('takes a visit with a window, changes its window, moves it and takes it out, each with its entry', async () => {
    const world = await openSmallTrial(database())
    const { context, manager, trialId } = world
    await registered(world)
    const schedule = { anchorCode: 'registration', offsetDays: 28, windowBeforeDays: 7, windowAfterDays: 7 }
    const visit = milestone('week_4', 'visit', { schedule })
    const add = { do: 'add', to: { milestone: visit, after: 'treatment' } } as const
    await done(changePathway(context, manager, trialId, add))
    expect(await codesIn(world)).toEqual(['consent', 'eligibility', 'registration', 'treatment', 'week_4', 'week_12'])

    const wider = { ...visit, schedule: { ...schedule, windowAfterDays: 14 } }
    const { id, seen } = await milestoneOf(world, 'week_4')
    const to = { milestone: wider, after: 'treatment' }
    await done(changePathway(context, manager, trialId, { do: 'change', id, seen, to, reason: null }))
    expect(await lastEntries(world, 1)).toEqual([{ event: 'milestone_changed', reason: null }])

    const changed = await milestoneOf(world, 'week_4')
    expect(changed.value.schedule?.windowAfterDays).toBe(14)
    await done(changePathway(context, manager, trialId, { do: 'move', id, seen: changed.seen, direction: 'down' }))
    expect((await codesIn(world)).slice(-2)).toEqual(['week_12', 'week_4'])

    const last = await milestoneOf(world, 'week_4')
    await done(changePathway(context, manager, trialId, { do: 'retire', id, seen: last.seen }))
    expect(await codesIn(world)).not.toContain('week_4')
    expect(await lastEntries(world, 1)).toEqual([{ event: 'milestone_retired', reason: null }])
  })

  it('keeps what happened: no milestone with events is taken out, made another kind, or counted anew', async () => {
    const world = await openSmallTrial(database(), { milestones: twoStageMilestones })
    const { context, manager, trialId } = world
    const subject = await screened(world)
    await done(recordRegistration(context, manager, eventDraft(world, subject, 'provisional', '2026-02-20')))
    const { id, seen, value } = await milestoneOf(world, 'provisional')
    expect(await refused(world, () => changePathway(context, manager, trialId, { do: 'retire', id, seen }))).toEqual([
      'milestone_has_events',
    ])
    const counted = { milestone: { ...value, counting: 'target' as const }, after: 'consent' }
    const count = { do: 'change', id, seen, to: counted, reason: null } as const
    expect(await refused(world, () => changePathway(context, manager, trialId, count))).toEqual(['counting_has_events'])
    const procedure = { milestone: { ...value, kind: 'procedure' as const }, after: 'consent' }
    const become = { do: 'change', id, seen, to: procedure, reason: null } as const
    expect(await refused(world, () => changePathway(context, manager, trialId, become))).toContain(
      'milestone_kind_has_events',
    )
    await expectSound(world.db)
  })

  it('keeps the name of what a withdrawn version of an event speaks of', async () => {
    const world = await openSmallTrial(database())
    const { context, db, manager, trialId } = world
    const subjectId = await registered(world)
    await done(recordMilestone(context, manager, eventDraft(world, subjectId, 'treatment', '2026-03-20')))
    const treated = (await listEvents(db, subjectId)).find(({ occurredOn }) => occurredOn === '2026-03-20')
    const right = { occurredOn: calendarDate('2026-03-21'), reason: 'transcription', note: null, seenEventId: null }
    await done(
      correctEvent(context, manager, { trialId, subjectId, eventId: treated?.id ?? '', ...right } as Parameters<
        typeof correctEvent
      >[2]),
    )
    const { id, seen } = await milestoneOf(world, 'treatment')
    expect(await refused(world, () => changePathway(context, manager, trialId, { do: 'retire', id, seen }))).toEqual([
      'milestone_has_events',
    ])
  })

  it('asks every subject, each once, however many are read at a time', async () => {
    const world = await openSmallTrial(database(), { terms: termsOf({ targetNumber: 1000 }) })
    const { context, manager, trialId } = world
    for (let count = 0; count < 12; count++) await screened(world)
    await eligible(world)
    const pages: SubjectEvent[][][] = []
    for await (const page of eventsInPages(world.db, trialId, 5)) pages.push(page)
    expect(pages.map(({ length }) => length)).toEqual([5, 5, 3])
    expect(new Set(pages.flat(2).map(({ id: event }) => event)).size).toBe(14)
    const { id, seen } = await milestoneOf(world, 'eligibility')
    expect(await refused(world, () => changePathway(context, manager, trialId, { do: 'retire', id, seen }))).toEqual([
      'milestone_has_events',
    ])
  })

  it('says in words what would make no pathway', async () => {
    const world = await openSmallTrial(database())
    const { context, manager, trialId } = world
    const { id, seen } = await milestoneOf(world, 'registration')
    expect(await refused(world, () => changePathway(context, manager, trialId, { do: 'retire', id, seen }))).toEqual([
      'pathway_no_registration',
      'pathway_counts_none',
    ])
  })

  it('is replaced by a template as long as nobody is in the log', async () => {
    const world = await openSmallTrial(database())
    const { context, db, manager, trialId } = world
    const milestones = templateMilestones('two_stage', 'randomised', both)
    const take = async () => {
      const seen = seenWhole(await listMilestoneSettings(db, trialId))
      return changePathway(context, manager, trialId, { do: 'template', milestones, seen })
    }
    await done(take())
    expect(await codesIn(world)).toEqual(['consent', 'eligibility', 'provisional', 'final', 'allocation', 'treatment'])
    const single = templateMilestones('one_stage', 'single_arm', both)
    const seen = seenWhole(await listMilestoneSettings(db, trialId))
    await done(changePathway(context, manager, trialId, { do: 'template', milestones: single, seen }))
    // What was taken out comes back as the same row.
    expect(await codesIn(world)).toEqual(['consent', 'eligibility', 'registration', 'treatment'])
    await screened(world)
    expect(await refused(world, take)).toEqual(['template_too_late'])
    await expectSound(db)
  })

  it('lets the second of two people see what the first one did', async () => {
    const world = await openSmallTrial(database())
    const { context, manager, trialId } = world
    const { id, seen, value } = await milestoneOf(world, 'week_12')
    const named = (text: string) => ({
      do: 'change' as const,
      id,
      seen,
      to: { milestone: { ...value, label: both(text) }, after: 'treatment' },
      reason: null,
    })
    await done(changePathway(context, manager, trialId, named('first')))
    expect(await refused(world, () => changePathway(context, manager, trialId, named('second')))).toEqual([
      'setting_changed_meanwhile',
    ])
    expect((await milestoneOf(world, 'week_12')).value.label.en).toBe('first')
  })
})

describe('arms', () => {
  it('change their ratio with a reason, and stay once somebody was given one', async () => {
    const world = await openSmallTrial(database(), { milestones: twoStageMilestones })
    const { context, db, manager, trialId } = world
    for (const code of ['A', 'B']) {
      await done(changeArms(context, manager, trialId, { do: 'add', to: { code, label: both(code), ratio: 1 } }))
    }
    const [a, b] = await listArmSettings(db, trialId)
    if (a === undefined || b === undefined) throw new Error('two arms were added')
    const to = { ...a.value, ratio: 2 }
    const change = { do: 'change', id: a.id, seen: a.seen, to } as const
    expect(codesOf(await refusalOf(changeArms(context, manager, trialId, { ...change, reason: null })))).toEqual([
      'ratio_reason_missing',
    ])
    await done(changeArms(context, manager, trialId, { ...change, reason: 'amendment 2' }))
    expect(await lastEntries(world, 1)).toEqual([{ event: 'arm_changed', reason: 'amendment 2' }])

    const cap = { siteId: null, armCode: 'B', hardNumber: 5, softNumber: null }
    await done(changeCaps(context, manager, trialId, { do: 'add', to: cap }))
    const retire = { do: 'retire', id: b.id, seen: b.seen } as const
    expect(codesOf(await refusalOf(changeArms(context, manager, trialId, retire)))).toEqual(['arm_capped'])
    const [set] = await listCapSettings(db, trialId)
    await done(changeCaps(context, manager, trialId, { do: 'retire', id: set?.id ?? '', seen: set?.seen ?? '' }))
    await done(changeArms(context, manager, trialId, retire))
    expect((await listArmSettings(db, trialId)).map(({ value }) => value.code)).toEqual(['A'])
    await expectSound(db)
  })
})

describe('reasons for exits', () => {
  it('are added at once, ordered and taken out; the log offers those in use', async () => {
    const world = await openSmallTrial(database())
    const { context, db, manager, trialId } = world
    const reason = (code: string) => ({ exit: 'declined' as const, code, label: both(code) })
    const all = { do: 'addAll', to: ['E01', 'E02', 'other'].map(reason) } as const
    await done(changeExitReasons(context, manager, trialId, all))
    await done(changeExitReasons(context, manager, trialId, all))
    const codes = async () => (await listExitReasons(db, trialId)).map(({ code }) => code)
    expect(await codes()).toEqual(['E01', 'E02', 'other'])
    const [first, second] = await listReasonSettings(db, trialId)
    const move = { do: 'move', id: second?.id ?? '', seen: second?.seen ?? '', direction: 'up' } as const
    await done(changeExitReasons(context, manager, trialId, move))
    expect(await codes()).toEqual(['E02', 'E01', 'other'])
    const seen = (await listReasonSettings(db, trialId)).find(({ id }) => id === first?.id)?.seen ?? ''
    await done(changeExitReasons(context, manager, trialId, { do: 'retire', id: first?.id ?? '', seen }))
    expect(await codes()).toEqual(['E02', 'other'])
    // Another exit's list is a list of its own: nothing else is touched.
    const before = await listReasonSettings(db, trialId)
    const lost = { exit: 'lost' as const, code: 'E01', label: both('E01') }
    await done(changeExitReasons(context, manager, trialId, { do: 'add', to: lost }))
    const completed = { ...lost, exit: 'completed' as const }
    await done(changeExitReasons(context, manager, trialId, { do: 'add', to: completed }))
    expect((await listReasonSettings(db, trialId)).filter(({ value }) => value.exit === 'declined')).toEqual(before)
    expect(
      codesOf(await refusalOf(changeExitReasons(context, manager, trialId, { do: 'add', to: reason('E01') }))),
    ).toEqual(['code_taken'])
  })
})

describe('caps', () => {
  it('are set, also below what is registered, stop the next registration, and are lifted', async () => {
    const world = await openSmallTrial(database())
    const { context, db, manager, siteIds, trialId } = world
    await registered(world)
    await registered(world)
    const cap = { siteId: siteIds['01'], armCode: null, hardNumber: 1, softNumber: 1 }
    await done(changeCaps(context, manager, trialId, { do: 'add', to: cap }))
    expect(codesOf(await refusalOf(changeCaps(context, manager, trialId, { do: 'add', to: cap })))).toEqual([
      'cap_exists',
    ])
    const third = await eligible(world)
    const draft = eventDraft(world, third, 'registration', '2026-03-04')
    expect(codesOf(await refusalOf(recordRegistration(context, manager, draft)))).toEqual(['cap_reached_site'])

    const [set] = await listCapSettings(db, trialId)
    const retire = { do: 'retire', id: set?.id ?? '', seen: set?.seen ?? '' } as const
    await done(changeCaps(context, manager, trialId, retire))
    expect(codesOf(await refusalOf(changeCaps(context, manager, trialId, retire)))).toEqual(['setting_gone'])
    await done(recordRegistration(context, manager, draft))
    // Set again, it is the same row.
    await done(changeCaps(context, manager, trialId, { do: 'add', to: { ...cap, hardNumber: 9 } }))
    expect(await listCaps(db, trialId)).toEqual([{ id: set?.id, ...cap, hardNumber: 9 }])
    expect((await lastEntries(world, 1))[0]?.event).toBe('cap_set')
  })
})

describe('sites', () => {
  it('are added and renamed, with what is planned of them', async () => {
    const world = await openSmallTrial(database())
    const { context, db, manager, trialId } = world
    const site = { code: '03', name: both('third'), plannedPerYear: 0.5 }
    const { siteId } = await done(changeSites(context, manager, trialId, { do: 'add', to: site }))
    expect(codesOf(await refusalOf(changeSites(context, manager, trialId, { do: 'add', to: site })))).toEqual([
      'code_taken',
    ])
    const { seen } = (await listSiteSettings(db, trialId)).find(({ id }) => id === siteId) ?? { seen: '' }
    const to = { ...site, code: '99', name: both('renamed'), plannedPerYear: 1.25 }
    await done(changeSites(context, manager, trialId, { do: 'change', id: siteId, seen, to, reason: null }))
    expect(await findSite(db, trialId, siteId)).toMatchObject({
      code: '03',
      plannedPerYear: 1.25,
      name: both('renamed'),
    })
  })

  it('go on hold from a day, but not from one before somebody began there', async () => {
    const world = await openSmallTrial(database())
    const { context, db, manager, siteIds, trialId } = world
    await registered(world)
    const hold = (from: string) => ({
      do: 'add' as const,
      to: { siteId: siteIds['01'], status: 'on_hold' as const, from: calendarDate(from), basis: 'recorded' as const },
    })
    const problems = await refusalOf(changeSiteStatus(context, manager, trialId, hold('2026-03-01')))
    expect(problems).toEqual([{ field: 'fromOn', code: 'status_has_events', values: { first: '2026-03-02', days: 1 } }])
    await done(changeSiteStatus(context, manager, trialId, hold('2026-06-01')))
    const entries = (await listStatusSettings(db, trialId)).filter(({ value }) => value.siteId === siteIds['01'])
    expect(entries.map(({ value }) => value.status)).toEqual(['open', 'on_hold'])

    const { id, seen, value } = entries[1] ?? entries[0]!
    const to = { ...value, from: calendarDate('2026-06-10') }
    const correct = { do: 'change', id, seen, to } as const
    expect(codesOf(await refusalOf(changeSiteStatus(context, manager, trialId, { ...correct, reason: null })))).toEqual(
      ['setting_missing'],
    )
    await done(changeSiteStatus(context, manager, trialId, { ...correct, reason: 'letter of 10 June' }))
    expect(await lastEntries(world, 1)).toEqual([{ event: 'site_status_corrected', reason: 'letter of 10 June' }])
    await expectSound(db)
  })
})

it('a consent version stands behind those there are, and is offered first', async () => {
  const world = await openSmallTrial(database())
  const { context, db, manager, trialId } = world
  const version = { label: both('version 2'), approvedOn: calendarDate('2026-06-01'), basis: 'recorded' as const }
  await done(addConsentVersion(context, manager, trialId, version))
  expect((await listConsentVersions(db, trialId)).map(({ label }) => label.en)).toEqual(['version 2', 'version 1'])
})

it('a fact stated anew takes the place of the old one, which stays; a withdrawn one is gone from the profile', async () => {
  const world = await openSmallTrial(database())
  const { context, db, manager, trialId } = world
  const fact = (value: string) => ({
    kind: 'cost' as const,
    label: both('cost'),
    value: both(value),
    source: both('plan'),
    basis: 'recorded' as const,
  })
  await done(changeProfileFacts(context, manager, trialId, { do: 'add', to: fact('100 yen') }))
  const [old] = await listFactSettings(db, trialId)
  const change = { do: 'change', id: old?.id ?? '', seen: old?.seen ?? '', to: fact('120 yen'), reason: null } as const
  await done(changeProfileFacts(context, manager, trialId, change))
  expect(codesOf(await refusalOf(changeProfileFacts(context, manager, trialId, change)))).toEqual(['setting_gone'])
  const [now] = await listFactSettings(db, trialId)
  expect(now?.value.value.en).toBe('120 yen')
  expect((await listFactVersions(db, trialId)).map(({ replacesId }) => replacesId)).toEqual([null, old?.id])
  await done(changeProfileFacts(context, manager, trialId, { do: 'retire', id: now?.id ?? '', seen: now?.seen ?? '' }))
  expect(await listFactSettings(db, trialId)).toEqual([])
})

it('a form sent twice sets one thing', async () => {
  const world = await openSmallTrial(database())
  const cap = { siteId: null, armCode: null, hardNumber: 9, softNumber: null }
  const send = () => changeCaps(requestOf(world, 'a cap'), world.manager, world.trialId, { do: 'add', to: cap })
  await done(send())
  await done(send())
  expect(await listCaps(world.db, world.trialId)).toHaveLength(1)
})

it('a trial that makes no sense is not opened', async () => {
  const world = await openSmallTrial(database())
  const schedule = { anchorCode: 'nothing', offsetDays: 1, windowBeforeDays: 0, windowAfterDays: 0 }
  const draft = trialDraft({
    milestones: [...twoStageMilestones, milestone('week_1', 'visit', { schedule })],
    terms: termsOf({ targetNumber: 0, registrationUntil: calendarDate('2025-12-31') }),
  })
  const problems = await refusalOf(openTrial(world.context, commandLine, draft))
  expect(codesOf(problems)).toEqual([
    'target_of_nobody',
    'period_ends_first',
    'plan_starts_after',
    'pathway_anchor_unknown',
  ])
})
