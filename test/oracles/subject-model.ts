/**
 * A naive model of one subject's way: a list of what was accepted, a table of words, and nothing of the product's code.
 * It says whether a command is allowed, where the subject then stands, and what counts on which day.
 */

/** `at` is a day number; `what` a milestone's code, `exit:` and an exit, or `prescreened`. */
export type Entry = { what: string; at: number; scope?: readonly string[] }

/** The pathway that the model knows, in its order. */
export const steps = [
  'injury',
  'consent',
  'judged',
  'provisional',
  'blood',
  'final',
  'arm',
  'treated',
  'visit',
] as const
const required = ['consent', 'provisional', 'final']
const repeatable = ['blood', 'visit']
const procedures = ['injury', 'blood']

/** For each state: what may be reached, and how one may leave. */
const table: Record<string, readonly [reach: string, leave: string]> = {
  prescreened: ['consent', 'prescreen_excluded declined'],
  screening: ['injury blood judged provisional final', 'screen_failed declined died unaccounted'],
  unaccounted: ['injury blood judged provisional final', 'screen_failed declined died'],
  eligible: ['injury blood provisional final', 'screen_failed declined died unaccounted'],
  provisional: ['injury blood final', 'excluded_after_provisional withdrawn died lost'],
  registered: ['injury blood arm treated visit', 'not_treated withdrawn lost died'],
  allocated: ['injury blood treated visit', 'not_treated withdrawn lost died'],
  treated: ['injury blood treated visit', 'completed withdrawn lost died'],
  not_treated: ['injury blood visit', 'completed withdrawn lost died'],
  follow_up: ['injury blood treated visit', 'completed withdrawn lost died'],
  withdrawn_in_part: ['injury blood visit', 'completed withdrawn lost died'],
}

const leadsTo: Record<string, string> = {
  consent: 'screening',
  judged: 'eligible',
  provisional: 'provisional',
  final: 'registered',
  arm: 'allocated',
  treated: 'treated',
  visit: 'follow_up',
}

/** One way through the log: `now` is today's day number. */
export class SubjectModel {
  readonly entries: Entry[] = []
  readonly now: number
  constructor(opening: Entry, now: number) {
    this.entries.push(opening)
    this.now = now
  }

  get state(): string {
    let state = ''
    for (const { what, scope = [] } of this.entries) {
      if (procedures.includes(what)) continue
      if (what === 'visit' && state === 'withdrawn_in_part') continue
      if (what === 'prescreened') state = what
      else if (!what.startsWith('exit:')) state = leadsTo[what] ?? '?'
      else if (what === 'exit:withdrawn' && scope.length > 0 && !scope.includes('visits')) state = 'withdrawn_in_part'
      else state = what.slice(5)
    }
    return state
  }

  get registered(): boolean {
    return this.entries.some(({ what }) => what === 'final')
  }

  private lastStage(): number {
    const stages = this.entries.filter(({ what }) => !what.startsWith('exit:') && !procedures.includes(what))
    return Math.max(...stages.map(({ at }) => at))
  }

  allows({ what, at }: Entry): boolean {
    const [reach, leave] = table[this.state] ?? ['', '']
    if (at > this.now) return false
    if (what.startsWith('exit:')) return leave.split(' ').includes(what.slice(5)) && at >= this.lastStage()
    const isDone = this.entries.some((entry) => entry.what === what)
    if (isDone && !repeatable.includes(what)) return false
    const before = steps.slice(0, steps.indexOf(what as (typeof steps)[number]))
    const missing = required.filter(
      (code) => (before as readonly string[]).includes(code) && !this.entries.some((entry) => entry.what === code),
    )
    if (missing.length > 0 || !reach.split(' ').includes(what)) return false
    return what === 'injury' || at >= this.lastStage()
  }

  /** The next stage of the pathway that is not there yet. */
  next(): string | null {
    const stages = ['consent', 'provisional', 'final', 'arm', 'treated', 'visit']
    return stages.find((code) => !this.entries.some(({ what }) => what === code)) ?? null
  }

  /** What may be taken back: the last entry, unless it opened the way or gave a number. */
  allowsTakingBack(): boolean {
    const last = this.entries.at(-1)
    const stays = ['prescreened', 'consent', 'provisional', 'final', 'arm', 'exit:void']
    return this.entries.length > 1 && last !== undefined && !stays.includes(last.what)
  }

  /** What counts: `step day` -> number. */
  counts(): Record<string, number> {
    const counts: Record<string, number> = {}
    const add = (step: string, at: number, number: number) => {
      counts[`${step} ${at}`] = (counts[`${step} ${at}`] ?? 0) + number
    }
    const walked = new SubjectModel(this.entries[0] as Entry, this.now)
    walked.entries.length = 0
    let unknown: { step: string; at: number } | null = null
    for (const entry of this.entries) {
      const { what, at } = entry
      const from = walked.state
      if (what === 'exit:void') return { [`void@${from} ${at}`]: 1 }
      if (unknown !== null && !procedures.includes(what)) {
        add(unknown.step, Math.max(at, unknown.at), -1)
        unknown = null
      }
      const step = what.startsWith('exit:') ? `${what.slice(5)}@${from}` : what
      add(step, at, 1)
      if (what === 'exit:unaccounted') unknown = { step, at }
      walked.entries.push(entry)
    }
    return Object.fromEntries(Object.entries(counts).filter(([, number]) => number !== 0))
  }
}
