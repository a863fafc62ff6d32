/** What somebody might send who means harm, or whose keyboard does: by chance, and the same again for the same seed. */
import { naughtyStrings } from '../http/naughty-strings.ts'

/** A stream of chance (mulberry32): the same seed, the same requests. */
export function chanceFrom(seed: number) {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  return {
    below: (most: number) => Math.floor(next() * most),
    oneOf: <T>(many: readonly T[]): T => many[Math.floor(next() * many.length)] as T,
  }
}
export type Chance = ReturnType<typeof chanceFrom>

/** Queries, paths, templates, commands, directories, formulas: what another program would have carried out. */
const payloads = [
  ...[
    "' or 1=1--",
    "1' union select null,null,null--",
    "1;attach database 'x' as y--",
    "'||(select 1)||'",
    '1/**/or/**/1',
  ],
  ...[
    '1) or (1=1',
    "' and sleep(5)--",
    '1; select pg_sleep(5)--',
    '$$;drop table person;$$',
    "%' or '%'='",
    'admin\u0027/*',
  ],
  ...[
    '....//....//etc/passwd',
    '/proc/self/environ',
    '..%252f..%252fpackage.json',
    '\\\\127.0.0.1\\share',
    'file:///proc/self',
  ],
  ...[
    '{{constructor.constructor("return process")()}}',
    '{{lookup this "constructor"}}',
    '{{> frame}}',
    '<%= 7*7 %>',
    '#{7*7}',
  ],
  ...['$' + '{process.env.PATH}', '*)(uid=*))(|(uid=*', '`id`', ';id;', '|id', '$(id)', '\nid\n', '&& id'],
  ...[
    '<svg/onload=alert(1)>',
    '<script>alert(1)</script>',
    '"><script>alert(1)</script>',
    '</script><script>alert(1)</script>',
  ],
  ...[
    '<iframe src=javascript:alert(1)>',
    '<a href="javascript:alert(1)">x</a>',
    "'-alert(1)-'",
    '<math><mtext><img src=x onerror=alert(1)>',
  ],
  ...[
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY y SYSTEM "file:///etc/passwd">]><x>&y;</x>',
    '<!--#exec cmd="id" -->',
  ],
  ...[
    '=HYPERLINK("http://127.0.0.1/?x="&A1,"x")',
    '=IMPORTXML(CONCAT("http://127.0.0.1/",A1),"//a")',
    "-2+3+cmd|' /C calc'!A0",
  ],
  ...[
    "@SUM(1+1)*cmd|' /C calc'!A0",
    '\t=1+1',
    '\r=1+1',
    '＝1+1',
    '"=1+1',
    '%0d%0aSet-Cookie: a=b',
    'x\r\nSet-Cookie: a=b',
  ],
  ...[
    '__proto__',
    'constructor',
    'prototype',
    'hasOwnProperty',
    'valueOf',
    'then',
    'length',
    '-0',
    '1e400',
    '0x1F',
    '٣٣',
    '९',
  ],
  ...[
    'a'.repeat(300),
    '字'.repeat(300),
    '\u202e\u2066\u200f',
    'e\u0301'.repeat(50),
    `${'('.repeat(200)}${')'.repeat(200)}`,
  ],
  ...[
    `${'a'.repeat(60)}!`,
    `${'1-'.repeat(40)}x`,
    `${' '.repeat(500)}x`,
    `令和${'1'.repeat(100)}年`,
    `R${'.'.repeat(150)}`,
  ],
]

/** What people in Japan type on a good day and on a bad one. */
const japanese = [
  ...[
    '髙橋　惠子',
    '齋藤',
    '渡邉',
    '𠮷田',
    '㈱トウロク',
    '１２－３',
    'ﾊﾝｶｸ ｶﾅ',
    'が゛',
    'か\u3099',
    '〜～∼',
    '―—ー－',
    '①②③',
  ],
  ...[
    '㍻㍼㍽㍾㋿',
    'ｱｲｳ\u3000',
    '＜script＞',
    '￥1,000',
    '令和元年五月一日',
    '表十ソ噂',
    '纊褜鍈',
    '葛󠄀飾',
    '辻󠄀',
    '々〆ヶ',
    '\uff70',
    'ヷヸヹヺ',
  ],
  ...[
    '患者ＩＤ：１２３４５６７',
    '０９０－１２３４－５６７８',
    '山田太郎（やまだたろう）',
    '㌔㌢㍉',
    '🈁🈂️',
    '縦\n書\nき',
    '・・・',
    '「」『』【】',
  ],
]

