/** A draft as its form has it, and back: fields by their names, and the content that they mean. */
import type { DraftedRequest } from '../../actions/draft-request.ts'
import type { Bilingual } from '../../domain/bilingual.ts'
import { addDays, type CalendarDate } from '../../domain/calendar-date.ts'
import { isRefused, type Parsed, type Problem } from '../../domain/parsed.ts'
import type { RequestItem, StandingClaim } from '../../domain/request/request-record.ts'
import type { WholeRequest } from '../../domain/request/whole-request.ts'
import type { Site } from '../../domain/site.ts'
import type { CostBearer, TrialTerms } from '../../domain/trial-terms.ts'
import type { Words } from '../../i18n/words.ts'
import { claimFields, mostClaims } from '../../pages/projection-fields.ts'
import { draftFields, mostBodies, mostItems } from '../../pages/requests/draft-form-page.ts'
import type { RequestFieldId } from '../../pages/requests/request-fields.ts'
import { claimParameters, readClaimsInPlace } from '../projection-query.ts'
import { type Read, readFields } from '../settings/read-fields.ts'
import { readItemNumbers } from './small-forms.ts'
import { readTold, typedTold } from './told-periods.ts'

export type TypedDraft = Readonly<Record<string, string>>

const placesUpTo = (most: number) => Array.from({ length: most }, (_, index) => index + 1)
/** Every field of the claims' figures. */
export const figureFields = placesUpTo(mostClaims).flatMap((place) => claimFields.map((name) => `${name}${place}`))

/** What a new draft begins with: the terms as they are, who is registered, and who is in screening. */
export function firstDraft(
  terms: TrialTerms | null,
  { registered, inScreening, sites }: { registered: number; inScreening: number; sites: number },
  today: CalendarDate,
): TypedDraft {
  return {
    asOf: today,
    registeredNumber: String(registered),
    statedSites: String(sites),
    statedTotal: String(registered + inScreening),
    claim1: 'registered',
    number1: String(registered),
    claim2: 'pipeline',
    number2: String(inScreening),
    amount2: '100',
    ...defaults,
    ...(terms === null
      ? {}
      : {
          targetNumber: String(terms.targetNumber),
          registrationFrom: terms.registrationFrom,
          registrationUntil: terms.registrationUntil,
          studyUntil: terms.studyUntil ?? '',
          effectiveFrom: addDays(terms.registrationUntil, 1),
          costBearer: terms.costBearer,
        }),
  }
}

/** What is chosen in rows that nobody has filled in. */
const defaults: TypedDraft = {
  ...Object.fromEntries(placesUpTo(mostClaims).map((place) => [`claimStanding${place}`, 'counted'])),
  ...Object.fromEntries(placesUpTo(mostBodies).map((place) => [`bodyNecessity${place}`, 'needed'])),
}

/** The draft as it stands, in the fields of its form. */
export function typedDraft({ record, bodies }: WholeRequest, sites: readonly Site[], words: Words): TypedDraft {
  const { termsAsked: terms } = record
  const codesOf = (ids: readonly string[]) => sites.filter(({ id }) => ids.includes(id)).map(({ code }) => code)
  const said = (text: Bilingual | null) => (text === null ? '' : words.pick(text))
  const number = (value: number | null) => (value === null ? '' : String(value))
  return {
    ...defaults,
    title: said(record.title),
    asOf: record.asOf,
    writtenOn: record.writtenOn ?? '',
    registeredNumber: number(record.registeredNumber),
    targetNumber: number(record.targetNumber),
    statedTotal: number(record.statedTotal),
    statedSites: number(record.statedSites),
    registrationFrom: terms?.registrationFrom ?? '',
    registrationUntil: record.registrationUntil,
    studyUntil: terms?.studyUntil ?? '',
    effectiveFrom: terms?.effectiveFrom ?? '',
    costBearer: terms?.costBearer ?? '',
    followUpDays: number(record.followUpDays),
    screeningsFrom: record.screeningsFrom ?? '',
    ...typedTold(record.told, words),
    ...Object.fromEntries(
      record.items.flatMap(({ title, before, after, reason }, index) => [
        [`itemTitle${index + 1}`, said(title)],
        [`itemBefore${index + 1}`, said(before)],
        [`itemAfter${index + 1}`, said(after)],
        [`itemReason${index + 1}`, said(reason)],
      ]),
    ),
    ...Object.fromEntries(
      record.claims.flatMap(({ claim, siteIds, label, source, standing }, index) => [
        ...claimParameters({ claim, siteCodes: codesOf(siteIds) }, index),
        [`claimLabel${index + 1}`, said(label)],
        [`claimSource${index + 1}`, said(source)],
        [`claimStanding${index + 1}`, standing],
      ]),
    ),
    ...Object.fromEntries(
      bodies.flatMap(({ name, necessity, items }, index) => [
        [`bodyName${index + 1}`, said(name)],
        [`bodyNecessity${index + 1}`, necessity],
        [`bodyItems${index + 1}`, items.join(' ')],
      ]),
    ),
  }
}

/**
 * The draft that a form means, or everything that is wrong with it. Words that stand as they stood keep both of their
 * languages; new ones are the same in both.
 */
