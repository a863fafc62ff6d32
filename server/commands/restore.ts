/** `toroku restore`: a backup becomes a database again, in an empty place and only if it agrees with itself. */
import { databaseAddress } from '../config.ts'
import { type RestoreProblem, restore } from '../db/restore.ts'
import {
  addressFrom,
  BadInput,
  type Command,
  databaseHelp,
  databaseOption,
  filesFrom,
  filesHelp,
  filesOption,
} from './command.ts'
import { findingInWords } from './verify.ts'

function inWords(problem: RestoreProblem, file: string, target: string): string {
  switch (problem.what) {
    case 'no_file':
      return `no file ${file}`
    case 'not_closed':
      return `${file} is a database in use, or one that was cut off: its newest data lie in ${file}-wal; use toroku backup`
    case 'target_taken':
      return `${target} holds something already: a backup is restored to an empty place only`
    case 'digest_differs':
      return `${file} is not what was backed up: its SHA-256 differs from ${file}.sha256`
    case 'no_database':
      return `${file} cannot be read as a database: ${problem.reason}`
    case 'newer':
      return problem.unknown
    case 'unsound':
      return `${file} is damaged: ${findingInWords(problem.finding)}`
  }
}

export const restoreCommand: Command = {
  name: 'restore',
  summary: 'make a database out of a backup, verified before it is one',
  help: `toroku restore FILE [--database ADDRESS] [--json]

Copies a backup to the database's place, where nothing may be yet, brings its schema up to date, and verifies it before
it gets its name. Attached files come from the folder FILE.files, and are compared with their hashes. Everybody has to
sign in again. Exit code 0: restored; 2: it was not, and nothing was changed.

${databaseHelp}
${filesHelp}
  --json              {"restored", "entries", "rows", "subjects", "attachments", "migrated", "digest": "agrees" | "none"}`,
  options: { ...databaseOption, ...filesOption, json: { type: 'boolean' } },
  positionals: { least: 1, most: 1 },
  async run({ values, positionals: [file = ''] }) {
    const address = databaseAddress(addressFrom(values))
    if (address.kind !== 'file') {
      throw new BadInput('a backup is restored to a file; toroku copy brings a file to a server')
    }
    const outcome = await restore(file, address.path, filesFrom(values, address))
    if ('problem' in outcome) throw new BadInput(inWords(outcome.problem, file, address.path))
    const { verification, migrated, hadDigest } = outcome
    const { finding: _, ...checked } = verification
    const digest = hadDigest ? 'agrees' : 'none'
    if (values.json === true) console.log(JSON.stringify({ restored: address.path, ...checked, migrated, digest }))
    else {
      console.log(`restored and verified: ${address.path} (${checked.entries} audit entries, ${checked.rows} rows)`)
      if (checked.attachments > 0) console.log(`and ${checked.attachments} attached files with their hashes`)
      if (!hadDigest) console.log(`no ${file}.sha256 was there to compare with`)
      for (const name of migrated) console.log(`migrated: ${name}`)
    }
    return 0
  },
}
