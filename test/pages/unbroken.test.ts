/** Dates and terms in what people wrote stay on one line, and markup stays text. */
import { expect, it } from 'vitest'
import { unbrokenHtml } from '../../server/http/views.ts'

const q = (term: string) => `<span class="q">${term}</span>`

it.each([
  ['次回（2026-07-31の予定）に示す', `次回（${q('2026-07-31')}の予定）に示す`],
  ['COVID-19とSSC-BMC', `${q('COVID-19')}と${q('SSC-BMC')}`],
  ['a well-known three-year plan', 'a well-known three-year plan'],
  ['T-shirt', q('T-shirt')],
  ['<b>2026-07-31</b> & "x-1"', `&lt;b&gt;${q('2026-07-31')}&lt;/b&gt; &amp; &quot;${q('x-1')}&quot;`],
  ['2026-07-31-', '2026-07-31-'],
  ['A-very-long-term-that-fills-a-column', 'A-very-long-term-that-fills-a-column'],
  ['−3, 2－1', '−3, 2－1'],
])('%s', (text, html) => expect(unbrokenHtml(text)).toBe(html))
