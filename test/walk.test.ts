/** The links that a test follows are those that a browser would follow: with all that they ask. */
import { expect, it } from 'vitest'
import { linksOn } from './support/walk.ts'

const linksIn = (text: string) => linksOn({ path: '/trials/A/subjects?page=2', text })

it('a link is followed with what it asks, however the page has escaped it', () => {
  const escaped = '<a href="/trials/A/audit?from&#x3D;2026-01-01&amp;person&#x3D;a&#x27;b#list">x</a>'
  expect(linksIn(escaped)).toEqual(["/trials/A/audit?from=2026-01-01&person=a'b"])
  expect(linksIn('<a class="on" href="?page&#x3D;3&amp;by&#x3D;site">3</a>')).toEqual([
    '/trials/A/subjects?page=3&by=site',
  ])
})

it('a place on the page itself is no other page', () => {
  expect(linksIn('<a href="#main">x</a><a href="/trials/A#site&#x3D;01">y</a>')).toEqual(['/trials/A'])
})

it('a form that asks is followed as it opens; one that changes something is not', () => {
  expect(linksIn('<form method="get" action="/trials/A/log"></form><form method="post" action="/x"></form>')).toEqual([
    '/trials/A/log',
  ])
})
