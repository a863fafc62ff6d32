/** Forms of the calendar: meetings, conditions, reports handed in, and secret addresses. */
import type { Client } from '../support/client.ts'
import { ready, type Way } from './failing-forms.ts'

const calendar = '/trials/SSC-BMC/calendar'
const words = { whatJa: '症例数の根拠を示す', whatEn: 'Show why', bodyJa: '委員会', bodyEn: 'Committee' }
const condition = { ...words, dueOn: '2026-08-31', meetingId: '' }

export function waysOfCalendar(keeper: () => Client): Way[] {
  /** A condition that was just written down. */
  async function newCondition(): Promise<string> {
    const known = await entries()
    const form = await ready(keeper(), `${calendar}/conditions/new`, /conditions$/, condition)
    await keeper().post(form.action, form.fields)
    const added = (await entries()).find((entry) => !known.includes(entry))
    if (added === undefined) throw new Error('no condition was written down')
    return added
  }

  async function entries(): Promise<string[]> {
    const { text } = await keeper().get(calendar)
    return [...text.matchAll(/href="([^"]+\/entries\/[\w-]{36})"/g)].map(([, address = '']) => address)
  }

  async function firstOn(page: string, link: RegExp): Promise<string> {
    const [, address = ''] = link.exec((await keeper().get(page)).text) ?? []
    if (address === '') throw new Error(`${page} has no ${link}`)
    return address
  }

  return [
    [
      '/trials/:trial/calendar/meetings',
      () => ready(keeper(), `${calendar}/meetings/new`, /meetings$/, { ...words, heldOn: '2026-09-10' }),
    ],
    [
      '/trials/:trial/calendar/conditions',
      () => ready(keeper(), `${calendar}/conditions/new`, /conditions$/, condition),
    ],
    [
      '/trials/:trial/calendar/entries/:entry',
      async () =>
        ready(keeper(), await newCondition(), /entries\/[\w-]{36}$/, {
          dueOn: '2026-09-30',
          meetingId: '',
          reason: '延期',
        }),
    ],
    [
      '/trials/:trial/calendar/entries/:entry/met',
      async () => ready(keeper(), `${await newCondition()}/met`, /met$/, { metOn: '2026-06-20', shownBy: '議事録' }),
    ],
    [
      '/trials/:trial/calendar/entries/:entry/void',
      async () => ready(keeper(), `${await newCondition()}/void`, /void$/, { reason: '別の試験の条件' }),
    ],
    [
      '/trials/:trial/calendar/reports/:scheme/:from',
      () =>
        ready(keeper(), `${calendar}/reports/regenerative/2024-07-19`, /reports/, {
          submittedOn: '2025-10-10',
          document: '様式第三',
          reason: '日付の誤り',
        }),
    ],
    ['/trials/:trial/calendar/feeds', () => ready(keeper(), calendar, /feeds$/, { of: 'trial' })],
    [
      '/trials/:trial/calendar/feeds/:feed/revocation',
      async () => {
        const form = await ready(keeper(), calendar, /feeds$/, { of: 'trial' })
        await keeper().post(form.action, form.fields)
        return ready(keeper(), await firstOn(calendar, /href="([^"]+\/revocation)"/), /revocation$/)
      },
    ],
  ]
}
