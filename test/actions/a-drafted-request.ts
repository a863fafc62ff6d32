/** A change request of the small trial: registration beyond 2026-07-18, decided by a committee and a board. */
import type { DraftedRequest } from '../../server/actions/draft-request.ts'
import { draftRequest } from '../../server/actions/draft-request.ts'
import { submitRequest } from '../../server/actions/submit-request.ts'
import { findWholeRequest } from '../../server/db/request-records.ts'
import { day } from '../domain/protocols.ts'
import { done, type SmallTrial } from './small-trial.ts'

const both = (text: string) => ({ ja: text, en: text })

export function drafted(differences: Partial<DraftedRequest['content']> = {}): DraftedRequest {
  return {
    content: {
      title: both('extension'),
      asOf: day('2026-06-24'),
      registrationUntil: day('2029-07-18'),
      targetNumber: 12,
      statedTotal: 13,
      registeredNumber: 2,
      basis: 'recorded',
      claims: [
        {
          claim: { kind: 'registered', number: 2 },
          siteIds: [],
          label: both('registered'),
          source: both('reason 1'),
          standing: 'counted',
        },
        {
          claim: { kind: 'siteRate', sites: 2, ratePerSiteYear: 1, years: 3 },
          siteIds: [],
          label: both('sites'),
          source: both('reason 1'),
          standing: 'counted',
        },
      ],
      writtenOn: day('2026-06-24'),
      items: [{ number: 1, title: both('extension'), before: null, after: null, reason: both('rare disease') }],
      termsAsked: {
        targetNumber: 12,
        registrationFrom: day('2026-01-01'),
        registrationUntil: day('2029-07-18'),
        studyUntil: day('2032-07-18'),
        costBearer: 'patient',
        effectiveFrom: day('2026-07-19'),
        basis: 'recorded',
        assumption: null,
      },
      statedSites: 2,
      followUpDays: null,
      screeningsFrom: null,
      told: [],
      ...differences,
    },
    bodies: [
      { name: both('committee'), necessity: 'needed', items: [1], basis: 'recorded' },
      { name: both('board'), necessity: 'needed', items: [1], basis: 'recorded' },
    ],
  }
}

/** The request once it went out, with its bodies. */
export async function submitted(
  world: Pick<SmallTrial, 'context' | 'db' | 'manager' | 'trialId'>,
  differences: Partial<DraftedRequest['content']> = {},
) {
  const { context, manager, trialId, db } = world
  const { number } = await done(draftRequest(context, manager, trialId, drafted(differences)))
  const seen = (await findWholeRequest(db, trialId, number))?.seen ?? ''
  await done(submitRequest(context, manager, trialId, number, seen))
  return requestOf(world, number)
}

export async function requestOf({ db, trialId }: Pick<SmallTrial, 'db' | 'trialId'>, number: number) {
  const found = await findWholeRequest(db, trialId, number)
  if (found === null) throw new Error(`no request ${number}`)
  return found
}
