/** A countermeasure and a candidate pool, as somebody who plans recruitment writes them down. */

import { day, done } from '../../seeds/story.ts'
import { countPool } from '../../server/actions/count-pool.ts'
import { planCountermeasure } from '../../server/actions/plan-countermeasure.ts'
import { commandLine } from '../../server/context.ts'
import { listCountermeasureSettings } from '../../server/db/countermeasures.ts'
import { listPoolSettings } from '../../server/db/eligibility-pools.ts'
import type { Served } from './served.ts'

/** The forms of both, filled in so that they are accepted. */
export const measureFields = {
  category: 'information',
  titleJa: '周知',
  startedOn: '2026-06-01',
  endedOn: '',
  owner: '担当',
  evidence: '議事録',
  basis: 'recorded',
}
export const poolFields = {
  placeJa: '病院',
  poolSite: '-',
  partOf: '-',
  countedOn: '2026-06-01',
  size: '10',
  source: '診療録',
  basis: 'recorded',
}

/** New ones, that nobody has changed yet; a pool's first count has the pool's identifier. */
export async function newRecruitment({ context, db }: Pick<Served, 'context' | 'db'>, trialId: string) {
  const manager = { ...commandLine, grants: [{ role: 'data_manager', trialId, siteId: null }] as const }
  const title = { ja: '周知', en: 'Information' }
  const common = { basis: 'recorded' as const, category: 'information' as const, siteIds: [], sources: [] }
  const period = { startedOn: day('2026-06-01'), endedOn: null }
  const measure = { ...common, ...period, title, owner: '担当', evidence: '議事録' }
  const { countermeasureId } = await done(planCountermeasure(context, manager, trialId, measure))
  const where = { place: title, department: { ja: '', en: '' }, siteId: null, partOf: null }
  const count = { ...where, size: 10, reviewed: null, eligible: null, source: '診療録', basis: 'recorded' as const }
  const draft = { ...count, countedOn: day('2026-06-01') }
  const { poolId } = await done(countPool(context, manager, trialId, { poolId: null, draft }))
  const seenOf = (list: readonly { id: string; seen: string }[], id: string) => ({
    id,
    seen: list.find((one) => one.id === id)?.seen ?? '',
  })
  return {
    measure: seenOf(await listCountermeasureSettings(db, trialId), countermeasureId),
    count: seenOf(await listPoolSettings(db, trialId), poolId),
  }
}