export const hostileTexts: readonly string[] = [...new Set([...naughtyStrings, ...payloads, ...japanese])]

/** A day as it was typed, and the one that it means; null where there is none, or where nobody may guess. */
export type TypedDay = { typed: string; means: string | null }

const two = (number: number) => String(number).padStart(2, '0')
const wide = (text: string) => text.replace(/[0-9]/g, (digit) => String.fromCharCode(digit.charCodeAt(0) + 0xfee0))

/** Forty days that there are, each in four ways of writing, and fifty that there are not. */
function typedDays(): TypedDay[] {
  const days: TypedDay[] = []
  for (let index = 0; index < 40; index++) {
    const [year, month, day] = [2021 + (index % 6), 1 + (index % 12), 1 + ((index * 7) % 28)]
    const means = `${year}-${two(month)}-${two(day)}`
    for (const typed of [
      means,
      `R${year - 2018}.${month}.${day}`,
      `令和${year - 2018}年${month}月${day}日`,
      wide(means),
    ]) {
      days.push({ typed, means })
    }
  }
  const none = [
    ...[
      '2026-02-29',
      '2026-02-30',
      '2026-13-01',
      '2026-00-10',
      '2026-10-00',
      '2026-04-31',
      '1900-02-29',
      '0000-00-00',
      '2025-02-29',
    ],
    ...[
      'R8.2.30',
      'R8.13.1',
      '令和8年2月30日',
      '平成32年1月1日',
      'S64.1.8',
      'H31.5.1',
      'R1.4.30',
      '昭和65年1月1日',
      'R0.1.1',
      'M1.1.1',
    ],
    ...[
      '7/8/2026',
      '8/7/26',
      '2026',
      '2026-07',
      '19260',
      '2026-7-18-1',
      '2026-07-18T00:00:00Z',
      '2026-07-18 12:00',
      'today',
      '昨日',
    ],
    ...[
      '-2026-07-18',
      '+002026-07-18',
      '2026-07-1８日目',
      '99999-01-01',
      '275760-09-13',
      '2026-1e1-01',
      '2026--07-18',
      '18.07.2026',
    ],
    ...[
      '令和八年七月十八日',
      'Invalid Date',
      'NaN',
      '2026-07-18\u0000',
      '2026-07-18; drop table subject',
      '1e99',
      '٢٠٢٦-٠٧-١٨',
    ],
    ...[`2026-${'0'.repeat(500)}7-18`, '2026-07-32', '2026-06-31', '2026-09-31', '2026-11-31', '2023-02-29'],
  ]
  return [...days, ...none.map((typed) => ({ typed, means: null }))]
}

export const hostileDays: readonly TypedDay[] = typedDays()

/** A number as it was typed, and the one that it means; null where there is none. */
export const hostileNumbers: readonly TypedDay[] = [
  ...['12', '１２', ' 12 ', '　１２　', '\u200912', '012'].map((typed) => ({ typed, means: '12' })),
  ...['50', '５０', '５0'].map((typed) => ({ typed, means: '50' })),
  ...[
    '-1',
    '−1',
    '1e2',
    '0x1F',
    '１２．５',
    '十二',
    '٣٣',
    '1,000',
    '99999999999',
    '12人',
    'NaN',
    '1/0',
    '+-1',
    '12\u0000',
  ].map((typed) => ({ typed, means: null })),
]

/** Bytes behind a percent sign that are no text: cut, overlong, half of a pair, nothing, zero. */
export const brokenBytes = [
  ...[
    '%',
    '%Z',
    '%ZZ',
    '%E0%A4%A',
    '%FF',
    '%FE%FF',
    '%C0%AF',
    '%C1%81',
    '%E0%80%AF',
    '%F0%80%80%AF',
    '%ED%A0%80',
    '%ED%B0%80',
  ],
  ...[
    '%ED%A0%80%ED%B0%80',
    '%F4%90%80%80',
    '%F8%88%80%80%80',
    '%80',
    '%E3%81',
    '%u0041',
    '%00',
    'a%00b',
    '%0d%0a',
    '%5c',
    '%2e%2e%2f',
  ],
]
