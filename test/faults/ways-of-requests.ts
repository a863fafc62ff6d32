/** Forms by which a change request is drafted, sent out, asked about, decided, and what is demanded with it is met. */
import { done } from '../../seeds/story.ts'
import { attachFile } from '../../server/actions/attach-file.ts'
import { draftRequest } from '../../server/actions/draft-request.ts'
import { makeGuestLink } from '../../server/actions/make-guest-link.ts'
import { putInquiry } from '../../server/actions/put-inquiry.ts'
import { recordDecision } from '../../server/actions/record-decision.ts'
import { setCondition } from '../../server/actions/set-condition.ts'
import { commandLine } from '../../server/context.ts'
import { listGuestLinks } from '../../server/db/guest-links.ts'
import { findTrialByCode } from '../../server/db/trials.ts'
import { drafted, requestOf, submitted } from '../actions/a-drafted-request.ts'
import { day } from '../domain/protocols.ts'
import type { Served } from '../http/served.ts'
import type { Client } from '../support/client.ts'
import { ready, type Way } from './failing-forms.ts'

const requests = '/trials/SSC-BMC/requests'
const both = (text: string) => ({ ja: text, en: text })

export function waysOfRequests(served: Served, writer: () => Client, judge: () => Client): Way[] {
  async function worldOf() {
    const trialId = (await findTrialByCode(served.db, 'SSC-BMC'))?.id ?? ''
    const manager = { ...commandLine, grants: [{ role: 'data_manager', trialId, siteId: null }] as const }
    return { context: served.context, db: served.db, manager, trialId }
  }

  /** The same period of registration and one subject more, so that nothing else of the trial is another way then. */
  const asked = {
    termsAsked: {
      targetNumber: 13,
      registrationFrom: day('2021-07-19'),
      registrationUntil: day('2029-07-18'),
      studyUntil: day('2034-07-18'),
      costBearer: 'patient',
      effectiveFrom: day('2028-07-19'),
      basis: 'recorded',
      assumption: null,
    },
    targetNumber: 13,
  } as const

  async function sentOut() {
    const world = await worldOf()
    const request = await submitted(world, asked)
    const [first, second] = request.bodies
    if (first === undefined || second === undefined) throw new Error('two bodies decide')
    return { world, request, first, second, here: `${requests}/${request.record.number}` }
  }

  async function draftOf(): Promise<string> {
    const { context, manager, trialId } = await worldOf()
    const { number } = await done(draftRequest(context, manager, trialId, drafted(asked)))
    return `${requests}/${number}`
  }

  const decision = { outcome: 'approved', decidedOn: '2026-06-24', itemNumbers: '1', source: '通知書' }

  return [
    [
      '/trials/:trial/requests',
      () =>
        ready(writer(), `${requests}/new`, /requests$/, {
          title: '二度目の延長',
          effectiveFrom: '2029-07-19',
          registrationUntil: '2031-07-18',
          studyUntil: '2034-07-18',
          claimLabel1: '登録済み',
          claimSource1: '理由1',
        }),
    ],
    [
      '/trials/:trial/requests/:request/draft',
      async () => ready(writer(), `${await draftOf()}/draft`, /draft$/, { title: '別の題' }),
    ],
    [
      '/trials/:trial/requests/:request/submission',
      async () => ready(writer(), `${await draftOf()}/submission`, /submission$/),
    ],
    [
      '/trials/:trial/requests/:request/withdrawal',
      async () =>
        ready(writer(), `${(await sentOut()).here}/withdrawal`, /withdrawal$/, { withdrawnBecause: '出し直す' }),
    ],
    [
      '/trials/:trial/requests/:request/inquiries',
      async () => {
        const { here, first } = await sentOut()
        const typed = { bodyId: first.id, inquiryNumber: '1-1', question: '根拠は何か', dueOn: '2026-07-10' }
        return ready(judge(), `${here}/inquiries/new`, /inquiries$/, typed)
      },
    ],
    [
      '/trials/:trial/requests/:request/inquiries/:inquiry/reply',
      async () => {
        const { world, request, first, here } = await sentOut()
        const { context, manager, trialId, db } = world
        const { number } = request.record
        const inquiry = { round: 1, item: 1, bodyId: first.id, question: both('why'), dueOn: null }
        const askedOn = { askedOn: day('2026-06-24'), basis: 'recorded' as const }
        await done(putInquiry(context, manager, trialId, number, { ...inquiry, ...askedOn }))
        const { inquiries } = await requestOf({ db, trialId }, number)
        return ready(writer(), `${here}/inquiries/${inquiries[0]?.id}/reply`, /reply$/, { answer: '別紙のとおり' })
      },
    ],
    [
      '/trials/:trial/requests/:request/decisions',
      async () => {
        const { here, first } = await sentOut()
        return ready(judge(), `${here}/decisions/new`, /decisions$/, { ...decision, bodyId: first.id })
      },
    ],
    [
      // The last approval, which brings the next version of the terms.
      '/trials/:trial/requests/:request/decisions',
      async () => {
        const { world, request, here, first, second } = await sentOut()
        const { context, manager, trialId } = world
        const approval = { bodyId: first.id, items: [1], outcome: 'approved' as const, source: both('letter') }
        const days = { metOn: null, decidedOn: day('2026-06-24'), notifiedOn: null, text: null }
        const draft = { ...approval, ...days, basis: 'recorded' as const }
        await done(recordDecision(context, manager, trialId, request.record.number, draft))
        return ready(judge(), `${here}/decisions/new`, /decisions$/, { ...decision, bodyId: second.id })
      },
    ],
    [
      '/trials/:trial/requests/:request/conditions',
      async () => {
        const { here, first } = await sentOut()
        const typed = {
          bodyId: first.id,
          conditionText: '根拠を示す',
          dueOn: '2026-12-01',
          meetingId: '',
          source: '通知書',
        }
        return ready(judge(), `${here}/conditions/new`, /conditions$/, typed)
      },
    ],
    [
      '/trials/:trial/requests/:request/conditions/:condition/fulfilment',
      async () => {
        const { world, request, first, here } = await sentOut()
        const { context, manager, trialId, db } = world
        const { number } = request.record
        const demand = { bodyId: first.id, text: both('show it'), dueOn: day('2026-12-01'), meetingId: null }
        await done(
          setCondition(context, manager, trialId, number, { ...demand, source: both('letter'), basis: 'recorded' }),
        )
        const { conditions } = await requestOf({ db, trialId }, number)
        const typed = { metOn: '2026-06-24', metNote: '議事録' }
        return ready(writer(), `${here}/conditions/${conditions[0]?.id}/fulfilment`, /fulfilment$/, typed)
      },
    ],
    [
      '/trials/:trial/requests/:request/guest-links',
      async () => {
        const { here } = await sentOut()
        return ready(writer(), `${here}/guest-links/new`, /guest-links$/, { guestLabel: '部会 事務局' })
      },
    ],
    [
      '/trials/:trial/requests/:request/guest-links/:link/revocation',
      async () => {
        const { world, request, here } = await sentOut()
        const { context, manager, trialId, db } = world
        const draft = { label: 'board', validUntil: day('2026-07-08'), content: {} }
        await done(makeGuestLink(context, manager, trialId, request.record.number, draft))
        const [link] = await listGuestLinks(db, request.record.id)
        return ready(writer(), `${here}/guest-links/${link?.id}/revocation`, /revocation$/)
      },
    ],
    [
      '/trials/:trial/requests/:request/attachments',
      async () => {
        const { here } = await sentOut()
        const form = await ready(writer(), `${here}/attachments/new`, /attachments$/)
        delete form.fields.file
        return { ...form, file: { name: 'minutes.pdf', content: '%PDF-1.7 minutes' } }
      },
    ],
    [
      '/trials/:trial/requests/:request/attachments/:attachment/withdrawal',
      async () => {
        const { world, request, here } = await sentOut()
        const { context, manager, trialId, db } = world
        const { number } = request.record
        const file = { name: 'minutes.pdf', content: Buffer.from('%PDF-1.7 minutes') }
        await done(attachFile(context, manager, trialId, number, file))
        const { attachments } = await requestOf({ db, trialId }, number)
        const typed = { withdrawnBecause: '別の申請の議事録' }
        return ready(writer(), `${here}/attachments/${attachments[0]?.id}/withdrawal`, /withdrawal$/, typed)
      },
    ],
  ]
}
