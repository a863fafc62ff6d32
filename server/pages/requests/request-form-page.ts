/** A form about a change request: what it asks, what is to be minded, one button; and the page before it goes out. */
import type { Problem } from '../../domain/parsed.ts'
import type { WholeRequest } from '../../domain/request/whole-request.ts'
import type { Trial } from '../../domain/trial.ts'
import type { Words } from '../../i18n/words.ts'
import { errorSummary, type Field, field, type Page, problemsInWords } from '../page.ts'
import { atFields, type FormField, formField, type Typed } from '../settings/field-spec.ts'
import { type RequestFieldId, type RequestFieldSpec, requestFieldWords } from './request-fields.ts'
import { type FindingShown, requestAddress } from './request-words.ts'

export const requestForms = [
  'inquiry',
  'reply',
  'decision',
  'condition',
  'fulfilment',
  'withdrawal',
  'guest_link',
  'detachment',
] as const
export type RequestFormName = (typeof requestForms)[number]

export type RequestFormPage = Page & {
  heading: string
  about: string
  note: string
  quote: string | null
  action: string
  back: string
  button: string
  errors: ReturnType<typeof errorSummary>
  fields: FormField[]
  submissionKey: string
}

export function requestFormPage(
  input: {
    trial: Trial
    request: WholeRequest
    name: RequestFormName
    /** Below the request's address: where the form stands, and where it goes. */
    path: { form: string; action: string }
    /** What the form is about, in the words of the request: the question that is answered. */
    quote: string | null
    specs: readonly RequestFieldSpec[]
    typed: Typed<RequestFieldId>
    submissionKey: string
    problems: readonly Problem[]
  },
  words: Words,
): RequestFormPage {
  const { trial, request, name, specs } = input
  const here = requestAddress(trial, request.record.number)
  const problems = problemsInWords(atFields(input.problems, specs), words)
  const heading = words.of('request_form', name)
  const said = requestFieldWords(words)
  return {
    template: 'requests/form',
    title: problems.length > 0 ? `${words.t('form.error_prefix')}${heading}` : heading,
    place: 'requests',
    hasDates: true,
    address: `${here}/${input.path.form}`,
    heading,
    about: words.pick(request.record.title),
    note: words.of('request_form_note', name),
    quote: input.quote,
    action: `${here}/${input.path.action}`,
    back: here,
    button: words.of('request_form_button', name),
    errors: errorSummary(problems, words),
    fields: specs.map((spec) => formField(spec, input.typed, problems, words, said)),
    submissionKey: input.submissionKey,
  }
}

export type SubmissionPage = Page & {
  question: string
  about: string
  answers: { label: string; value: string }[]
  findingsTitle: string
  findings: FindingShown[]
  errors: ReturnType<typeof errorSummary>
  action: string
  back: string
  seen: string
  submissionKey: string
}

/** Before a request goes out: what it asks for, and what the checks left open, which is printed with it. */
export function submissionPage(
  input: {
    trial: Trial
    request: WholeRequest
    findings: readonly FindingShown[]
    problems: readonly Problem[]
    submissionKey: string
  },
  words: Words,
): SubmissionPage {
  const { trial, request, findings } = input
  const { record, bodies } = request
  const here = requestAddress(trial, record.number)
  const problems = problemsInWords(atFields(input.problems, []), words)
  const question = words.t('requests.submission_question')
  return {
    template: 'requests/confirm',
    title: problems.length > 0 ? `${words.t('form.error_prefix')}${question}` : question,
    place: 'requests',
    address: `${here}/submission`,
    question,
    about: words.pick(record.title),
    answers: [
      { label: words.t('requests.as_of'), value: words.date(record.asOf) },
      { label: words.t('requests.col_until'), value: words.date(record.registrationUntil) },
      {
        label: words.t('requests.col_promised'),
        value: words.t('requests.promised', { total: record.statedTotal, target: record.targetNumber }),
      },
      {
        label: words.t('requests.items_title'),
        value: words.t('requests.items_count', { count: record.items.length }),
      },
      {
        label: words.t('requests.bodies_title'),
        value: bodies.map(({ name }) => words.pick(name)).join(words.t('requests.comma')) || '—',
      },
    ],
    findingsTitle: words.t('requests.findings_title', { count: findings.length }),
    findings: findings.map((finding) => ({ ...finding, href: `${here}${finding.href}` })),
    errors: errorSummary(problems, words),
    action: `${here}/submission`,
    back: here,
    seen: request.seen,
    submissionKey: input.submissionKey,
  }
}

export type AttachmentFormPage = Page & {
  heading: string
  about: string
  hint: string
  file: Field
  errors: ReturnType<typeof errorSummary>
  action: string
  back: string
  submissionKey: string
}

export function attachmentFormPage(
  input: { trial: Trial; request: WholeRequest; problems: readonly Problem[]; submissionKey: string },
  words: Words,
): AttachmentFormPage {
  const { trial, request } = input
  const here = requestAddress(trial, request.record.number)
  const problems = problemsInWords(input.problems, words)
  const heading = words.t('requests.attach')
  return {
    template: 'requests/attach',
    title: problems.length > 0 ? `${words.t('form.error_prefix')}${heading}` : heading,
    place: 'requests',
    address: `${here}/attachments/new`,
    heading,
    about: words.pick(request.record.title),
    hint: words.t('requests.attach_hint'),
    file: field('file', '', problems),
    errors: errorSummary(problems, words),
    action: `${here}/attachments`,
    back: here,
    submissionKey: input.submissionKey,
  }
}
