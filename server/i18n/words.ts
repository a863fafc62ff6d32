/** The product's words in the reader's language, and its formats of numbers and dates. */
import { createInstance, type i18n } from 'i18next'
import type { Bilingual } from '../domain/bilingual.ts'
import { type CalendarDate, japaneseYear, weekdayOf } from '../domain/calendar-date.ts'
import { en } from './en.ts'
import { ja } from './ja.ts'

export const languages = ['ja', 'en'] as const
export type Language = (typeof languages)[number]

type Paths<T> = { [K in keyof T & string]: T[K] extends string ? K : `${K}.${Paths<T[K]>}` }[keyof T & string]
/** Every sentence of the product, by its place in `ja.ts`. */
export type Key = Paths<typeof ja>

export type Values = Record<string, string | number>

export type Words = {
  language: Language
  t(key: Key, values?: Values): string
  /** A sentence whose key is put together from a table's entry, such as a state's or a role's name. */
  of(table: keyof typeof ja, entry: string, values?: Values): string
  pick(bilingual: Bilingual): string
  /** A count or figure with so many decimals: 2387 -> 2,387; 0.4056 with 2 -> 0.41. */
  number(value: number, decimals?: number): string
  /** As `number`; a dash where there is none to say. */
  numberOr(value: number | null, decimals?: number): string
  /** A probability: 0.0033 -> 0.3％, 0.676 -> 68％, never 0 or 100 unless it is. */
  percent(probability: number): string
  /** A share that was counted, with one decimal: 13 of 17 -> 76.5%. */
  share(part: number, whole: number): string
  /** 2026-07-18（令和8年7月18日・土）. */
  date(date: CalendarDate): string
  /** A day in running text: 2026年7月18日. */
  day(date: CalendarDate): string
  /** A month of a year: 2026-02 -> 2026年2月. */
  month(month: string): string
  /** An instant in a time zone, to the minute: 2026-07-18 09:30. */
  instant(instant: string, timeZone: string): string
}

const dictionary: i18n = createInstance()
void dictionary.init({
  lng: 'ja',
  fallbackLng: false,
  resources: { ja: { translation: ja }, en: { translation: en } },
  interpolation: { escapeValue: false, prefix: '{', suffix: '}' },
  initAsync: false,
})

const weekdays: Record<Language, readonly string[]> = {
  ja: ['日', '月', '火', '水', '木', '金', '土'],
  en: ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'],
}

/** Thousands are set apart in a sentence as they are in a table: 1,301. What identifies is passed as text. */
function grouped(values: Values | undefined): Values | undefined {
  if (values === undefined) return undefined
  const inWords = Object.entries(values).map(([name, value]) => [
    name,
    typeof value === 'number' && Math.abs(value) >= 1000 ? thousands.format(value) : value,
  ])
  return Object.fromEntries(inWords)
}
const thousands = new Intl.NumberFormat('en', { maximumFractionDigits: 20 })

/** So many finished sentences with values in them are kept for each language, and as many of those from before. */
const mostKept = 5_000

function wordsIn(language: Language): Words {
  const fixed = dictionary.getFixedT(language)
  // A page has two hundred sentences, and the next reader's are nearly all the same.
  const plain = new Map<string, string>()
  let [kept, before] = [new Map<string, string>(), new Map<string, string>()]
  const put = (key: string, values: Values | undefined) =>
    fixed(key as never, grouped(values) as never) as unknown as string
  const say = (key: string, values?: Values): string => {
    if (values === undefined) {
      const known = plain.get(key) ?? put(key, undefined)
      plain.set(key, known)
      return known
    }
    const place = key + JSON.stringify(values)
    const known = kept.get(place)
    if (known !== undefined) return known
    const sentence = before.get(place) ?? put(key, values)
    // What was not said for as long as it took to say so many others is forgotten, and nothing else.
    if (kept.size >= mostKept) [kept, before] = [new Map(), kept]
    kept.set(place, sentence)
    return sentence
  }
  const percentSign = language === 'ja' ? '％' : '%'
  const formats = new Map<number, Intl.NumberFormat>()
  const number = (value: number, decimals = 0): string => {
    // Most numbers of a page are small counts, which the format writes as everybody does.
    if (decimals === 0 && Number.isInteger(value) && value >= 0 && value < 1000) return String(value)
    let format = formats.get(decimals)
    if (format === undefined) {
      format = new Intl.NumberFormat('en', { minimumFractionDigits: decimals, maximumFractionDigits: decimals })
      formats.set(decimals, format)
    }
    return format.format(value).replace('-', '−')
  }
  return {
    language,
    t: say,
    of: (table, entry, values) => say(`${table}.${entry}`, values),
    pick: (bilingual) => bilingual[language],
    number,
    numberOr: (value, decimals) => (value === null ? '—' : number(value, decimals)),
    percent: (probability) => {
      if (probability === 0 || probability === 1) return `${probability * 100}${percentSign}`
      const percent = probability * 100
      if (percent < 0.05) return say('format.less_than', { value: `0.1${percentSign}` })
      if (percent > 99.5) return say('format.more_than', { value: `99${percentSign}` })
      return `${number(percent, percent < 9.95 ? 1 : 0)}${percentSign}`
    },
    share: (part, whole) => `${number((100 * part) / whole, 1)}${percentSign}`,
    date: (date) => {
      const weekday = weekdays[language][weekdayOf(date)] ?? ''
      if (language === 'en') return `${date} (${weekday})`
      const inEra = japaneseYear(date)
      if (inEra === null) return `${date}（${weekday}）`
      const year = inEra.year === 1 ? '元' : String(inEra.year)
      const [, month, day] = date.split('-').map(Number)
      return `${date}（${say(`era.${inEra.era}`)}${year}年${month}月${day}日・${weekday}）`
    },
    day: (date) => {
      const [year, month, day] = date.split('-').map(Number)
      return language === 'ja' ? `${year}年${month}月${day}日` : date
    },
    month: (month) => {
      const [year, number] = month.split('-').map(Number)
      return language === 'ja' ? `${year}年${number}月` : month
    },
    instant: (instant, timeZone) => clockIn(timeZone).format(new Date(instant)),
  }
}

/** Made once for each time zone: to make one takes as long as to say a hundred instants. */
const clocks = new Map<string, Intl.DateTimeFormat>()
function clockIn(timeZone: string): Intl.DateTimeFormat {
  const known = clocks.get(timeZone)
  if (known !== undefined) return known
  const clock = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' })
  clocks.set(timeZone, clock)
  return clock
}

const both: Record<Language, Words> = { ja: wordsIn('ja'), en: wordsIn('en') }

export function wordsFor(language: Language): Words {
  return both[language]
}

/** What is said in each language, as one value of a trial's own: it is kept, and may be changed later. */
export function inBoth(say: (words: Words) => string): Bilingual {
  return { ja: say(both.ja), en: say(both.en) }
}
