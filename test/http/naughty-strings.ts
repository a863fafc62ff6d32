/** Strings that have broken programs: scripts of the world, what other languages take for code, and what is no text at all. */

const many = (text: string, times: number) => text.repeat(times)

const meaningSomethingToPrograms = [
  ...['-1', '1e309', 'NaN', '٣', '１２３', '9007199254740993', many('1', 40), 'null', 'undefined', '[]', '{}'],
  ...['[object Object]', 'exit:', 'exit:constructor', 'constructor', '__proto__', 'toString', 'hasOwnProperty'],
]

/** Half-width, decomposed, rare, outside the basic plane, circled, full-width, and what breaks in old encodings. */
const japanese = [
  ...['ｶﾞｷﾞｸﾞ', 'か\u3099き\u309a', '髙﨑', '𠮷野家', '葛\u{E0100}飾', '㈱㍿①Ⅻ', '～−―ー－', '　全角　空白　'],
  ...['表示ソ能', '令和', '山田 太郎 090-1234-5678', '｡｢｣､･'],
]

/** Both directions, marks upon marks, letters that change their number with their case, pictures joined and coloured. */
const otherScripts = [
  ...['שלום עולם', 'مرحبا بالعالم', '\u202Eabc\u202C', '\u2066isolate\u2069', 'हिन्दी', '한국어', 'Ω≈ç√∫', 'İıŞş'],
  ...['Z\u0351\u036B\u0343a\u0344l\u030Dg\u0350o', 'ﷺ', '😀', '👩‍👩‍👧‍👦', '👍🏽', '🏳️‍🌈'],
]

const nothingToSee = ['\u200B', '\uFEFF', '\u00AD', '\u2028', '\u2029', 'a\u200Bb', '\u00A0', '\u3164']

/** Control characters, line ends, and what a decoder leaves of bytes that are no text. */
const noText = [
  ...['\u0000', 'a\u0000b', '\u001B[31m', '\u007F', '\u0085', 'a\u0008b', '\uFFFD'],
  ...['line\nbreak', 'carriage\r\nreturn', 'tab\tbed'],
]

const markup = [
  ...['<script>alert(1)</script>', '"><img src=x onerror=alert(1)>', "' autofocus onfocus=alert(1) x='", '<!--'],
  ...['</textarea><b>', '&lt;b&gt;', '{{constructor}}', '{{{body}}}', '{{#with "s" as |s|}}', '$' + '{7*7}'],
  ...['[[unbroken]]', '**strong**', '//', '{count}', '$t(frame.skip)'],
]

/** Queries, commands, files, spreadsheets. */
const code = [
  ...["' or '1'='1", "'; drop table subject; --", '1; select sleep(9)', 'a%', '_', '\\', "\\'; --", '%27', '"'],
  ...['$(touch x)', '| cat /etc/passwd', '../../../../etc/passwd', '..\\..\\x', 'file:///etc/passwd', 'C:\\con'],
  ...['=1+1', "=cmd|' /C calc'!A0", '@sum(1)', '+1', '\t=1', 'https://example.org', '%00', '%E0%A4%A'],
]

const long = [many('a', 65), many('あ', 201), many('😀', 1001), many('x', 5000), many('<', 300)]

export const naughtyStrings: readonly string[] = [
  ...meaningSomethingToPrograms,
  ...japanese,
  ...otherScripts,
  ...nothingToSee,
  ...noText,
  ...markup,
  ...code,
  ...long,
]
