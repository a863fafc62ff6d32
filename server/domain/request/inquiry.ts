/** Questions of a deciding body and their replies: numbered by round and item, each naming others by their numbers. */
import type { Basis, Bilingual } from '../bilingual.ts'
import type { CalendarDate } from '../calendar-date.ts'

export type InquiryNumber = { round: number; item: number }

export type Inquiry = InquiryNumber & {
  id: string
  bodyId: string
  askedOn: CalendarDate
  question: Bilingual
  /** The day by which an answer is wanted; null where none was named. */
  dueOn: CalendarDate | null
  answeredOn: CalendarDate | null
  answer: Bilingual | null
  /** The inquiry that was given the same answer. */
  sameAsId: string | null
  basis: Basis
}

const digits = '[0-9\uFF10-\uFF19]{1,2}'
const dashes = '[-\u2010-\u2015\u2212\u30FC\uFF0D]'
const whole = new RegExp(`^(${digits})${dashes}(${digits})$`, 'u')
/** Not a part of a date or of a longer number. */
const within = new RegExp(
  `(?<![A-Za-z0-9\uFF10-\uFF19]|${dashes})(${digits})${dashes}(${digits})(?![0-9\uFF10-\uFF19]|${dashes}[0-9\uFF10-\uFF19])`,
  'gu',
)

/** The number as somebody typed it, in digits of either width: `2-1` is round 2, item 1. Null for anything else. */
export function readInquiryNumber(typed: string): InquiryNumber | null {
  const [, round, item] = whole.exec(typed.replace(/\s/gu, '')) ?? []
  const number = { round: plain(round), item: plain(item) }
  return number.round >= 1 && number.item >= 1 ? number : null
}

/** As documents write it: full-width digits and dash. */
export function inquiryNumberInDocuments({ round, item }: InquiryNumber): string {
  return `${round}-${item}`.replace(/[0-9-]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) + 0xfee0))
}

/** A piece of a text; where it names an inquiry there is, that one. */
export type TextPart = { text: string; inquiry: Inquiry | null }

/** A reply's text in pieces: what names another inquiry of the request is told apart. `1-3` where there is a 1-3. */
export function partsOf(text: string, inquiries: readonly Inquiry[]): TextPart[] {
  const parts: TextPart[] = []
  let from = 0
  for (const match of text.matchAll(within)) {
    const inquiry = inquiries.find(({ round, item }) => round === plain(match[1]) && item === plain(match[2]))
    if (inquiry === undefined) continue
    if (match.index > from) parts.push({ text: text.slice(from, match.index), inquiry: null })
    parts.push({ text: match[0], inquiry })
    from = match.index + match[0].length
  }
  if (from < text.length) parts.push({ text: text.slice(from), inquiry: null })
  return parts
}

/** Whether nobody has answered it yet. */
export function isOpenInquiry({ answeredOn }: Inquiry): boolean {
  return answeredOn === null
}

function plain(typed = ''): number {
  return Number(typed.normalize('NFKC'))
}
