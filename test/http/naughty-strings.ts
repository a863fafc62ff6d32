/** Strings that have broken programs: scripts of the world, what other languages take for code, and what is no text at all. */

const many = (text: string, times: number) => text.repeat(times)

export const naughtyStrings: readonly string[] = [
  // Numbers and words that mean something to a program
  ...['0', '-1', '1e309', 'NaN', 'Infinity', '0x7f', '٣', '１２３', '1/0', '9007199254740993', '1'.repeat(40)],
  ...['null', 'undefined', 'true', '[]', '{}', '[object Object]', 'on', 'yes', 'exit:', 'exit:constructor'],
  ...['constructor', '__proto__', 'prototype', 'toString', 'hasOwnProperty', '__proto__.polluted', 'valueOf'],
  // Japanese: half-width, decomposed, long vowels, rare and outside the basic plane, old and circled
  ...[
    'ｶﾞｷﾞｸﾞ',
    'か\u3099き\u309a',
    'ヷヸヹ',
    '髙﨑',
    '𠮷野家',
    '葛\u{E0100}飾',
    '㈱㍿①Ⅻ',
    '～−―ー－',
    '　全角　空白　',
    '表示ソ能',
  ],
  ...['第１施設', '令和', '山田 太郎 090-1234-5678', '｡｢｣､･', '〜￥＼'],
  // Other scripts, both directions, marks upon marks
  ...[
    'שלום עולם',
    'مرحبا بالعالم',
    '\u202Eabc\u202C',
    '\u2066isolate\u2069',
    'ไทยภาษา',
    'हिन्दी',
    'Z\u0351\u036B\u0343a\u0344l\u030Dg\u0350o',
  ],
  ...['ÅÄÖ éèê', 'ﷺ', '한국어', 'Ω≈ç√∫', 'İıŞş', 'ß ẞ', 'ﬀﬁﬂ'],
  // Pictures, joined and coloured
  ...['😀', '👩‍👩‍👧‍👦', '🇯🇵', '👍🏽', '🏳️‍🌈', '❤️‍🔥'],
  // Nothing to see
  ...['\u200B', '\uFEFF', '\u00AD', '\u2028', '\u2029', '\u180E', '\u3164', 'a\u200Bb', '\u00A0'],
  // Not text: control characters and halves of characters
  ...['\u0000', 'a\u0000b', '\u0001\u0002', '\u001B[31m', '\u007F', '\u0085', 'a\u0008b', '\uFFFE', '\uFFFD'],
  ...['line\nbreak', 'carriage\r\nreturn', 'tab\tbed', '\n\n'],
  // Markup and templates
  ...[
    '<script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    "' autofocus onfocus=alert(1) x='",
    '</textarea><b>',
    '</title>',
  ],
  ...[
    '&lt;b&gt;',
    '&amp;',
    '<!--',
    ']]>',
    '{{constructor}}',
    '{{{body}}}',
    '{{#with "s" as |s|}}',
    '$' + '{7*7}',
    '#{7*7}',
    '<%= 7*7 %>',
  ],
  ...['[[unbroken]]', '**strong**', '//', '{count}', '$t(frame.skip)', '%s%n%x'],
  // Queries, commands, files, spreadsheets
  ...["' or '1'='1", "'; drop table subject; --", '1; select sleep(9)', 'a%', '_', '\\', "\\'; --", '%27', '"', '`'],
  ...[
    '$(touch x)',
    '| cat /etc/passwd',
    '../../../../etc/passwd',
    '..\\..\\x',
    'file:///etc/passwd',
    '/dev/null',
    'C:\\con',
  ],
  ...[
    '=1+1',
    "=cmd|' /C calc'!A0",
    '@sum(1)',
    '+1',
    '-1+1',
    '\t=1',
    'https://example.org',
    '%00',
    '%E0%A4%A',
    '%2e%2e%2f',
  ],
  // Long
  ...[many('a', 65), many('あ', 201), many('😀', 1001), many('x', 5000), many('<', 300)],
]
