/** Who read single subjects: newest first, each with what, from where, and whose. */
import { type AccessRecord, accessKinds } from '../domain/access-record.ts'
import type { Problem } from '../domain/parsed.ts'
import type { Words } from '../i18n/words.ts'
import type { AuditWorld } from './audit-values.ts'
import { type Choice, type Field, field, type Page, problemsInWords, titleOf } from './page.ts'

export type AccessWorld = AuditWorld
export type AccessTyped = { person: string; subject: string; what: string; from: string; until: string }

export type AccessesPage = Page & {
  note: string
  filter: {
    action: string
    people: Choice[]
    kinds: Choice[]
    subject: string
    from: Field
    until: Field
    all: string | null
    csv: string
  }
  rows: {
    at: string
    person: string
    role: string
    what: string
    way: string
    whose: { text: string; href: string | null; asked: string | null }
    address: string
    session: string
  }[]
  empty: string | null
  pager: { range: string; previous: string | null; next: string | null } | null
  back: string
}

export function accessesPage(
  input: {
    world: AccessWorld
    records: readonly AccessRecord[]
    typed: AccessTyped
    problems: readonly Problem[]
    people: readonly { id: string; username: string }[]
    isStart: boolean
    goesOn: boolean
  },
  words: Words,
): AccessesPage {
  const { world, records, typed, problems, people } = input
  const told = problemsInWords(problems, words)
  const action = `/trials/${world.trial.code}/accesses`
  const query = queryOf(typed)
  const order = new Intl.Collator(words.language)
  return {
    template: 'accesses/index',
    title: titleOf('accesses.title', words, problems.length > 0),
    place: 'audit',
    note: words.t('accesses.note'),
    filter: {
      action,
      people: people
        .map(({ id, username }) => ({
          value: username,
          label: nameOf(id, world, words),
          chosen: username === typed.person,
        }))
        .sort((a, b) => order.compare(a.label, b.label)),
      kinds: accessKinds.map((kind) => ({
        value: kind,
        label: words.of('access_kind', kind),
        chosen: kind === typed.what,
      })),
      subject: typed.subject,
      from: field('from', typed.from, told),
      until: field('until', typed.until, told),
      all: query === '' ? null : action,
      csv: `${action}.csv${query === '' ? '' : `?${query}`}`,
    },
    rows: records.map((record) => ({
      at: words.instant(record.readAt, world.trial.timeZone),
      person: nameOf(record.personId, world, words),
      role: record.role === null ? '—' : words.of('role', record.role),
      what: words.of('access_kind', record.what),
      way: words.of('access_way', record.way),
      whose: {
        text: whoseInWords(record, world, words),
        href: record.subjectId === null ? null : `/trials/${world.trial.code}/subjects/${record.subjectId}`,
        asked: askedInWords(record.asked, words),
      },
      address: record.address,
      session: sessionOf(record),
    })),
    empty: records.length > 0 ? null : words.t(query === '' ? 'accesses.none' : 'accesses.none_found'),
    pager:
      input.isStart && !input.goesOn
        ? null
        : {
            range: words.t('accesses.shown', { count: records.length }),
            previous: input.isStart ? null : `${action}${query === '' ? '' : `?${query}`}`,
            next: input.goesOn ? `${action}?${withBefore(query, records.at(-1)?.id ?? '')}` : null,
          },
    back: `/trials/${world.trial.code}/audit`,
  }
}

function withBefore(query: string, before: string): string {
  return [query, `before=${before}`].filter((part) => part !== '').join('&')
}

function queryOf(typed: AccessTyped): string {
  return new URLSearchParams(Object.entries(typed).filter(([, value]) => value !== '')).toString()
}

export function nameOf(personId: string, { names }: AccessWorld, words: Words): string {
  const name = names.get(personId)
  return name === undefined ? personId : words.pick(name)
}

function whoseInWords({ subjectId, number }: AccessRecord, { numbers }: AccessWorld, words: Words): string {
  if (subjectId !== null) return numbers.get(subjectId) ?? '—'
  return words.t('accesses.several', { count: number })
}

/** `list=waiting&site=01` is the list's own words and the site's code; the page of a list says nothing by itself. */
function askedInWords(asked: string | null, words: Words): string | null {
  const parts = [...new URLSearchParams(asked ?? '')].flatMap(([name, value]) => {
    if (name === 'list') return words.of('list', value)
    if (name === 'event') return words.of('audit_event', value)
    if (name === 'page') return value === '1' ? [] : words.t('accesses.page', { page: value })
    if (name === 'search') return words.t('accesses.searched')
    if (name === 'as') return value.toUpperCase()
    return words.of('access_asked', name, { value })
  })
  return parts.length === 0 ? null : parts.join(words.t('format.and'))
}

/** Enough of a session's name to tell two apart. */
function sessionOf({ sessionHandle }: AccessRecord): string {
  return sessionHandle?.slice(0, 8) ?? '—'
}

export function accessFileHeader(words: Words): string[] {
  return [
    words.t('audit.instant'),
    words.t('accesses.person'),
    words.t('audit.role'),
    words.t('accesses.what'),
    words.t('accesses.way'),
    words.t('accesses.whose'),
    words.t('accesses.number'),
    words.t('accesses.asked'),
    words.t('accesses.address'),
    words.t('accesses.session'),
    words.t('audit.request'),
  ]
}

export function accessFileRow(record: AccessRecord, world: AccessWorld, words: Words): (string | number | null)[] {
  return [
    record.readAt,
    nameOf(record.personId, world, words),
    record.role === null ? null : words.of('role', record.role),
    words.of('access_kind', record.what),
    words.of('access_way', record.way),
    record.subjectId === null ? null : (world.numbers.get(record.subjectId) ?? null),
    record.number,
    askedInWords(record.asked, words),
    record.address,
    record.sessionHandle,
    record.requestId,
  ]
}
