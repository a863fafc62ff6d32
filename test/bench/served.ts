/**
 * What is measured runs in a process of its own: the application on a world, with a bare and a framed route beside it. It
 * does what it is told over its channel, and says how much of the processor it has used.
 */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import express from 'express'
import { pino } from 'pino'
import { done } from '../../seeds/story.ts'
import { addConsentVersion } from '../../server/actions/add-consent-version.ts'
import { recordMilestone } from '../../server/actions/record-milestone.ts'
import { recordRegistration } from '../../server/actions/record-registration.ts'
import { recordScreening } from '../../server/actions/record-screening.ts'
import { createApp } from '../../server/app.ts'
import { databaseAddress } from '../../server/config.ts'
import { type Actor, commandLine } from '../../server/context.ts'
import { engineOf, openDatabase } from '../../server/db/dialect.ts'
import { listSites } from '../../server/db/sites.ts'
import { findTrialByCode, listConsentVersions } from '../../server/db/trials.ts'
import { calendarDate } from '../../server/domain/calendar-date.ts'
import type { Route } from '../../server/http/route.ts'
import { testContext } from '../support/context.ts'
import { measuredFrom } from './measure.ts'
import { trialCode } from './worlds.ts'

const constantPage = '<!doctype html><html lang="en"><title>constant</title><p>constant</p></html>'

const [address = ''] = process.argv.slice(2)
const db = await openDatabase(databaseAddress(address))
const context = testContext(db)
const trial = await findTrialByCode(db, trialCode(0))
if (trial === null) throw new Error(`no world at ${address}`)
const manager: Actor = { ...commandLine, grants: [{ role: 'data_manager', trialId: trial.id, siteId: null }] }
const sites = await listSites(db, trial.id)
const [consent] = await listConsentVersions(db, trial.id)

const framed: Route = {
  method: 'get',
  path: '/framed',
  access: 'signed_in',
  handler: async () => ({ text: constantPage, status: 200 }),
}
const whole = express()
whole.get('/bare', (_request, response) => void response.type('html').send(constantPage))
whole.use(createApp(context, pino({ level: 'silent' }), [framed]))

function used(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

/** A small change that is always allowed: the trial is read anew. */
let changes = 0
async function change(): Promise<void> {
  changes += 1
  const label = { ja: `第${Date.now()}-${changes}版`, en: `Version ${Date.now()}-${changes}` }
  await done(addConsentVersion(context, manager, trial?.id ?? '', { label, approvedOn: null, basis: 'recorded' }))
}

/** Somebody is screened, judged and registered at one site after the other; what each registration took. */
async function register(times: number) {
  const [took, processor]: [number[], number[]] = [[], []]
  for (let time = 0; time < times + 5; time++) {
    const ofTrial = { trialId: trial?.id ?? '', basis: 'recorded' as const }
    const siteId = sites[time % sites.length]?.id ?? ''
    const entry = { number: null, consentVersionId: consent?.id ?? '', referralSource: null }
    const consentedOn = calendarDate('2026-06-23')
    const { subjectId } = await done(recordScreening(context, manager, { ...ofTrial, ...entry, siteId, consentedOn }))
    const event = { ...ofTrial, subjectId, occurredOn: consentedOn, note: null, seenEventId: null }
    await done(recordMilestone(context, manager, { ...event, code: 'eligibility' }))
    const [begun, usedBefore] = [performance.now(), used()]
    await done(recordRegistration(context, manager, { ...event, code: 'registration' }))
    if (time < 5) continue
    took.push(performance.now() - begun)
    processor.push(used() - usedBefore)
  }
  return measuredFrom(took, processor)
}

const answers: Record<string, (times: number) => unknown> = { used, change, register }
export type Asked = { ask: 'used' | 'change' | 'register'; times: number }

process.on('message', async ({ ask, times }: Asked) =>
  process.send?.({ answer: (await answers[ask]?.(times)) ?? null }),
)

const server = createServer(whole)
server.listen(0, '127.0.0.1', () => {
  process.send?.({ answer: `http://127.0.0.1:${(server.address() as AddressInfo).port}` })
})
process.once('disconnect', () =>
  engineOf(db)
    .close()
    .finally(() => process.exit(0)),
)
