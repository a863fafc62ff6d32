/** Every sentence stands in the dictionary, in both languages, and is said somewhere; none stands anywhere else. */

import { describe, expect, it } from 'vitest'
import type { AuditedTable, Tables } from '../../server/db/database.ts'
import { accessKinds, accessWays } from '../../server/domain/access-record.ts'
import type { Attainment } from '../../server/domain/attainment.ts'
import type { Basis } from '../../server/domain/bilingual.ts'
import { type Era, eraPeriods } from '../../server/domain/calendar-date.ts'
import { entryKinds } from '../../server/domain/calendar-entry.ts'
import { correctionReasons } from '../../server/domain/correction.ts'
import { countermeasureCategories } from '../../server/domain/countermeasure.ts'
import { effectVerdicts } from '../../server/domain/countermeasure-effect.ts'
import { browsers, systems } from '../../server/domain/device.ts'
import { yieldVerdicts } from '../../server/domain/eligibility-pool.ts'
import { defaultReasonLabels } from '../../server/domain/exit-reason-defaults.ts'
import { type Column, plainMeanings } from '../../server/domain/import-columns.ts'
import type { RowResult } from '../../server/domain/import-report.ts'
import type { RowWarning } from '../../server/domain/import-row.ts'
import { type Milestone, milestoneKinds } from '../../server/domain/milestone.ts'
import { obligationKinds, obligationStates } from '../../server/domain/obligation.ts'
import { pathwayTemplates, templateLabels } from '../../server/domain/pathway-template.ts'
import { reportingSchemes } from '../../server/domain/periodic-report.ts'
import { acts, reachOf, roles } from '../../server/domain/permission.ts'
import { accountStates, type LinkKind, signInWays } from '../../server/domain/person.ts'
import { personSteps } from '../../server/domain/person-step.ts'
import { portfolioFacets } from '../../server/domain/portfolio.ts'
import type { ClaimConflict } from '../../server/domain/projection/claims-against-record.ts'
import { headlineStates } from '../../server/domain/projection/scenario-parts/headline.ts'
import type { FunnelPlace } from '../../server/domain/projection/site-funnel.ts'
import type { Claim } from '../../server/domain/projection/site-per-year.ts'
import { outlookStates } from '../../server/domain/projection/trial-outlook.ts'
import type { Completion, WhatIf } from '../../server/domain/projection/what-if.ts'
import type { DateReading } from '../../server/domain/read-date.ts'
import { freeTexts, redactionKinds, redactionStates } from '../../server/domain/redaction.ts'
import { effortVerdicts } from '../../server/domain/referral.ts'
import { conditionStandings } from '../../server/domain/request/condition.ts'
import { necessities, outcomes } from '../../server/domain/request/decisions.ts'
import { requestStandings } from '../../server/domain/request/life-cycle.ts'
import { checkNames, findingKinds } from '../../server/domain/request-check/finding.ts'
import { reviewMeanings, reviewStates } from '../../server/domain/review.ts'
import { comparedFigures } from '../../server/domain/review-changes.ts'
import { reviewVerdicts } from '../../server/domain/review-judgement.ts'
import { savedLists } from '../../server/domain/saved-list.ts'
import { siteStatuses } from '../../server/domain/site.ts'
import { subjectStates, withdrawalScopes } from '../../server/domain/subject-state.ts'
import { factKinds, phases, type Trial } from '../../server/domain/trial.ts'
import type { TrialTerms } from '../../server/domain/trial-terms.ts'
import { windowStandings } from '../../server/domain/visit-window.ts'
import { en } from '../../server/i18n/en.ts'
import { ja } from '../../server/i18n/ja.ts'
import { languages, wordsFor } from '../../server/i18n/words.ts'
import { accountDoings } from '../../server/pages/account-page.ts'
import type { unsaidFields } from '../../server/pages/audit-values.ts'
import { calendarDoings } from '../../server/pages/calendar-page.ts'
import { endDoings } from '../../server/pages/end-of-trial.ts'
import { errorKinds } from '../../server/pages/error-page.ts'
import { personDoings } from '../../server/pages/people/person-page.ts'
import { printLists } from '../../server/pages/print-list.ts'
import { claimFields, scenarioFields } from '../../server/pages/projection-fields.ts'
import { measureStates } from '../../server/pages/recruitment/countermeasures-page.ts'
import { recruitmentDoings, recruitmentTabs } from '../../server/pages/recruitment/tabs.ts'
import { redactionDoings } from '../../server/pages/redactions/redaction-page.ts'
import { standings } from '../../server/pages/requests/draft-form-page.ts'
import { hintedRequestFields, requestFields } from '../../server/pages/requests/request-fields.ts'
import { requestForms } from '../../server/pages/requests/request-form-page.ts'
import { requestDoings } from '../../server/pages/requests/request-input.ts'
import { reviewDoings } from '../../server/pages/review-page.ts'
import { hintedFields, settingFields } from '../../server/pages/settings/field-spec.ts'
import { doings, offeringSections, retirableSections, sectionNames } from '../../server/pages/settings/settings-page.ts'
import { signInDoings } from '../../server/pages/sign-in-page.ts'
import { doneKinds } from '../../server/pages/subject-page.ts'
import { endFields, hintedEndFields } from '../../server/pages/trial-end-form.ts'
import { quotedIn, type Source, sourcesIn, withoutComments } from './sources.ts'

