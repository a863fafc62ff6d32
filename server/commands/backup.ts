/** `toroku backup`: a verified copy of a database file, made while others write to it. */
import { existsSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { databaseAddress } from '../config.ts'
import { now } from '../context.ts'
import { backUp, backupName, pruneBackups } from '../db/backup.ts'
import { engineOf } from '../db/dialect.ts'
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
import { tellProgress } from './progress.ts'
import { findingInWords } from './verify.ts'

const onServer = `this database is on a server, which has its own way to keep a copy:

  pg_dump --format=custom --file=toroku.dump "$DATABASE_URL"
  createdb restored && pg_restore --exit-on-error --dbname=restored toroku.dump
  toroku verify --database "$RESTORED_URL" --files COPIED_FOLDER

attached files lie in FILES_FOLDER: copy that folder after the dump (files are added to it, never changed)`

export const backupCommand: Command = {
  name: 'backup',
  summary: 'copy a database file while it is in use, and verify the copy',
  help: `toroku backup [--to PLACE] [--keep N] [--database ADDRESS] [--json]

Copies the database file while others go on writing, and verifies the copy before it gets its name: audit trail, rows,
roll-ups and attached files, which are copied to the folder NAME.files. Its SHA-256 lies beside it. Exit code 0: a backup that agrees; 1: something is wrong with the data, and
the copy is kept as NAME.wrong; 2: it cannot be made. For a server's database it says how, with exit code 2.

${databaseHelp}
${filesHelp}
  --to PLACE          a folder, or the new file's path        (default: the folder backups beside the database)
  --keep N            remove all but the newest N backups of the folder, once this one is whole
  --json              {"ok", "path", "bytes", "entries", "rows", "subjects", "attachments", "finding", "removed"}`,
  options: {
    ...databaseOption,
    ...filesOption,
    to: { type: 'string' },
    keep: { type: 'string' },
    json: { type: 'boolean' },
  },
  positionals: { least: 0, most: 0 },
  async run({ values }) {
    const address = databaseAddress(addressFrom(values))
    if (address.kind !== 'file') throw new BadInput(onServer)
    if (!existsSync(address.path)) throw new BadInput(`no database at ${address.path}`)
    const keep = keepFrom(values.keep)
    const path = placeFrom(values.to, address.path)
    if (existsSync(path)) throw new BadInput(`${path} is there already`)
    const { db, state } = await openAnswering(address.path)
    try {
      if (state !== 'current') throw new BadInput(`the database's schema is ${state} of this program's`)
      const backup = await backUp(db, path, filesFrom(values, address), tellProgress('copied'))
      const { finding, ...checked } = backup.verification
      const removed = finding === null && keep !== null ? pruneBackups(dirname(path), 'whole', keep) : []
      if (values.json === true) {
        const { bytes } = backup
        console.log(JSON.stringify({ ok: finding === null, path: backup.path, bytes, ...checked, finding, removed }))
      } else if (finding === null) {
        const { entries, attachments } = checked
        const files = attachments === 0 ? '' : `, ${attachments} attached files`
        console.log(`backed up and verified: ${backup.path} (${backup.bytes} bytes, ${entries} audit entries${files})`)
        for (const old of removed) console.log(`removed: ${old}`)
      } else console.log(`kept as ${backup.path}, but wrong: ${findingInWords(finding)}`)
      return finding === null ? 0 : 1
    } finally {
      await engineOf(db).close()
    }
  },
}

function keepFrom(value: string | boolean | undefined): number | null {
  if (typeof value !== 'string') return null
  const keep = Number(value)
  if (!Number.isInteger(keep) || keep < 1) throw new BadInput(`--keep needs a number from 1, not ${value}`)
  return keep
}

function placeFrom(to: string | boolean | undefined, database: string): string {
  const place = typeof to === 'string' ? to : `${join(dirname(database), 'backups')}/`
  const isFolder = place.endsWith('/') || (existsSync(place) && statSync(place).isDirectory())
  return isFolder ? join(place, backupName(now())) : place
}
