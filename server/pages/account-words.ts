/** What pages about people have in common: instants, devices, links and roles in words. */
import { deviceOf } from '../domain/device.ts'
import type { Role } from '../domain/permission.ts'
import type { Words } from '../i18n/words.ts'

/** People belong to no trial, so their times are those of the installation: 2026-06-24 12:00. */
export function instantWords(instant: string, words: Words): string {
  return words.instant(instant, 'Asia/Tokyo')
}

/** `Chrome（Windows）`; what a browser does not say is left out. */
export function deviceWords(agent: string, words: Words): string {
  const { browser, system } = deviceOf(agent)
  const names = { browser: words.of('browser', browser), system: words.of('system', system) }
  return system === 'unknown' ? names.browser : words.t('account.device', names)
}

/** When and from where somebody was last here, and how many tries under their name failed since. */
export function lastTimeWords(
  last: { at: string; address: string; agent: string; failures: number },
  words: Words,
): string {
  const values = {
    at: instantWords(last.at, words),
    from: last.address,
    device: deviceWords(last.agent, words),
    count: last.failures,
  }
  return words.t(last.failures === 0 ? 'account.last_time' : 'account.last_time_failures', values)
}

/** A role and its place by their codes: `コーディネーター　SSC-BMC 01`. */
export function roleWords(
  held: { role: Role; trialCode: string | null; siteCode: string | null },
  words: Words,
): { role: string; place: string } {
  const place = [held.trialCode, held.siteCode].filter((code) => code !== null).join(' ')
  return { role: words.of('role', held.role), place: place === '' ? words.t('people.installation') : place }
}

/** Each role once, with all the places in which it is held: `監査担当者　SSC-BMC、STR01-03`. */
export function rolesTogether(
  roles: readonly { role: Role; trialCode: string | null; siteCode: string | null }[],
  words: Words,
): { role: string; places: string }[] {
  const places = new Map<string, string[]>()
  for (const held of roles) {
    const { role, place } = roleWords(held, words)
    places.set(role, [...(places.get(role) ?? []), `[[${place}]]`])
  }
  return [...places].map(([role, where]) => ({ role, places: where.sort().join(words.t('format.and')) }))
}