type Dictionary = { readonly [name: string]: string | Dictionary }

/** `frame.skip` and its sentence, for every sentence. */
function sentences(dictionary: Dictionary, before = ''): Map<string, string> {
  return new Map(
    Object.entries(dictionary).flatMap(([name, value]): [string, string][] =>
      typeof value === 'string' ? [[before + name, value]] : [...sentences(value, `${before}${name}.`)],
    ),
  )
}

const inJapanese = sentences(ja)
const inEnglish = sentences(en)

const server = sourcesIn('server', '.ts').filter(({ path }) => !/^server\/i18n\/(ja|en)\b/.test(path))
const views = sourcesIn('views', '.hbs')

/** Names of a table that the compiler has seen whole. */
const namesOf = <T extends string>(names: Record<T, true>): T[] => Object.keys(names) as T[]

type DateProblem = Extract<DateReading, { problem: unknown }>['problem']
type DateCode = DateProblem extends infer P
  ? P extends { code: infer C extends string; because: infer B extends string }
    ? `date_${C}_${B}`
    : P extends { code: infer C extends string }
      ? `date_${C}`
      : never
  : never

const verdicts = namesOf<Attainment['verdict']>({
  not_started: true,
  too_early: true,
  reached: true,
  ended: true,
  below: true,
  unlikely: true,
  open: true,
  likely: true,
})

const linkKinds = namesOf<LinkKind>({ set_up: true, invitation: true, reset: true })
type AuditedColumn = { [T in AuditedTable]: keyof Tables[T] & string }[AuditedTable]
/** Every column that the trail shows: `name` for `name_ja` and `name_en`. */
type SaidField = Exclude<
  AuditedColumn extends infer C ? (C extends `${infer B}_${'ja' | 'en'}` ? B : C) : never,
  (typeof unsaidFields)[number]
>

