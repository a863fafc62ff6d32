import { describe, expect, it } from 'vitest'
import { openTrial } from '../../server/actions/open-trial.ts'
import { commandLine } from '../../server/context.ts'
import { listAuditEntries } from '../../server/db/audit-trail.ts'
import { listSites } from '../../server/db/sites.ts'
import { listTerms } from '../../server/db/trial-terms.ts'
import {
  findPathway,
  findProfile,
  findTrial,
  findTrialByCode,
  listConsentVersions,
  listTrialsFor,
  type TrialProfile,
} from '../../server/db/trials.ts'
import type { Milestone } from '../../server/domain/milestone.ts'
import { isRefused } from '../../server/domain/parsed.ts'
import { approvedOn, day, milestone, site, termsOf } from '../domain/protocols.ts'
import { testContext } from '../support/context.ts'
import { openCopy } from '../support/databases.ts'
import { done, expectSound, refusalOf, trialDraft } from './small-trial.ts'

const both = (text: string) => ({ ja: `${text}（日本語）`, en: text })

/** A draft in which nothing is left out: every optional value is there once, and missing once. */
const profile: TrialProfile = {
  identifiers: [
    { kind: 'registry', value: 'jRCTb032210204', validFrom: '2021-07-19', validUntil: null, source: both('registry') },
    { kind: 'announcement', value: '19', validFrom: null, validUntil: '2026-03-31', source: both('announcement') },
  ],
  arms: [
    { code: 'A', label: both('treatment'), ratio: 2 },
    { code: 'B', label: both('standard'), ratio: 1 },
  ],
  facts: [
    { kind: 'cost', label: both('total'), value: both('742,390 yen'), source: both('plan'), basis: 'recorded' },
    { kind: 'pool', label: both('pool'), value: both('55'), source: both('plan'), basis: 'assumed' },
  ],
}
const milestones: readonly Milestone[] = [
  milestone('injury', 'procedure'),
  milestone('consent', 'screening', { necessity: 'required' }),
  milestone('registration', 'registration_stage', { necessity: 'required', counting: 'target' }),
  milestone('blood', 'procedure', { repetition: 'repeatable' }),
  milestone('day_220', 'visit', {
    schedule: { anchorCode: 'injury', offsetDays: 220, windowBeforeDays: 14, windowAfterDays: 0 },
  }),
]
const terms = termsOf({
  studyUntil: day('2029-07-18'),
  approval: approvedOn('2025-12-01'),
  basis: 'assumed',
  assumption: both('the target is assumed'),
})
const statuses = site('x', ['pending', '2025-12-01'], ['open', '2026-01-01'], ['on_hold', '2026-05-01']).statuses
const full = trialDraft({
  trial: { ...trialDraft().trial, design: 'randomised', riskClass: 'class_2', retentionYears: 15 },
  terms,
  milestones,
  profile,
  sites: [
    { code: '02', name: both('second'), statuses: [] },
    { code: '01', name: both('first'), statuses },
  ],
  consentVersions: [
    { label: both('version 1'), approvedOn: day('2025-11-01'), basis: 'recorded' },
    { label: both('version 2'), approvedOn: null, basis: 'assumed' },
  ],
})

