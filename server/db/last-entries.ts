/**
 * What the last audit entry of every record says, for millions of records: of each, 64 bits that recognise the record and
 * 64 that recognise its content (of its SHA-256), both under a secret of this run, so that nobody can have prepared
 * another one with the same bits. 16 bytes a place, twice to four times as many places as records: 2 million records take
 * 64 MB. That a change goes unseen, or that two records are taken for one, has a chance of about one in ten million
 * million among so many, and of nothing that could be aimed at.
 */
import { hash, randomBytes } from 'node:crypto'

export type LastEntries = {
  /** A later content of the same record takes the place of the earlier one. */
  note(record: string, content: string): void
  /** Whether the record's last content is this, or else the other spelling; a record is taken once, and is gone then. */
  take(record: string, content: string, orElse: () => string): 'same' | 'other' | 'unknown'
  /** Whether the record was noted, and not taken. */
  holds(record: string): boolean
  /** How many are left. */
  size(): number
}

const smallest = 1 << 12

/** 32 bits out of four signs of a digest. */
const bitsAt = (digest: string, at: number) =>
  (digest.charCodeAt(at) |
    (digest.charCodeAt(at + 1) << 8) |
    (digest.charCodeAt(at + 2) << 16) |
    (digest.charCodeAt(at + 3) << 24)) >>>
  0

/** 32 bits of a name, from 1: every sign turns all of them over, in a way that depends on the seed. */
function mixed(text: string, seed: number): number {
  let state = seed
  for (let index = 0; index < text.length; index++) {
    state = Math.imul(state ^ text.charCodeAt(index), 0x9e3779b1)
    state ^= state >>> 15
  }
  state = Math.imul(state ^ (state >>> 16), 0x85ebca6b)
  return (state ^ (state >>> 13)) >>> 0 || 1
}

export function newLastEntries(): LastEntries {
  const secret = randomBytes(16).toString('hex')
  const seeds = [randomBytes(4).readInt32LE(), randomBytes(4).readInt32LE()] as const
  /** Four numbers a place: two of the record, both 0 where it is free; two of the content, both 0 once it was taken. */
  let places = new Uint32Array(smallest * 4)
  let used = 0
  let left = 0
  const mark = (text: string): readonly [high: number, low: number] => {
    const digest = hash('sha256', secret + text, 'binary')
    return [bitsAt(digest, 0), bitsAt(digest, 4)]
  }

  function placeOf(high: number, low: number): number {
    const last = places.length / 4 - 1
    for (let index = low & last; ; index = (index + 1) & last) {
      const at = index * 4
      if (places[at] === high && places[at + 1] === low) return at
      if (places[at] === 0 && places[at + 1] === 0) return at
    }
  }

  function grow(): void {
    const before = places
    places = new Uint32Array(before.length * 2)
    for (let from = 0; from < before.length; from += 4) {
      const [high = 0, low = 0] = before.subarray(from, from + 2)
      if (high !== 0 || low !== 0) places.set(before.subarray(from, from + 4), placeOf(high, low))
    }
  }

  function find(record: string): number {
    return placeOf(mixed(record, seeds[0]), mixed(record, seeds[1]))
  }
  const isFree = (at: number) => places[at] === 0 && places[at + 1] === 0
  const isTaken = (at: number) => places[at + 2] === 0 && places[at + 3] === 0

  return {
    note(record, content) {
      if (used * 8 >= places.length) grow()
      const [high, low] = [mixed(record, seeds[0]), mixed(record, seeds[1])]
      const at = placeOf(high, low)
      if (isFree(at)) used += 1
      if (isTaken(at)) left += 1
      const said = mark(content)
      places[at] = high
      places[at + 1] = low
      places[at + 2] = said[0]
      places[at + 3] = said[1]
    },
    take(record, content, orElse) {
      const at = find(record)
      if (isFree(at) || isTaken(at)) return 'unknown'
      const [high, low] = [places[at + 2], places[at + 3]]
      const isIt = (said: readonly number[]) => high === said[0] && low === said[1]
      const isSame = isIt(mark(content)) || isIt(mark(orElse()))
      places[at + 2] = 0
      places[at + 3] = 0
      left -= 1
      return isSame ? 'same' : 'other'
    },
    holds(record) {
      const at = find(record)
      return !isFree(at) && !isTaken(at)
    },
    size: () => left,
  }
}
