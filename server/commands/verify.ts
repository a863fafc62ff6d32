/** `toroku verify`: replays the audit trail and names the first thing that is wrong. */
import { existsSync } from 'node:fs'
import { databaseAddress } from '../config.ts'
import { engineOf } from '../db/dialect.ts'
import { verifyWhole, type WholeFinding } from '../db/whole-verification.ts'
import { addressFrom, BadInput, type Command, databaseHelp, databaseOption, openAnswering } from './command.ts'

const inWords: Record<WholeFinding['what'], string> = {
  file_damaged: 'the file itself is damaged',
  chain_gap: 'an audit entry is missing from its chain',
  chain_broken: 'an audit entry does not continue the one before it',
  entry_changed: 'an audit entry is not what it was when it was written',
  row_changed: 'a row differs from its last audit entry',
  row_missing: 'a row that the audit trail knows is gone',
  row_unaudited: 'a row has no audit entry',
  state_wrong: "a subject's copied state differs from its events",
  count_wrong: 'a daily count differs from the events',
}

/** A finding in one line, with its place. */
export function findingInWords({ what, place }: WholeFinding): string {
  return `${inWords[what]}: ${place}`
}

export const verifyCommand: Command = {
  name: 'verify',
  summary: 'replay the audit trail, the rows and the roll-ups, and name the first thing wrong',
  help: `toroku verify [--database ADDRESS] [--json]

Replays every chain of the audit trail, compares every row with its last entry, and rebuilds
every roll-up from the events. It may run while others write: it reads one state. Exit code 0: all agree; 1: something is wrong; 2: no such database.

${databaseHelp}
  --json              {"ok", "entries", "rows", "subjects", "finding": {"what", "place"} | null}`,
  options: { ...databaseOption, json: { type: 'boolean' } },
  positionals: { least: 0, most: 0 },
  async run({ values }) {
    const address = databaseAddress(addressFrom(values))
    if (address.kind === 'file' && !existsSync(address.path)) throw new BadInput(`no database at ${address.path}`)
    const { db, state } = await openAnswering(addressFrom(values))
    try {
      if (state !== 'current') throw new BadInput(`the database's schema is ${state} of this program's`)
      const { finding, ...checked } = await verifyWhole(db)
      if (values.json === true) console.log(JSON.stringify({ ok: finding === null, ...checked, finding }))
      else if (finding === null) {
        const { entries, rows, subjects } = checked
        console.log(`agrees: ${entries} audit entries, ${rows} rows, ${subjects} subjects with their daily counts`)
      } else console.log(`wrong: ${findingInWords(finding)}`)
      return finding === null ? 0 : 1
    } finally {
      await engineOf(db).close()
    }
  },
}
