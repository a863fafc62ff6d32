/** What a connection changed, told table by table, when others can see it. */
import { expect, it } from 'vitest'
import { newTableChanges, tableChangedBy } from '../../server/db/dialect/table-changes.ts'

it.each([
  ['insert into "subject" ("id") values (?)', 'subject'],
  ['insert into "session" ("id_hash") values (?) on conflict ("id_hash") do update set "content" = ?', 'session'],
  ['update "trial" set "name_en" = ?', 'trial'],
  ['delete from "session" where "seen_at" < ?', 'session'],
  ['insert or replace into "trial" ("id") values (?)', ''],
  ['with "other" as (select 1) update "trial" set "name_en" = ?', ''],
  ['update "main"."trial" set "name_en" = ?', ''],
  ['create table "trial" ("id" text)', ''],
])('%s changes %s', (text, table) => {
  expect(tableChangedBy(text)).toBe(table)
})

it('counts each table apart, a transaction with its end, and what says nothing for all', () => {
  const changes = newTableChanges()
  const counts = () => [['subject'], ['trial'], ['subject', 'trial'], []].map(changes.countOf)
  changes.note('subject', false)
  expect(counts()).toEqual([1, 0, 1, 0])
  changes.note('trial', true)
  expect(counts()).toEqual([1, 0, 1, 0])
  changes.commit()
  expect(counts()).toEqual([1, 1, 2, 0])
  changes.note('trial', true)
  changes.rollback()
  changes.commit()
  expect(counts()).toEqual([1, 1, 2, 0])
  changes.note('', false)
  expect(counts()).toEqual([2, 2, 3, 1])
})
