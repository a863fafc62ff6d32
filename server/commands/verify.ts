/** `toroku verify`: replays the audit trail and names the first thing that is wrong. */
import { existsSync } from 'node:fs'
import { type ArchiveFinding, verifyArchive } from '../archive/verify-archive.ts'
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
  type ExitCode,
  filesFrom,
  filesHelp,
  filesOption,
  openAnswering,
} from './command.ts'
import { tellProgress } from './progress.ts'

const inWords: Record<(WholeFinding | ArchiveFinding)['what'], string> = {
  archive_damaged: 'the archive is not as it was written',
  manifest_wrong: 'the manifest of the archive is missing, or is not what its digest says',
  file_missing: 'a file of the archive is gone',
  file_unlisted: 'a file that the manifest does not name stands in the archive',
  file_changed: 'a file of the archive is not what its digest says',
  number_wrong: 'the archive holds another number of rows or entries than its manifest says',
  attachment_wrong: 'an attached file is missing, or is not what its record says',
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
  redaction_unfounded: 'a text is missing from an audit entry, and no redaction in the trail names it',
  redaction_undone: 'an audit entry still holds a text that a redaction took out',
  signature_wrong: 'a review is not what was frozen or signed',
  attachment_missing: 'the file of an attachment is gone',
  attachment_changed: 'the file of an attachment is not what was attached',
}

/** A finding in one line, with its place. */
export function findingInWords({ what, place }: WholeFinding | ArchiveFinding): string {
  return `${inWords[what]}: ${place}`
}

export const verifyCommand: Command = {
  name: 'verify',
  summary: 'replay the audit trail, the rows and the roll-ups, and name the first thing wrong',
  help: `toroku verify [--database ADDRESS] [--anchors FILE] [--json]
toroku verify --archive FILE [--json]

Replays every chain of the audit trail, compares every row with its last entry, checks
every frozen and signed review against its digest, rebuilds every roll-up from the events, and compares every attached
file with its hash. It may run while others write: it reads one state. Exit code 0: all agree; 1: something is wrong;
2: no such database.

Anchors are the heads of the chains as a server wrote them down once a day outside the database; they tell what a
database that was rewritten as a whole cannot. Their seals need the server's ANCHOR_KEY, where it has one.

With --archive it checks a file that \`toroku archive\` wrote, against itself, without a database: every byte of it, the
digests of its manifest, the chain, every row against its last entry, what was signed and attached, and the anchors in it.

${databaseHelp}
${filesHelp}
  --archive FILE      check this archive, and no database
  --anchors FILE      compare with these anchors          (default: anchors/NAME.jsonl beside a database file)
  --json              {"ok", "entries", "rows", "subjects", "attachments", "anchors", "finding": {"what", "place"} | null};
                      of an archive {"ok", "files", "entries", "rows", "asOf", "trial", "digest", "finding"}`,
  options: {
    ...databaseOption,
    ...filesOption,
    anchors: { type: 'string' },
    archive: { type: 'string' },
    json: { type: 'boolean' },
  },
  positionals: { least: 0, most: 0 },
  async run({ values }) {
    if (typeof values.archive === 'string') return sayArchive(values.archive, values.json === true)
    const address = databaseAddress(addressFrom(values))
    if (address.kind === 'file' && !existsSync(address.path)) throw new BadInput(`no database at ${address.path}`)
    const { db, state } = await openAnswering(addressFrom(values))
    try {
      if (state !== 'current') throw new BadInput(`the database's schema is ${state} of this program's`)
      const anchors = await anchorsFrom(values.anchors, address)
      const files = filesFrom(values, address)
      const { finding, ...checked } = await verifyWhole(db, anchors, files, tellProgress('verified'))
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

/** The anchors of a file that was named, or of the one beside a database file. */
export async function anchorsFrom(file: string | boolean | undefined, address: DatabaseAddress): Promise<Anchor[]> {
  const path = typeof file === 'string' ? file : address.kind === 'file' ? anchorsOf(address.path) : null
  if (path === null) return []
  if (typeof file === 'string' && !existsSync(file)) throw new BadInput(`no file ${file}`)
  const { anchors, wrongLine } = await readAnchors(path, settingFromEnvironment('ANCHOR_KEY') ?? '')
  if (wrongLine !== null) {
    throw new BadInput(`line ${wrongLine} of ${path} is no anchor, or has another seal: is ANCHOR_KEY the server's?`)
  }
  return anchors
}

async function sayArchive(path: string, asJson: boolean): Promise<ExitCode> {
  if (!existsSync(path)) throw new BadInput(`no archive at ${path}`)
  const { finding, manifest, digest, ...checked } = await verifyArchive(path, tellProgress('verified'))
  const { asOf, trial } = manifest ?? { asOf: null, trial: null }
  if (asJson) {
    console.log(JSON.stringify({ ok: finding === null, ...checked, asOf, trial: trial?.code ?? null, digest, finding }))
  } else if (finding === null) {
    const { files, rows, entries } = checked
    console.log(`agrees with itself: ${files} files, ${rows} rows, ${entries} audit entries of ${trial?.code}, ${asOf}`)
    for (const sha256 of manifest?.lost ?? []) console.log(`lost before it was made: an attached file ${sha256}`)
    console.log(`digest of its manifest, to be held against the one that was noted: ${digest}`)
  } else console.log(`wrong: ${findingInWords(finding)}`)
  return finding === null ? 0 : 1
}