export function readDraft(
  body: Record<string, unknown>,
  typed: TypedDraft,
  was: WholeRequest | null,
  sites: readonly Site[],
  words: Words,
): Parsed<DraftedRequest> {
  // Rows that the form did not show were not sent: they stand at what they always begin with.
  const whole = { ...defaults, ...body }
  const read = readFields<RequestFieldId>(draftFields(words), whole, figureFields)
  const problems: Problem[] = isRefused(read) ? [...read.problems] : []
  const claims = readClaimsInPlace(
    typed,
    sites.map(({ code }) => code),
    problems,
  )
  for (const place of placesUpTo(mostBodies)) {
    const field = `bodyItems${place}`
    if (readItemNumbers(typed[field] ?? '') === null) problems.push({ field, code: 'item_numbers_malformed' })
  }
  problems.push(...begunWithoutHead(typed, was))
  if (isRefused(read)) return { problems }
  const { value } = read
  const kept = (text: string, old: Bilingual | null | undefined): Bilingual =>
    old != null && words.pick(old) === text ? old : { ja: text, en: text }
  const keptOrNull = (text: string | null, old: Bilingual | null | undefined) =>
    text === null ? null : kept(text, old)

  const items = itemsIn(value, was, keptOrNull)
  const bodies = bodiesIn(value, was, items, kept)
  const told = readTold(value, was?.record.told ?? [], kept, problems)
  const stated = claims.map(({ place, claim, siteCodes }): StandingClaim => {
    const old = was?.record.claims[place - 1]
    const label = value.text(`claimLabel${place}`)
    return {
      claim,
      siteIds: sites.filter(({ code }) => siteCodes.includes(code)).map(({ id }) => id),
      label: kept(label === '' ? words.of('claim_kind', claim.kind) : label, old?.label),
      source: kept(value.text(`claimSource${place}`), old?.source),
      standing: value.text(`claimStanding${place}`) === 'beside_the_sum' ? 'beside_the_sum' : 'counted',
    }
  })
  if (problems.length > 0) return { problems }
  const day = (id: RequestFieldId) => value.date(id) as CalendarDate
  const registrationUntil = day('registrationUntil')
  const targetNumber = value.number('targetNumber') ?? 0
  const old = was?.record ?? null
  return {
    value: {
      content: {
        title: kept(value.text('title'), old?.title),
        asOf: day('asOf'),
        writtenOn: value.date('writtenOn'),
        registrationUntil,
        targetNumber,
        statedTotal: value.number('statedTotal') ?? 0,
        registeredNumber: value.number('registeredNumber') ?? 0,
        basis: 'recorded',
        claims: stated,
        items,
        termsAsked: {
          targetNumber,
          registrationFrom: day('registrationFrom'),
          registrationUntil,
          studyUntil: value.date('studyUntil'),
          costBearer: value.text('costBearer') as CostBearer,
          effectiveFrom: day('effectiveFrom'),
          basis: old?.termsAsked?.basis ?? 'recorded',
          assumption: old?.termsAsked?.assumption ?? null,
        },
        statedSites: value.number('statedSites'),
        followUpDays: value.number('followUpDays'),
        screeningsFrom: value.date('screeningsFrom'),
        told,
      },
      bodies,
    },
  }
}

/**
 * New rows in which something is typed but not what they count by: they would be left out without a word. A row that was
 * there before is taken out that way.
 */
function begunWithoutHead(typed: TypedDraft, was: WholeRequest | null): Problem[] {
  const lists = [
    { head: 'claim', others: ['claimLabel', 'claimSource'], most: mostClaims, before: was?.record.claims.length },
    {
      head: 'itemTitle',
      others: ['itemBefore', 'itemAfter', 'itemReason'],
      most: mostItems,
      before: was?.record.items.length,
    },
    { head: 'bodyName', others: ['bodyItems'], most: mostBodies, before: was?.bodies.length },
  ]
  const isTyped = (name: string) => (typed[name] ?? '').trim() !== ''
  return lists.flatMap(({ head, others, most, before = 0 }) =>
    placesUpTo(most)
      .filter((place) => place > before && !isTyped(head + place) && others.some((other) => isTyped(other + place)))
      .map((place) => ({ field: head + place, code: 'row_head_missing' })),
  )
}

function itemsIn(
  read: Read<RequestFieldId>,
  was: WholeRequest | null,
  kept: (text: string | null, old: Bilingual | null | undefined) => Bilingual | null,
): RequestItem[] {
  return placesUpTo(mostItems)
    .flatMap((place) => {
      const old = was?.record.items[place - 1]
      const title = kept(read.textOrNull(`itemTitle${place}`), old?.title)
      if (title === null) return []
      return [
        {
          title,
          before: kept(read.textOrNull(`itemBefore${place}`), old?.before),
          after: kept(read.textOrNull(`itemAfter${place}`), old?.after),
          reason: kept(read.textOrNull(`itemReason${place}`), old?.reason),
        },
      ]
    })
    .map((item, index) => ({ number: index + 1, ...item }))
}

/** A body that names no items decides all of them. */
function bodiesIn(
  read: Read<RequestFieldId>,
  was: WholeRequest | null,
  items: readonly RequestItem[],
  kept: (text: string, old: Bilingual | null | undefined) => Bilingual,
): DraftedRequest['bodies'] {
  return placesUpTo(mostBodies).flatMap((place) => {
    const name = read.text(`bodyName${place}`)
    if (name === '') return []
    const numbers = readItemNumbers(read.text(`bodyItems${place}`)) ?? []
    const old = was?.bodies[place - 1]
    return [
      {
        name: kept(name, old?.name),
        necessity: read.text(`bodyNecessity${place}`) === 'informed' ? ('informed' as const) : ('needed' as const),
        items: numbers.length === 0 ? items.map(({ number }) => number) : numbers,
        basis: old?.basis ?? ('recorded' as const),
      },
    ]
  })
}
