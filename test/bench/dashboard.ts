/**
 * What one dashboard of a large trial costs, whole, over HTTP, with nothing remembered: 200 sites over five years, with
 * 5,000 subjects and with 50,000. Before every look something is recorded, so that the trial is read anew.
 */
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { done } from '../../seeds/story.ts'
import { addConsentVersion } from '../../server/actions/add-consent-version.ts'
import { databaseAddress } from '../../server/config.ts'
import { type Actor, type Context, commandLine } from '../../server/context.ts'
import { engineOf, openDatabase } from '../../server/db/dialect.ts'
import { migrate } from '../../server/db/schema.ts'
import { Client, startApp } from '../support/client.ts'
import { testContext } from '../support/context.ts'
import { statementsDuring } from '../support/statements.ts'
import { addLargeReader, largePerson, openLargeTrial } from './large-trial.ts'

const sizes = [5000, 50_000]
const looks = Number(process.env.BENCH_LOOKS ?? '40')

export async function benchDashboard(folder: string): Promise<void> {
  const path = join(folder, 'large.db')
  const db = await openDatabase(databaseAddress(path))
  await migrate(db)
  const context = testContext(db)
  const trials: { code: string; trialId: string }[] = []
  for (const size of sizes) {
    const code = `L${size}`
    trials.push({ code, trialId: await openLargeTrial(context, code, size) })
  }
  await addLargeReader(
    context,
    trials.map(({ trialId }) => trialId),
  )
  const { url, stop } = await startApp(context)
  try {
    const client = new Client(url)
    await client.get('/session/new')
    await client.post('/session', { ...largePerson, returnTo: '/' })
    const times = new Map<string, number[]>(trials.map(({ code }) => [code, []]))
    const processor = new Map<string, number[]>(trials.map(({ code }) => [code, []]))
    let statements = 0
    // In turn, so that a slow minute of the machine falls on both.
    for (let look = 0; look < looks + 5; look++) {
      for (const { code, trialId } of trials) {
        await recordSomething(context, trialId, look)
        const begun = performance.now()
        const used = process.cpuUsage()
        const { status } = await client.get(`/trials/${code}`)
        const took = performance.now() - begun
        const { user, system } = process.cpuUsage(used)
        if (status !== 200) throw new Error(`${code} answered ${status}`)
        if (look < 5) continue
        times.get(code)?.push(took)
        processor.get(code)?.push((user + system) / 1000)
      }
    }
    for (const { code, trialId } of trials) {
      await recordSomething(context, trialId, looks + 5)
      statements = (await statementsDuring(db, () => client.get(`/trials/${code}`))).length
    }
    const middle = (values: number[] = []) => values.toSorted((a, b) => a - b)[Math.floor(looks / 2)] ?? Number.NaN
    const median = (code: string) => middle(times.get(code))
    console.log(`dashboard, nothing remembered, 200 sites over 5 years, median of ${looks}; ${statements} statements`)
    for (const [place, { code }] of trials.entries()) {
      const ratio = place === 0 ? '' : `  ${(median(code) / median(trials[0]?.code ?? '')).toFixed(2)} times the first`
      // The processor's time tells a busy machine from a slow program; the client's part is in it.
      const used = `${middle(processor.get(code)).toFixed(1).padStart(6)} ms of the processor`
      console.log(
        `${String(sizes[place]).padStart(10)} subjects ${median(code).toFixed(1).padStart(7)} ms ${used}${ratio}`,
      )
    }
  } finally {
    await stop()
    await engineOf(db).close()
    rmSync(path, { force: true })
  }
}

/** A new version of the consent document: a small change that is always allowed. */
function recordSomething(context: Context, trialId: string, look: number): Promise<unknown> {
  const manager: Actor = { ...commandLine, grants: [{ role: 'data_manager', trialId, siteId: null }] }
  const label = { ja: `第${look + 2}版`, en: `Version ${look + 2}` }
  const version = { label, approvedOn: null, basis: 'recorded' as const }
  return done(addConsentVersion(context, manager, trialId, version))
}
