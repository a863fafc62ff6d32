/** `toroku verify`: replays the audit trail and names the first thing that is wrong. */
import { existsSync } from 'node:fs'
import { type DatabaseAddress, databaseAddress, settingFromEnvironment } from '../config.ts'
import { type Anchor, anchorsOf, readAnchors } from '../db/anchors.ts'
import { engineOf } from '../db/dialect.ts'
import { verifyWhole, type WholeFinding } from '../db/whole-verification.ts'
import {
  addressFrom,
  BadInput,
  type Command,
  databaseHelp,
  databaseOption,
  filesFrom,
  filesHelp,
  filesOption,
  openAnswering,
} from './command.ts'

const inWords: Record<WholeFinding['what'], string> = {
  file_damaged: 'the file itself is damaged',
  tail_missing: 'the end of the audit trail is gone, with an entry that was anchored',
  history_rewritten: 'the audit trail was written anew: an anchored entry is another one now',
  chain_gap: 'an audit entry is missing from its chain',
  chain_broken: 'an audit entry does not continue the one before it',
  entry_changed: 'an audit entry is not what it was when it was written',
  row_changed: 'a row differs from its last audit entry',
  row_missing: 'a row that the audit trail knows is gone',
  row_unaudited: 'a row has no audit entry',
  state_wrong: "a subject's copied state differs from its events",
  count_wrong: 'a daily count differs from the events',
  signature_wrong: 'a review is not what was frozen or signed',
  attachment_missing: 'the file of an attachment is gone',
  attachment_changed: 'the file of an attachment is not what was attached',
}

/** A finding in one line, with its place. */
export function findingInWords({ what, place }: WholeFinding): string {
  return `${inWords[what]}: ${place}`
}

export const verifyCommand: Command = {
  name: 'verify',
  summary: 'replay the audit trail, the rows and the roll-ups, and name the first thing wrong',
  help: `toroku verify [--database ADDRESS] [--anchors FILE] [--json]

Replays every chain of the audit trail, compares every row with its last entry, checks
every frozen and signed review against its digest, rebuilds every roll-up from the events, and compares every attached
file with its hash. It may run while others write: it reads one state. Exit code 0: all agree; 1: something is wrong;
2: no such database.

Anchors are the heads of the chains as a server wrote them down once a day outside the database; they tell what a
database that was rewritten as a whole cannot. Their seals need the server's ANCHOR_KEY, where it has one.

${databaseHelp}
${filesHelp}
  --anchors FILE      compare with these anchors          (default: anchors/NAME.jsonl beside a database file)
  --json              {"ok", "entries", "rows", "subjects", "attachments", "anchors", "finding": {"what", "place"} | null}`,
  options: { ...databaseOption, ...filesOption, anchors: { type: 'string' }, json: { type: 'boolean' } },
  positionals: { least: 0, most: 0 },
  async run({ values }) {
    const address = databaseAddress(addressFrom(values))
    if (address.kind === 'file' && !existsSync(address.path)) throw new BadInput(`no database at ${address.path}`)
    const { db, state } = await openAnswering(addressFrom(values))
    try {
      if (state !== 'current') throw new BadInput(`the database's schema is ${state} of this program's`)
      const anchors = await anchorsFrom(values.anchors, address)
      const { finding, ...checked } = await verifyWhole(db, anchors, filesFrom(values, address))
      if (values.json === true)
        console.log(JSON.stringify({ ok: finding === null, ...checked, anchors: anchors.length, finding }))
      else if (finding === null) {
        const { entries, rows, subjects, attachments } = checked
        console.log(`agrees: ${entries} audit entries, ${rows} rows, ${subjects} subjects with their daily counts`)
        if (attachments > 0) console.log(`and ${attachments} attached files with their hashes`)
        if (anchors.length > 0) console.log(`and with ${anchors.length} anchors, the last of ${anchors.at(-1)?.at}`)
      } else console.log(`wrong: ${findingInWords(finding)}`)
      return finding === null ? 0 : 1
    } finally {
      await engineOf(db).close()
    }
  },
}

async function anchorsFrom(file: string | boolean | undefined, address: DatabaseAddress): Promise<Anchor[]> {
  const path = typeof file === 'string' ? file : address.kind === 'file' ? anchorsOf(address.path) : null
  if (path === null) return []
  if (typeof file === 'string' && !existsSync(file)) throw new BadInput(`no file ${file}`)
  const { anchors, wrongLine } = await readAnchors(path, settingFromEnvironment('ANCHOR_KEY') ?? '')
  if (wrongLine !== null) {
    throw new BadInput(`line ${wrongLine} of ${path} is no anchor, or has another seal: is ANCHOR_KEY the server's?`)
  }
  return anchors
}
