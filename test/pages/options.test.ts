/** What a field offers: its value and its words stay text, whoever typed them. */
import { expect, it } from 'vitest'
import { optionHtml } from '../../server/http/views.ts'

it('offers a value under its words, one of them chosen', () => {
  expect(optionHtml({ value: 'HIRO', label: 'HIRO 広島市民病院', chosen: false })).toBe(
    '<option value="HIRO">HIRO 広島市民病院</option>',
  )
  expect(optionHtml({ value: '', label: 'Choose', chosen: true })).toBe('<option value="" selected>Choose</option>')
})

it('keeps markup in a value or in words as text', () => {
  expect(optionHtml({ value: '"><b>', label: "</option><script>'&", chosen: false })).toBe(
    '<option value="&quot;&gt;&lt;b&gt;">&lt;/option&gt;&lt;script&gt;&#x27;&amp;</option>',
  )
})