describe('opening a trial', () => {
  it('stores everything that was handed in, and gives it back the same', async () => {
    const db = await openCopy('empty')
    const { trialId, siteIds } = await done(openTrial(testContext(db), commandLine, full))
    expect(await findTrial(db, trialId)).toEqual({ id: trialId, leastShown: null, ...full.trial })
    expect(await findTrialByCode(db, 'T')).toEqual(await findTrial(db, trialId))
    expect(await listTerms(db, trialId)).toEqual([terms])
    expect((await findPathway(db, trialId)).milestones).toEqual(milestones)
    expect(await findProfile(db, trialId)).toEqual(profile)
    expect(await listSites(db, trialId)).toEqual([
      { id: siteIds['01'], code: '01', name: both('first'), plannedPerYear: null, statuses },
      { id: siteIds['02'], code: '02', name: both('second'), plannedPerYear: null, statuses: [] },
    ])
    // The newest version of the consent document comes first: it is the one that is offered.
    expect((await listConsentVersions(db, trialId)).map(({ id: _, ...version }) => version)).toEqual(
      full.consentVersions.toReversed(),
    )
    await expectSound(db)
  })

  it('leaves one audit entry for each record, in a chain of the trial’s own that begins at 1', async () => {
    const db = await openCopy('empty')
    const { trialId } = await done(openTrial(testContext(db), commandLine, full))
    const entries = await listAuditEntries(db, trialId, { before: null, limit: 100 })
    expect(entries.map(({ event }) => event).reverse()).toEqual([
      'trial_opened',
      'identifier_added',
      'identifier_added',
      'arm_configured',
      'arm_configured',
      'profile_fact_added',
      'profile_fact_added',
      ...milestones.map(() => 'milestone_configured'),
      'terms_adopted',
      'consent_version_added',
      'consent_version_added',
      'site_added',
      'site_added',
      'site_status_entered',
      'site_status_entered',
      'site_status_entered',
    ])
    expect(entries.at(-1)).toMatchObject({ sequence: 1, actorName: 'コマンドライン', actorRole: 'administrator' })
  })

  it('under a code that is taken is refused, and leaves nothing', async () => {
    const db = await openCopy('empty')
    await done(openTrial(testContext(db), commandLine, trialDraft()))
    const before = await db.selectFrom('audit_entry').select('hash').orderBy('hash').execute()
    expect(await refusalOf(openTrial(testContext(db), commandLine, full))).toEqual([
      { field: 'trial.code', code: 'trial_code_taken', values: { code: 'T' } },
    ])
    expect(await db.selectFrom('audit_entry').select('hash').orderBy('hash').execute()).toEqual(before)
    await expectSound(db)
  })

  it('five at once under one code: one is opened, the others are refused and leave nothing', async () => {
    const db = await openCopy('empty')
    const outcomes = await Promise.all(
      Array.from({ length: 5 }, () => openTrial(testContext(db), commandLine, trialDraft())),
    )
    expect(outcomes.filter((outcome) => 'value' in outcome)).toHaveLength(1)
    expect(outcomes.filter(isRefused)).toHaveLength(4)
    expect(await db.selectFrom('trial').select('code').execute()).toEqual([{ code: 'T' }])
    expect(await db.selectFrom('site').select('code').execute()).toHaveLength(2)
    await expectSound(db)
  })

  it('with two sites of one code is refused, and leaves nothing', async () => {
    const db = await openCopy('empty')
    const twice = trialDraft({ sites: [...trialDraft().sites, ...trialDraft().sites] })
    expect((await refusalOf(openTrial(testContext(db), commandLine, twice))).map(({ code }) => code)).toEqual([
      'site_code_taken',
    ])
    expect(await db.selectFrom('trial').selectAll().execute()).toEqual([])
    expect(await db.selectFrom('audit_entry').selectAll().execute()).toEqual([])
  })
})

describe('the trials of somebody', () => {
  it('are those in which they hold a role, by code, each once; for the administrator none', async () => {
    const db = await openCopy('empty')
    const open = async (code: string) =>
      (await done(openTrial(testContext(db), commandLine, trialDraft({ trial: { ...full.trial, code } })))).trialId
    const [v, u] = [await open('V'), await open('U')]
    await open('W')
    const grant = (trialId: string | null, role: 'committee' | 'auditor' | 'administrator') => ({
      role,
      trialId,
      siteId: null,
    })
    const codes = async (...grants: ReturnType<typeof grant>[]) =>
      (await listTrialsFor(db, grants)).map(({ code }) => code)
    expect(await codes(grant(v, 'committee'), grant(u, 'committee'), grant(v, 'auditor'))).toEqual(['U', 'V'])
    expect(await codes(grant(null, 'administrator'))).toEqual([])
    expect(await codes()).toEqual([])
  })
})