/** Tables of the dictionary whose entries are put together from a name that the code holds: `words.of('role', role)`. */
const tables: Record<string, readonly string[]> = {
  role: roles,
  account_done: accountDoings,
  account_state: accountStates,
  sign_in_done: signInDoings,
  sign_in_way: signInWays,
  account_state_at: accountStates,
  access_title: linkKinds,
  access_note: linkKinds,
  link_title: linkKinds,
  browser: browsers,
  system: systems,
  person_done: personDoings,
  person_step: personSteps,
  person_step_note: personSteps,
  person_step_question: personSteps,
  person_step_warning: personSteps,
  reach: [...new Set(Object.values(reachOf))],
  act: [...acts, 'signed_in', 'anyone'],
  policy_method: ['get', 'post'],
  state: subjectStates,
  site_status: siteStatuses,
  fact_kind: factKinds,
  list: Object.keys(savedLists),
  standing: windowStandings,
  correction_reason: correctionReasons,
  withdrawal_scope: withdrawalScopes,
  design: namesOf<Trial['design']>({ single_arm: true, randomised: true }),
  risk_class: namesOf<Trial['riskClass']>({ class_1: true, class_2: true, class_3: true, none: true }),
  cost_bearer: namesOf<TrialTerms['costBearer']>({ research_funds: true, patient: true, insurer: true }),
  identifier: ['registry', 'announcement'],
  nav: server.flatMap(({ text }) => [...text.matchAll(/\{ place: '(\w+)'/g)].map(([, place = '']) => place)),
  obligation_kind: obligationKinds,
  portfolio_facet: portfolioFacets,
  phase: phases,
  reporting_scheme: reportingSchemes,
  reporting_rule: reportingSchemes,
  obligation_state: obligationStates,
  calendar_add: entryKinds,
  calendar_form_note: entryKinds,
  calendar_done: calendarDoings,
  feed_language: languages,
  verdict: verdicts,
  headline: verdicts,
  chance: verdicts,
  claim_short: namesOf<Claim['kind']>({ registered: true, pipeline: true, siteRate: true, siteMinimum: true }),
  claim_kind: namesOf<Claim['kind']>({ registered: true, pipeline: true, siteRate: true, siteMinimum: true }),
  claim_field: claimFields,
  scenario: scenarioFields,
  scenario_hint: scenarioFields,
  drift_choice: namesOf<WhatIf['drift']>({ on: true, off: true }),
  text_in: languages,
  outlook_state: outlookStates,
  headline_state: headlineStates,
  completion: namesOf<Exclude<Completion['kind'], 'on'>>({
    reached: true,
    beyond: true,
    never: true,
    in_screening: true,
  }),
  conflict: namesOf<Exclude<ClaimConflict, 'none'>>({ disagrees: true, counted_twice: true }),
  request_finding: findingKinds,
  request_check: checkNames,
  request_remedy: checkNames,
  request_state: requestStandings,
  request_done: requestDoings,
  request_form: requestForms,
  request_form_note: requestForms,
  request_form_button: requestForms,
  request_field: requestFields,
  request_hint: hintedRequestFields,
  decision_outcome: outcomes,
  body_necessity: necessities,
  claim_standing: standings,
  condition_standing: conditionStandings,
  check_verdict: ['agrees', 'differs', 'open', 'contradicted', 'optimistic', 'consistent', 'unsupported', 'unnamed'],
  funnel_place: namesOf<FunnelPlace>({ within: true, beyond95: true, beyond998: true }),
  record: ['agrees', 'differs', 'open', 'contradicted', 'optimistic', 'consistent', 'unsupported', 'unnamed'],
  basis: namesOf<Basis>({ recorded: true, assumed: true }),
  end_field: endFields,
  end_hint: hintedEndFields,
  end_done: endDoings,
  review_verdict: reviewVerdicts,
  review_headline: reviewVerdicts,
  review_state: reviewStates,
  review_meaning: reviewMeanings,
  review_figure: comparedFigures,
  review_done: reviewDoings,
  print_list: printLists,
  print_note: printLists,
  print_by_hand: ['name', 'chart_number', 'written_on'],
  subject_done: doneKinds,
  era: namesOf<Era>({ meiji: true, taisho: true, showa: true, heisei: true, reiwa: true }),
  setting_section: sectionNames,
  setting_note: sectionNames,
  setting_form_note: sectionNames,
  setting_empty: sectionNames,
  setting_add: sectionNames,
  setting_retire: retirableSections,
  setting_retire_question: retirableSections,
  setting_retire_warning: retirableSections,
  setting_offers: offeringSections,
  setting_done: doings,
  setting_field: settingFields,
  setting_hint: hintedFields,
  milestone_kind: milestoneKinds,
  necessity: namesOf<Milestone['necessity']>({ required: true, optional: true }),
  repetition: namesOf<Milestone['repetition']>({ once: true, repeatable: true }),
  counting: namesOf<Milestone['counting']>({ target: true, none: true }),
  pathway_template: pathwayTemplates,
  pathway_template_note: pathwayTemplates,
  milestone_label: templateLabels,
  reason_label: defaultReasonLabels,
  error_title: errorKinds,
  error_advice: errorKinds,
  import_count: namesOf<RowResult>({ new: true, changed: true, unchanged: true, wrong: true }),
  import_result: namesOf<RowResult>({ new: true, changed: true, unchanged: true, wrong: true }),
  import_by: namesOf<Column['by']>({
    chosen: true,
    remembered: true,
    own_file: true,
    code_beside: true,
    head: true,
    unknown: true,
  }),
  import_meaning: plainMeanings,
  import_warning: namesOf<RowWarning>({
    excel_serial: true,
    note_kept: true,
    reason_kept: true,
    version_kept: true,
    void_kept: true,
    outcome_not_kept: true,
    outcome_day_not_kept: true,
  }),
  recruitment_tab: recruitmentTabs,
  recruitment_done: recruitmentDoings,
  measure_state: measureStates,
  measure_category: countermeasureCategories,
  effect: effectVerdicts,
  needed_yield: yieldVerdicts,
  effort: effortVerdicts,
  problem: problemCodes(),
  access_kind: accessKinds,
  access_way: accessWays,
  access_asked: ['site', 'from', 'until', 'asOf', 'knownAt', 'by'],
  redaction_kind: redactionKinds,
  redaction_state: redactionStates,
  redaction_decided: ['confirmed', 'refused'],
  redaction_done: redactionDoings,
  redaction_table: [...Object.keys(freeTexts), 'audit_entry'],
  audit_event: auditEvents(),
  audit_field: namesOf<SaidField>({
    asked_at: true,
    asked_by: true,
    decided_at: true,
    decided_by: true,
    field: true,
    record_table: true,
    sequence: true,
    words: true,
    address: true,
    begun_at: true,
    expires_at: true,
    failures: true,
    issued_at: true,
    lock_of: true,
    second_factor: true,
    issuer: true,
    subject: true,
    linked_at: true,
    unlinked_at: true,
    set_up_at: true,
    until: true,
    used_at: true,
    adopted_version: true,
    answer: true,
    answered_on: true,
    asked_on: true,
    attached_at: true,
    decided_on: true,
    ended_because: true,
    follow_up_days: true,
    item: true,
    items: true,
    meeting: true,
    met_note: true,
    notified_on: true,
    outcome: true,
    question: true,
    round: true,
    screenings_from: true,
    sha256: true,
    size_bytes: true,
    standing: true,
    stated_sites: true,
    terms_asked: true,
    text: true,
    told: true,
    written_on: true,
    body: true,
    due_on: true,
    met_on: true,
    voided_at: true,
    scheme: true,
    starts_on: true,
    submitted_on: true,
    document: true,
    language: true,
    phase: true,
    terms_version: true,
    verdict: true,
    opened_at: true,
    frozen_at: true,
    figures_hash: true,
    written_at: true,
    signed_at: true,
    content_hash: true,
    username: true,
    name: true,
    created_at: true,
    disabled_at: true,
    role: true,
    person_id: true,
    site_id: true,
    site_ids: true,
    granted_at: true,
    revoked_at: true,
    code: true,
    title: true,
    condition: true,
    design: true,
    risk_class: true,
    time_zone: true,
    retention_years: true,
    kind: true,
    value: true,
    valid_from: true,
    valid_until: true,
    source: true,
    position: true,
    label: true,
    ratio: true,
    retired_at: true,
    replaced_at: true,
    basis: true,
    version: true,
    target_number: true,
    registration_from: true,
    registration_until: true,
    study_until: true,
    cost_bearer: true,
    review_interval_months: true,
    review_anchor: true,
    plan_starts_on: true,
    plan_starts_at_number: true,
    plan_reaches_number: true,
    effective_from: true,
    approved_on: true,
    approval_body: true,
    approval_document: true,
    assumption: true,
    planned_per_year: true,
    status: true,
    from_on: true,
    necessity: true,
    counting: true,
    repetition: true,
    anchor_code: true,
    offset_days: true,
    window_before_days: true,
    window_after_days: true,
    number: true,
    site_sequence: true,
    registration_number: true,
    entered_on: true,
    consented_on: true,
    referral_source: true,
    attempt: true,
    state: true,
    last_event_on: true,
    step: true,
    occurred_on: true,
    recorded_at: true,
    reasons: true,
    measured_value: true,
    scope: true,
    note: true,
    override_reason: true,
    withdrawn_at: true,
    withdrawn_because: true,
    withdrawn_note: true,
    as_of: true,
    stated_total: true,
    registered_number: true,
    method_version: true,
    input_hash: true,
    claim: true,
    month: true,
    attested_on: true,
    attested_at: true,
    exit: true,
    arm_code: true,
    hard_number: true,
    soft_number: true,
    stratum: true,
    file_name: true,
    file_hash: true,
    imported_at: true,
    new_number: true,
    changed_number: true,
    unchanged_number: true,
    header: true,
    meaning: true,
    days: true,
    category: true,
    sources: true,
    started_on: true,
    ended_on: true,
    owner: true,
    evidence: true,
    voided_on: true,
    place: true,
    department: true,
    counted_on: true,
    size: true,
    reviewed: true,
    eligible_low: true,
    eligible_high: true,
    because: true,
    locked_at: true,
    ended_at: true,
    ended_name: true,
    years: true,
    rule: true,
  }),
}

/** Every code that a refusal can carry: those of dates, and those written down where something is refused. */
function problemCodes(): string[] {
  const ofDates = namesOf<DateCode>({
    date_missing: true,
    date_unreadable: true,
    date_ambiguous_year: true,
    date_ambiguous_order: true,
    date_ambiguous_weekday: true,
    date_impossible_month: true,
    date_impossible_day: true,
    date_eraMismatch_notBegun: true,
    date_eraMismatch_ended: true,
  })
  const notRefusing = ['server/domain/read-date.ts', 'server/http/frame.ts']
  const written = server
    .filter(({ path }) => !notRefusing.includes(path))
    .flatMap(({ text }) => [...withoutComments(text).matchAll(/\b(?:code|message): '(\w+)'/g)])
    .map(([, code = '']) => code)
    // 'custom' is the schema library's own word for a check that is not its own.
    .filter((code) => code !== 'custom')
  return [...new Set([...ofDates, ...written])]
}

/** Every event that a change leaves in the audit trail: the names that writes and verbs give. */
function auditEvents(): string[] {
  const changing = [...sourcesIn('server/db', '.ts'), ...sourcesIn('server/actions', '.ts')]
  const named = changing.flatMap(({ text }) => {
    const code = withoutComments(text)
    const byVerb = [...code.matchAll(/\bauditAs: ([^\n]*)/g)].flatMap(([, value = '']) =>
      [...value.matchAll(/'(\w+)'/g)].map(([, name = '']) => name),
    )
    const byWrite = callsOf(code, /\b(?:write\.insert|insertEvent)\(/g).flatMap(
      (call) => /'(\w+)',?\s*$/.exec(call)?.[1] ?? [],
    )
    const byRevision = callsOf(code, /\bwrite\.revise\(/g).flatMap(
      (call) => /'(\w+)',[^',]*,?\s*$/.exec(call)?.[1] ?? [],
    )
    return [...byVerb, ...byWrite, ...byRevision]
  })
  return [...new Set(named)]
}

/** What stands between the brackets of each call. */
function callsOf(code: string, call: RegExp): string[] {
  return [...code.matchAll(call)].map((match) => {
    const start = match.index + match[0].length
    let depth = 1
    let end = start
    for (; depth > 0 && end < code.length; end++) depth += code[end] === '(' ? 1 : code[end] === ')' ? -1 : 0
    return code.slice(start, end - 1)
  })
}

const isSentence = (text: string) =>
  /^[a-z_]+(\.\w+)+(?<!\.(js|csv|xlsx|ndjson))$/.test(text) && Object.hasOwn(ja, text.split('.')[0] ?? '')

/** Keys written out in code and templates: `words.t('frame.skip')`, `{{t "frame.skip"}}`. */
const writtenOut = new Set([
  // What looks like a sentence in `server/db` is a column of a table.
  ...server
    .filter(({ path }) => !path.startsWith('server/db/'))
    .flatMap(({ text }) => quotedIn(text))
    .filter(isSentence),
  ...views.flatMap(({ text }) => [...text.matchAll(/[{(]t "([^"]+)"/g)].map(([, key = '']) => key)),
  ...server.flatMap(({ text }) =>
    [...text.matchAll(/\bwords\.of\('(\w+)', '(\w+)'/g)].map(([, table, entry]) => `${table}.${entry}`),
  ),
])
const fromTables = Object.entries(tables).flatMap(([table, entries]) => entries.map((entry) => `${table}.${entry}`))

describe('every sentence', () => {
  it('that is said stands in both languages', () => {
    expect(writtenOut.size).toBeGreaterThan(150)
    expect([...writtenOut, ...fromTables].filter((key) => !inJapanese.has(key) || !inEnglish.has(key))).toEqual([])
  })

  it('that stands in the dictionary is said somewhere', () => {
    const said = new Set([...writtenOut, ...fromTables])
    expect([...inJapanese.keys()].filter((key) => !said.has(key))).toEqual([])
  })

  it('has the same key in both languages', () => {
    expect([...inEnglish.keys()].sort()).toEqual([...inJapanese.keys()].sort())
  })

  it('leaves the same places open in both languages', () => {
    const placesIn = (sentence = '') => [...new Set(sentence.match(/\{\w+\}/g))].sort()
    const differing = [...inJapanese]
      .filter(([key, sentence]) => `${placesIn(sentence)}` !== `${placesIn(inEnglish.get(key))}`)
      .map(([key]) => key)
    expect(differing).toEqual([])
    expect([...inJapanese.values()].flatMap(placesIn).length).toBeGreaterThan(100)
  })

  it('closes the marks that it opens: [[unbroken]], **strong**, {place}', () => {
    const count = (sentence: string, mark: string) => sentence.split(mark).length - 1
    const unbalanced = [...inJapanese, ...inEnglish].filter(
      ([, sentence]) =>
        count(sentence, '[[') !== count(sentence, ']]') ||
        count(sentence, '**') % 2 !== 0 ||
        count(sentence, '{') !== count(sentence, '}') ||
        /\{(?!\w+\})/.test(sentence),
    )
    expect(unbalanced).toEqual([])
  })

  it('says something, and says it in its own language', () => {
    const letters = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u
    expect([...inJapanese, ...inEnglish].filter(([, sentence]) => sentence.trim() === '' && sentence !== ' ')).toEqual(
      [],
    )
    const dateTyped = '令和8年6月24日' // an example of what a date's field understands in either language
    expect([...inEnglish].filter(([, sentence]) => letters.test(sentence.replace(dateTyped, '')))).toEqual([])
    expect(wordsFor('ja').of('role', 'committee')).not.toBe(wordsFor('en').of('role', 'committee'))
  })
})

describe('tables of words', () => {
  it('are those that the code asks for, and no others', () => {
    const asked = new Set([
      ...server.flatMap(({ text }) =>
        [...withoutComments(text).matchAll(/\bwords\.of\(\s*'(\w+)',\s*(?!')/g)].map(([, table = '']) => table),
      ),
      ...server.flatMap(({ text }) =>
        [...withoutComments(text).matchAll(/\bsay\(`(\w+)\./g)].map(([, table = '']) => table),
      ),
    ])
    expect([...asked].sort()).toEqual(Object.keys(tables).sort())
  })

  it('know the codes and events that the code really has', () => {
    expect(tables.problem).toEqual(expect.arrayContaining(['form_expired', 'text_too_long', 'date_in_future']))
    expect(tables.audit_event).toEqual(
      expect.arrayContaining(['role_granted', 'screening_recorded', 'registration_recorded', 'exit_recorded']),
    )
    expect(eraPeriods.map(({ era }) => era).sort()).toEqual([...(tables.era ?? [])].sort())
  })
})

describe('no sentence stands outside the dictionary', () => {
  const japanese = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}、。「」『』（）！？：]/gu

  /** Japanese that is no sentence: names in their own writing, and what people type into a date field. */
  const allowed: readonly { path: string; words: readonly string[]; because: string }[] = [
    { path: 'server/http/frame.ts', words: ['登録', '日本語'], because: 'the brand, and the language’s own name' },
    {
      path: 'server/context.ts',
      words: ['コマンドライン', '未サインイン'],
      because: 'the names under which the command line and nobody act',
    },
    { path: 'views/partials/header.hbs', words: ['登録'], because: 'the brand' },
  ]
  const readsDates = 'server/domain/read-date.ts'
  /** What people write at the head of a column and into it, which is theirs and never shown. */
  const readsHeads = 'server/domain/import-words.ts'

  function leftIn({ path, text }: Source): string {
    const words = allowed.find((entry) => entry.path === path)?.words ?? []
    const code = path.endsWith('.hbs') ? text : withoutComments(text)
    return (
      words
        .reduce((left, word) => left.replace(word, ''), code)
        .match(japanese)
        ?.join('') ?? ''
    )
  }

  it('in the server: Japanese stands in the words, in comments, and where it is no sentence', () => {
    const outside = server.filter(
      ({ path }) => !path.startsWith('server/i18n/') && path !== readsDates && path !== readsHeads,
    )
    expect(outside.filter((source) => leftIn(source) !== '').map(({ path }) => path)).toEqual([])
  })

  it('where dates are read: the letters of eras, of weekdays, of year, month and day, and the keys beside them', () => {
    const letters = new Set(leftIn(sourcesIn('server/domain', 'read-date.ts')[0] ?? { path: '', text: '' }))
    expect([...letters].sort().join('')).toBe([...new Set('元年月日明治大正昭和平成令火水木金土曜。')].sort().join(''))
  })

  it('in the templates: nothing but the brand', () => {
    expect(views.filter((source) => leftIn(source) !== '').map(({ path }) => path)).toEqual([])
  })

  it('in the templates, in English either: between the tags stand values, never words', () => {
    const worded = views.flatMap(({ path, text }) => {
      const between = text
        .replace(/<(script|style)\b[\s\S]*?<\/\1>/g, '')
        .replace(/<[a-z!/](?:\{\{[\s\S]*?\}\}|"[^"]*"|[^>"])*>/gi, ' ')
        .replace(/\{\{[\s\S]*?\}\}/g, ' ')
      const labels = [...text.matchAll(/\b(?:aria-label|title|alt|placeholder|content)="([^"]*)"/g)].map(
        ([, value = '']) => value.replace(/\{\{[\s\S]*?\}\}|width=device-width, initial-scale=1/g, ' '),
      )
      const words = [between, ...labels].join(' ').match(/[\p{L}]{2,}/gu) ?? []
      return words.filter((word) => !['登録', 'Toroku'].includes(word)).map((word) => `${path}: ${word}`)
    })
    expect(worded).toEqual([])
  })

  it('each exception is still needed', () => {
    const idle = allowed.filter(({ path, words }) => {
      const text = [...server, ...views].find((source) => source.path === path)?.text ?? ''
      return words.some((word) => !text.includes(word))
    })
    expect(idle).toEqual([])
  })
})
