/** `toroku archive`: everything there is of one trial, as one file that can be checked without a database. */
import { existsSync, rmSync } from 'node:fs'
import { type Written, writeArchive } from '../archive/write-archive.ts'
import { databaseAddress } from '../config.ts'
import type { Context } from '../context.ts'
import type { Anchor } from '../db/anchors.ts'
import { engineOf, type Progress } from '../db/dialect.ts'
import { listSchema } from '../db/schema.ts'
import { type ArchivedTable, listArchivedTables } from '../db/trial-archive.ts'
import { findTrialByCode } from '../db/trials.ts'
import type { Trial } from '../domain/trial.ts'
import { giveName } from '../files/whole-file.ts'
import { productVersion } from '../project-folder.ts'
import { addressFrom, BadInput, type Command, databaseHelp, databaseOption } from './command.ts'
import { tellProgress } from './progress.ts'
import { openContext } from './user.ts'
import { anchorsFrom } from './verify.ts'

export const archiveCommand: Command = {
  name: 'archive',
  summary: 'write everything of one trial into one file, to be kept after its end',
  help: `toroku archive --trial CODE --out FILE [--anchors FILE] [--database ADDRESS] [--json]

Writes a tar file that holds every row of the trial as JSON with a data dictionary, its audit trail, the signed reviews
as they were signed, its change requests with their files, the anchors of its trail, the list of subjects as CSV in both
languages, and a manifest with the SHA-256 of each. \`toroku verify\` checks such a file as well, without a database. The same
data as of the same instant give the same bytes.

THE ARCHIVE HOLDS ALLOCATED ARMS. It is made at the console only; do not hand it to anybody who must stay blinded.
It may be made while others write, and whether or not the trial is locked. Note the digest that is printed somewhere
else: whoever could write the whole file anew could not write that.

  --trial CODE        which trial
  --out FILE          the new file; one that is there already is left alone
  --anchors FILE      the anchors to put in               (default: anchors/NAME.jsonl beside a database file)
${databaseHelp}
  --json              {"path", "digest", "files", "rows", "entries", "lost": [...]}

Exit code 0: written; 1: written, but files that were attached are lost from the installation; 2: it cannot be written.`,
  options: {
    ...databaseOption,
    trial: { type: 'string' },
    out: { type: 'string' },
    anchors: { type: 'string' },
    json: { type: 'boolean' },
  },
  positionals: { least: 0, most: 0 },
  async run({ values }) {
    if (typeof values.trial !== 'string') throw new BadInput('--trial CODE is missing')
    if (typeof values.out !== 'string') throw new BadInput('--out FILE is missing')
    const { out } = values
    if (existsSync(out)) throw new BadInput(`${out} is there already`)
    const address = databaseAddress(addressFrom(values))
    if (address.kind === 'file' && !existsSync(address.path)) throw new BadInput(`no database at ${address.path}`)
    const context = await openContext(addressFrom(values))
    try {
      const trial = await findTrialByCode(context.db, values.trial)
      if (trial === null) throw new BadInput(`no trial ${values.trial}`)
      const anchors = await anchorsFrom(values.anchors, address)
      const written = await archiveTrial(context, trial, anchors, out, context.now(), tellProgress('archived'))
      if (values.json === true) console.log(JSON.stringify({ path: out, ...written }))
      else {
        const { files, rows, entries, digest, lost } = written
        console.log(`archived: ${out} (${files} files, ${rows} rows, ${entries} audit entries)`)
        console.log(`digest of its manifest: ${digest}`)
        console.log('it holds allocated arms: not for anybody who must stay blinded')
        for (const sha256 of lost) console.log(`lost: an attached file with the digest ${sha256}`)
      }
      return written.lost.length === 0 ? 0 : 1
    } finally {
      await engineOf(context.db).close()
    }
  },
}

/** The file has its name once all of it is on the disk. */
export async function archiveTrial(
  { db, files }: Pick<Context, 'db' | 'files'>,
  trial: Trial,
  anchors: readonly Anchor[],
  out: string,
  asOf: string,
  progress: Progress = () => {},
): Promise<Written> {
  const tables: ArchivedTable[] = await listArchivedTables(db)
  const schema = listSchema()
  const unfinished = `${out}.part`
  rmSync(unfinished, { force: true })
  try {
    const written = await engineOf(db).onSnapshot((snapshot) => {
      const own = anchors.filter(({ chain }) => chain === trial.id)
      const source = { db: snapshot, trial, tables, files, anchors: own, asOf, product: productVersion(), schema }
      return writeArchive(unfinished, source, progress)
    })
    await giveName(unfinished, out)
    return written
  } catch (error) {
    rmSync(unfinished, { force: true })
    throw error
  }
}
