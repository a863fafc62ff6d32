/** `toroku trial`: opens a trial from a JSON file, where there is no page for it yet. */
import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { openTrial, type TrialDraft } from '../actions/open-trial.ts'
import { commandLine } from '../context.ts'
import { engineOf } from '../db/dialect.ts'
import { milestoneKinds } from '../domain/milestone.ts'
import { isRefused } from '../domain/parsed.ts'
import { type PathwayTemplate, pathwayTemplates, templateMilestones } from '../domain/pathway-template.ts'
import { readDate } from '../domain/read-date.ts'
import { reviewAnchors } from '../domain/review-schedule.ts'
import { siteStatuses } from '../domain/site.ts'
import { factKinds, phases } from '../domain/trial.ts'
import { inBoth, wordsFor } from '../i18n/words.ts'
import { problemsInWords } from '../pages/page.ts'
import { addressFrom, BadInput, type Command, databaseHelp, databaseOption } from './command.ts'
import { openContext } from './user.ts'

const bilingual = z.strictObject({ ja: z.string().min(1).max(500), en: z.string().min(1).max(500) })
const date = z.iso.date({ abort: true }).refine((text) => 'date' in readDate(text), 'is not in the calendar')
const basis = z.enum(['recorded', 'assumed']).default('recorded')
const count = z.int().min(0).max(1_000_000)
const shortCode = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$/)

function haveOwnCodes(entries: readonly { code: string }[]): boolean {
  return new Set(entries.map(({ code }) => code)).size === entries.length
}
const codeTwice = 'name the same code twice'

/** The form of TRIAL.json; what is not listed is refused. */
export const trialSchema = z.strictObject({
  trial: z.strictObject({
    code: shortCode,
    name: bilingual,
    title: bilingual,
    condition: bilingual,
    design: z.enum(['single_arm', 'randomised']),
    riskClass: z.enum(['class_1', 'class_2', 'class_3', 'none']).default('none'),
    phase: z.enum(phases).nullable().default(null),
    timeZone: z.string().default('Asia/Tokyo').refine(isTimeZone, 'is no time zone'),
    retentionYears: z.int().min(1).max(100).nullable().default(null),
  }),
  terms: z.strictObject({
    version: z.literal(1).default(1),
    targetNumber: count,
    registrationFrom: date,
    registrationUntil: date,
    studyUntil: date.nullable().default(null),
    costBearer: z.enum(['research_funds', 'patient', 'insurer']),
    reviewIntervalMonths: z.int().min(1).max(60).default(6),
    reviewAnchor: z.enum(reviewAnchors).default('registration_start'),
    plan: z.strictObject({ startsOn: date, startsAtNumber: count, reachesNumber: count }),
    effectiveFrom: date,
    approval: z
      .strictObject({ body: bilingual, approvedOn: date.nullable(), document: bilingual })
      .nullable()
      .default(null),
    basis,
    assumption: bilingual.nullable().default(null),
  }),
  sites: z
    .array(
      z.strictObject({
        code: shortCode,
        name: bilingual,
        statuses: z.array(z.strictObject({ status: z.enum(siteStatuses), from: date, basis })).default([]),
      }),
    )
    .min(1)
    .refine(haveOwnCodes, codeTwice),
  milestones: z
    .array(
      z.strictObject({
        code: shortCode,
        label: bilingual,
        kind: z.enum(milestoneKinds),
        necessity: z.enum(['required', 'optional']).default('optional'),
        counting: z.enum(['target', 'none']).default('none'),
        repetition: z.enum(['once', 'repeatable']).default('once'),
        schedule: z
          .strictObject({
            anchorCode: shortCode,
            offsetDays: z.int(),
            windowBeforeDays: count,
            windowAfterDays: count,
          })
          .nullable()
          .default(null),
      }),
    )
    .refine(haveOwnCodes, codeTwice),
  consentVersions: z
    .array(z.strictObject({ label: bilingual, approvedOn: date.nullable().default(null), basis }))
    .min(1),
  profile: z
    .strictObject({
      identifiers: z.array(
        z.strictObject({
          kind: z.enum(['registry', 'announcement']),
          value: z.string().max(100),
          validFrom: date.nullable().default(null),
          validUntil: date.nullable().default(null),
          source: bilingual,
        }),
      ),
      arms: z
        .array(z.strictObject({ code: shortCode, label: bilingual, ratio: z.int().min(1).max(100) }))
        .refine(haveOwnCodes, codeTwice),
      facts: z.array(
        z.strictObject({ kind: z.enum(factKinds), label: bilingual, value: bilingual, source: bilingual, basis }),
      ),
    })
    .default({ identifiers: [], arms: [], facts: [] }),
})

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}

export const trialCommand: Command = {
  name: 'trial',
  summary: 'open a trial from a JSON file',
  help: `toroku trial open TRIAL.json [--database ADDRESS] [--json]
toroku trial schema
toroku trial template NAME   (${pathwayTemplates.join(', ')})

Opens a trial with its terms, sites, pathway and consent versions. \`schema\` prints the JSON Schema of the file,
\`template\` milestones to begin with; a randomised trial adds an allocation of its own.
Exit code 2: the file cannot be used, with one line for each problem and its place.

${databaseHelp}
  --json              {"trialId": "...", "siteIds": {"01": "..."}}`,
  options: { ...databaseOption, json: { type: 'boolean' } },
  positionals: { least: 1, most: 2 },
  async run({ values, positionals }) {
    const [verb, file] = positionals
    if (verb === 'schema') {
      console.log(JSON.stringify(z.toJSONSchema(trialSchema, { io: 'input', unrepresentable: 'any' }), null, 2))
      return 0
    }
    if (verb === 'template') {
      console.log(JSON.stringify(templateNamed(file), null, 2))
      return 0
    }
    if (verb !== 'open' || file === undefined) throw new BadInput('say: toroku trial open TRIAL.json')
    const draft = readDraft(file)
    const context = await openContext(addressFrom(values))
    try {
      const outcome = await openTrial(context, commandLine, draft)
      if (isRefused(outcome)) {
        throw new BadInput(
          problemsInWords(outcome.problems, wordsFor('en'))
            .map(({ field, text }) => (field === '' ? text : `${field}: ${text}`))
            .join('\n'),
        )
      }
      console.log(values.json === true ? JSON.stringify(outcome.value) : `opened: ${draft.trial.code}`)
      return 0
    } finally {
      await engineOf(context.db).close()
    }
  },
}

function templateNamed(name: string | undefined) {
  const known: readonly string[] = pathwayTemplates
  if (name === undefined || !known.includes(name)) {
    throw new BadInput(`say: toroku trial template NAME, where NAME is one of ${known.join(', ')}`)
  }
  return templateMilestones(name as PathwayTemplate, 'single_arm', (label) =>
    inBoth((words) => words.of('milestone_label', label)),
  )
}

function readDraft(file: string): TrialDraft {
  let content: unknown
  try {
    content = JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    throw new BadInput(`${file}: ${(error as Error).message}`)
  }
  const reading = trialSchema.safeParse(content)
  if (!reading.success) {
    throw new BadInput(
      reading.error.issues.map(({ path, message }) => `${path.join('.') || '(whole)'}: ${message}`).join('\n'),
    )
  }
  return reading.data as unknown as TrialDraft
}
