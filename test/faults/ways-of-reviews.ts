/** Forms by which a periodic review is begun, worked on and signed: on a day when one waits for it. */
import { demoPeople } from '../../seeds/demo-people.ts'
import { listReviews } from '../../server/db/reviews.ts'
import { findTrialByCode } from '../../server/db/trials.ts'
import type { Served } from '../http/served.ts'
import type { Client } from '../support/client.ts'
import { type Ready, ready, type Way } from './failing-forms.ts'

const reviews = '/trials/SSC-BMC/reviews'
const password = demoPeople.find(({ username }) => username === 'demo-pi')?.password ?? ''

export function waysOfReviews(served: Served, investigator: () => Client): Way[] {
  /** The newest review that nobody has signed. */
  async function openReview(): Promise<string> {
    const trialId = (await findTrialByCode(served.db, 'SSC-BMC'))?.id ?? ''
    const open = (await listReviews(served.db, trialId)).filter(({ signature }) => signature === null)
    return `${reviews}/${open.sort((a, b) => a.dueOn.localeCompare(b.dueOn)).at(-1)?.id}`
  }

  async function withMeasure(): Promise<Ready> {
    const here = await openReview()
    const form = await ready(investigator(), here, /measures$/)
    const [, measures = ''] = /name="measures" value="([^"]+)"/.exec((await investigator().get(here)).text) ?? []
    return { ...form, fields: { ...form.fields, measures } }
  }

  return [
    ['/trials/:trial/reviews', () => ready(investigator(), reviews, /reviews$/, { dueOn: '2022-01-19' })],
    [
      '/trials/:trial/reviews/:review/comments',
      async () => ready(investigator(), await openReview(), /comments$/, { text: '施設を増やす' }),
    ],
    ['/trials/:trial/reviews/:review/measures', withMeasure],
    ['/trials/:trial/reviews/:review/freezing', async () => ready(investigator(), await openReview(), /freezing$/)],
    [
      '/trials/:trial/reviews/:review/signature',
      async () => {
        const page = `${await openReview()}/signature/new`
        return ready(investigator(), page, /signature$/, { meaning: 'agreed', password })
      },
    ],
  ]
}
