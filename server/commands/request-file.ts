/** REQUEST.json: a change request outside the database, as its checks read it. */
import { z } from 'zod'
import { type CalendarDate, calendarDate } from '../domain/calendar-date.ts'
import { readDate } from '../domain/read-date.ts'
import type { CheckedRequest } from '../domain/request-check/checked-request.ts'

const date = z.iso
  .date({ abort: true })
  .refine((text) => 'date' in readDate(text), 'is not in the calendar')
  .transform((text): CalendarDate => calendarDate(text))
const text = z.string().min(1).max(500)
const count = z.int().min(0).max(1_000_000)
const positive = z.int().min(1).max(20_000)
const code = z.string().min(1).max(32)
const source = text.default('')

const said = {
  sites: z.array(code).max(20_000).default([]),
  standing: z.enum(['counted', 'beside_the_sum']).default('counted'),
  source: z.string().max(500).default(''),
}
const claim = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('registered'), number: count, ...said }),
  z.strictObject({
    kind: z.literal('pipeline'),
    number: count,
    conversion: z.number().min(0).max(1).default(1),
    ...said,
  }),
  z.strictObject({
    kind: z.literal('siteRate'),
    siteCount: positive,
    ratePerSiteYear: z.number().min(0).max(1000),
    years: z.number().min(0).max(100),
    ...said,
  }),
  z.strictObject({ kind: z.literal('siteMinimum'), siteCount: positive, minimumPerSite: count, ...said }),
])
const terms = z.strictObject({
  registrationFrom: date,
  registrationUntil: date,
  studyUntil: date.nullable().default(null),
  effectiveFrom: date,
})
const period = z
  .strictObject({ from: date, until: date.nullable().default(null) })
  .refine(({ from, until }) => until === null || until > from, 'ends before it begins')

/** The form of REQUEST.json; what is not listed is refused. */
export const requestFileSchema = z.strictObject({
  trial: text,
  number: z.int().min(1).max(10_000),
  writtenOn: date,
  asOf: date,
  targetNumber: count,
  before: terms,
  after: terms,
  followUpDays: z.int().min(0).max(36_525).nullable().default(null),
  claims: z.array(claim).min(1).max(100),
  statedTotal: z.number().min(0).max(1_000_000),
  statedSites: count.nullable().default(null),
  sites: z
    .array(z.strictObject({ code, open: z.array(period).max(1000), registered: count }))
    .max(20_000)
    .refine((sites) => new Set(sites.map((site) => site.code)).size === sites.length, 'names the same code twice'),
  screenings: z
    .strictObject({
      started: count,
      registered: count.default(0),
      failed: count.default(0),
      declined: count.default(0),
      withdrawn: count.default(0),
      inScreening: count.default(0),
    })
    .nullable()
    .default(null),
  decisions: z
    .array(z.strictObject({ item: count, body: text, decidedOn: date, source }))
    .max(1000)
    .default([]),
  conditions: z
    .array(z.strictObject({ text, dueOn: date, source }))
    .max(1000)
    .default([]),
  told: z
    .array(z.strictObject({ text, from: date, until: date, source }))
    .max(1000)
    .default([]),
})

/** The request of a file's content, or every problem with its JSON path: `$.claims[2].years`. */
export function readRequestFile(content: unknown): { request: CheckedRequest } | { problems: string[] } {
  const reading = requestFileSchema.safeParse(content)
  if (!reading.success) {
    return { problems: reading.error.issues.map(({ path, message }) => `${jsonPath(path)}: ${message}`) }
  }
  const { claims, ...rest } = reading.data
  return { request: { ...rest, claims: claims.map(statedClaim) } }
}

function statedClaim(read: z.output<typeof claim>): CheckedRequest['claims'][number] {
  const { sites, standing, source, ...what } = read
  switch (what.kind) {
    case 'siteRate': {
      const { siteCount, ...rate } = what
      return { claim: { ...rate, sites: siteCount }, sites, standing, source }
    }
    case 'siteMinimum': {
      const { siteCount, ...minimum } = what
      return { claim: { ...minimum, sites: siteCount }, sites, standing, source }
    }
    default:
      return { claim: what, sites, standing, source }
  }
}

function jsonPath(path: readonly PropertyKey[]): string {
  return path.reduce<string>((sofar, key) => sofar + (typeof key === 'number' ? `[${key}]` : `.${String(key)}`), '$')
}
