/** What stands around every page: who is signed in, which trial, its pages, the language, the banners. */
import { type Act, mayIn, mayInSystem, roleIn } from '../domain/permission.ts'
import type { Trial } from '../domain/trial.ts'
import type { TrialAtHand } from '../domain/trial-lock.ts'
import type { Words } from '../i18n/words.ts'
import type { Page, Place } from '../pages/page.ts'
import { newCsrfToken } from './middleware/csrf.ts'
import type { Visit } from './visit.ts'

const styles = [
  'tokens',
  'ground',
  'frame',
  'marks',
  'tables',
  'log',
  'figures',
  'forms',
  'import',
  'notices',
  'settings',
  'people',
  'recruitment',
  'requests',
  'calendar',
  'narrow',
  'paper',
  'feasibility',
  'reviews',
  'print',
].map((name) => `/css/${name}.css`)
const chartScripts = [
  { src: '/vendor/chart.js/chart.umd.js', isModule: false },
  { src: '/js/chart.js', isModule: true },
]

const dateScripts = [{ src: '/js/date-echo.js', isModule: true }]
const keyScripts = [{ src: '/js/log-keys.js', isModule: true }]
const printScripts = [{ src: '/js/print-button.js', isModule: true }]
const whatIfScripts = [
  { src: '/js/what-if.js', isModule: true },
  { src: '/js/copy-text.js', isModule: true },
]

/** The pages of a trial in the order of the navigation, each shown to those who may open it. */
const places: readonly { place: Exclude<Place, null>; path: string; act: Act }[] = [
  { place: 'overview', path: '', act: 'see_counts' },
  { place: 'subjects', path: '/subjects', act: 'see_subjects' },
  { place: 'timelines', path: '/timelines', act: 'see_subjects' },
  { place: 'sites', path: '/sites', act: 'see_counts' },
  { place: 'projection', path: '/projection', act: 'see_counts' },
  { place: 'reviews', path: '/reviews', act: 'see_counts' },
  { place: 'recruitment', path: '/countermeasures', act: 'see_counts' },
  { place: 'requests', path: '/requests', act: 'see_counts' },
  { place: 'calendar', path: '/calendar', act: 'see_counts' },
  { place: 'profile', path: '/profile', act: 'see_counts' },
  { place: 'settings', path: '/settings', act: 'configure_trial' },
  { place: 'audit', path: '/audit', act: 'see_audit' },
]

/** So many trials are offered on every page; the portfolio has them all. */
const mostOffered = 20

function namedOf(trials: readonly Trial[], here: Trial | null): readonly Trial[] {
  const first = trials.slice(0, mostOffered)
  return here === null || first.includes(here) ? first : [...first, here]
}

export function frameFor(visit: Visit, page: Page) {
  const { actor, trials, words, request, context } = visit
  const trial = trials.find(({ code }) => code === request.params.trial) ?? null
  const pages = trial === null || actor === null ? [] : pagesOf(trial, actor.grants, page.place, words)
  const current = pages.find((entry) => entry.current)
  return {
    language: words.language,
    languages: [
      { code: 'ja', name: '日本語', current: words.language === 'ja' },
      { code: 'en', name: 'English', current: words.language === 'en' },
    ],
    title: `${page.title}${trial === null ? '' : ` · ${trial.code}`} — 登録 Toroku`,
    styles,
    scripts: [
      ...(page.hasChart === true ? chartScripts : []),
      ...(page.hasKeys === true ? keyScripts : []),
      ...(page.hasWhatIf === true ? whatIfScripts : []),
      ...(page.hasDates === true ? dateScripts : []),
      ...(page.hasPrint === true ? printScripts : []),
    ],
    bodyClass: page.template === 'session/new' ? 'sign-in' : null,
    isDemo: context.config.demonstration !== null,
    csrf: newCsrfToken(request),
    path: page.address ?? (request.method === 'GET' ? request.originalUrl : '/'),
    person: actor === null ? null : { name: words.pick(actor.name), role: roleName(visit, trial) },
    isAdministrator: actor !== null && mayInSystem(actor.grants, 'manage_people'),
    switchLabel: trial === null ? words.t('frame.choose_trial') : `${trial.code}　${words.pick(trial.name)}`,
    trials: namedOf(trials, trial).map(({ code, name }) => ({
      code,
      name: words.pick(name),
      href: `/trials/${code}`,
      current: code === trial?.code,
    })),
    pages,
    menuLabel: current === undefined ? words.t('frame.menu_plain') : words.t('frame.menu', { page: current.label }),
    lock: trial === null ? null : lockSaid(trial, words),
    ...fixedTime(page),
  }
}

/** What every page of a locked trial says at its head. */
function lockSaid({ code, lock, timeZone }: TrialAtHand, words: Words): { text: string; href: string } | null {
  if (lock === null) return null
  const at = words.instant(lock.lockedAt, timeZone)
  return {
    text: words.t('trial_end.banner', { at, name: words.pick(lock.name) }),
    href: `/trials/${code}/profile#end-of-trial`,
  }
}

function fixedTime({ fixed }: Page) {
  if (fixed === undefined) return { fixedAt: null, fixedNote: '', fixedReturn: '' }
  return { fixedAt: fixed.at, fixedNote: fixed.note, fixedReturn: fixed.href }
}

function roleName({ actor, words }: Visit, trial: Trial | null): string {
  const inTrial = actor?.grants.find(({ trialId }) => trialId !== null)?.trialId ?? null
  const role = actor === null ? null : roleIn(actor.grants, trial?.id ?? inTrial)
  return role === null ? '' : words.of('role', role)
}

function pagesOf(trial: Trial, grants: Parameters<typeof mayIn>[0], here: Place, words: Words) {
  return places
    .filter(({ act }) => mayIn(grants, act, trial.id))
    .map(({ place, path }) => ({
      href: `/trials/${trial.code}${path}`,
      label: words.of('nav', place),
      current: place === here,
    }))
}
