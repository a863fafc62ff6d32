/**
 * The replies to a deciding body as a document: every inquiry by its number with its answer, in the order of the rounds.
 * One value for the page, for paper and for the text file.
 */
import type { Inquiry } from '../../domain/request/inquiry.ts'
import type { WholeRequest } from '../../domain/request/whole-request.ts'
import type { Trial } from '../../domain/trial.ts'
import type { Words } from '../../i18n/words.ts'
import type { DocumentBlock, RequestDocument, RequestDocumentPage } from './request-document.ts'
import { inquiryName, requestAddress } from './request-words.ts'

export type RepliesInput = { trial: Trial; request: WholeRequest }

export function repliesDocumentPage(input: RepliesInput, words: Words): RequestDocumentPage {
  const here = requestAddress(input.trial, input.request.record.number)
  return {
    template: 'requests/document',
    place: 'requests',
    ...repliesDocument(input, words),
    back: here,
    docx: `${here}/replies.docx`,
    docxLink: words.t('requests.replies_docx_link'),
  }
}

export function repliesDocument({ trial, request }: RepliesInput, words: Words): RequestDocument {
  const { record, bodies, inquiries } = request
  const bodyOf = ({ bodyId }: Inquiry) => {
    const body = bodies.find(({ id }) => id === bodyId)
    return body === undefined ? '' : words.pick(body.name)
  }
  const answered = inquiries.filter(({ answer }) => answer !== null).length
  return {
    title: words.t('document.replies_title'),
    subtitle: words.t('document.replies_subtitle', { title: words.pick(record.title), number: record.number }),
    blocks: [
      { heading: words.t('document.name'), paragraphs: [words.pick(trial.title)], table: null },
      ...inquiries.map((inquiry) => replyOf(inquiry, inquiries, bodyOf, words)),
    ],
    colophon: words.t('document.replies_count', { answered, inquiries: inquiries.length }),
  }
}

function replyOf(
  inquiry: Inquiry,
  inquiries: readonly Inquiry[],
  bodyOf: (inquiry: Inquiry) => string,
  words: Words,
): DocumentBlock {
  const { question, answer, answeredOn, askedOn, dueOn, sameAsId } = inquiry
  const same = inquiries.find(({ id }) => id === sameAsId)
  const due = dueOn === null ? words.t('requests.unanswered') : words.t('requests.answer_by', { date: dueOn })
  return {
    heading: words.t('document.inquiry', { number: inquiryName(inquiry, words), body: bodyOf(inquiry), date: askedOn }),
    paragraphs: [
      words.t('document.question', { text: words.pick(question) }),
      answer === null ? due : words.t('document.answer', { text: words.pick(answer) }),
      ...(same === undefined
        ? []
        : [words.t('requests.same_as', { number: inquiryName(same, words), body: bodyOf(same) })]),
      ...(answeredOn === null ? [] : [words.t('requests.answered_on', { date: answeredOn })]),
    ],
    table: null,
  }
}
