/**
 * Writes a trial's archive: one file that holds everything there is of it, that reads without this product, and that
 * `verify-archive.ts` checks against itself. The same data as of the same instant are the same bytes, on any engine.
 */
import { createHash } from 'node:crypto'
import type { Anchor } from '../db/anchors.ts'
import { chainHead } from '../db/audit-trail.ts'
import { canonicalJson } from '../db/canonical-json.ts'
import type { Db } from '../db/database.ts'
import { findWholeRequest } from '../db/request-records.ts'
import {
  type ArchivedTable,
  countArchived,
  listArchivedPeople,
  listAttachedDigests,
  listEntryLines,
  listRequestNumbers,
  listRowLines,
  listSignedTexts,
} from '../db/trial-archive.ts'
import type { Trial } from '../domain/trial.ts'
import type { KeptFiles } from '../files/kept-files.ts'
import { type Content, type Member, writeTar } from '../files/tar.ts'
import { languages, wordsFor } from '../i18n/words.ts'
import { dictionaryRows, readmeText } from './archive-words.ts'
import {
  anchorsPath,
  attachmentPath,
  chainPath,
  type Manifest,
  manifestDigestPath,
  manifestPath,
  manifestText,
  reviewPath,
  tablePath,
} from './manifest.ts'
import { csvLines, subjectRows } from './subjects-file.ts'

/** How much is done, of how much. */
export type Progress = (done: number, of: number) => void

export type ArchiveSource = {
  /** One state of the database, in which everything is read. */
  db: Db
  trial: Trial
  /** The trial's tables, found beforehand. */
  tables: readonly ArchivedTable[]
  files: KeptFiles
  /** Those of the trial's chain. */
  anchors: readonly Anchor[]
  asOf: string
  product: string
  schema: readonly string[]
}

export type Written = { files: number; rows: number; entries: number; lost: string[]; digest: string }

/** `path` must not exist; where the writing ends early, what there is of it is left for whoever called to remove. */
export async function writeArchive(path: string, source: ArchiveSource, progress: Progress): Promise<Written> {
  const { db, trial, tables } = source
  const tar = await writeTar(path)
  try {
    const members: Member[] = []
    const add = async (name: string, content: Content) => {
      members.push(await tar.add(name, content))
    }
    const of = await countArchived(db, trial.id, tables)
    let done = 0
    const counted = (pages: AsyncIterable<string[]>, seen: (lines: number) => void) =>
      inLines(pages, (lines) => {
        done += lines
        seen(lines)
        progress(done, of)
      })
    for (const language of languages) {
      await add(`README.${language}.txt`, [readmeText(source, wordsFor(language))])
    }
    await add('data-dictionary.csv', csvLines(dictionaryRows(tables)))
    const counts: Manifest['tables'] = []
    for (const table of tables) {
      let rows = 0
      await add(
        tablePath(table.name),
        counted(listRowLines(db, trial.id, table), (lines) => {
          rows += lines
        }),
      )
      counts.push({ name: table.name, rows, replay: table.replay })
    }
    const people = await listArchivedPeople(db, trial.id)
    await add(
      'people.ndjson',
      people.map((person) => `${canonicalJson(person)}\n`),
    )
    let entries = 0
    await add(
      chainPath,
      counted(listEntryLines(db, trial.id), (lines) => {
        entries += lines
      }),
    )
    for (const language of languages) {
      await add(`subjects.${language}.csv`, csvLines(subjectRows(db, trial, wordsFor(language))))
    }
    for (const { reviewId, dueOn, content } of await listSignedTexts(db, trial.id)) {
      await add(reviewPath(dueOn, reviewId), [content])
    }
    for (const number of await listRequestNumbers(db, trial.id)) {
      const request = await findWholeRequest(db, trial.id, number)
      await add(`requests/${number}.json`, [`${canonicalJson(request)}\n`])
    }
    const lost = await addAttachments(source, add)
    await add(
      anchorsPath,
      source.anchors.map((anchor) => `${canonicalJson(anchor)}\n`),
    )
    const manifest: Manifest = {
      format: 'toroku-archive-1',
      product: source.product,
      asOf: source.asOf,
      trial: { id: trial.id, code: trial.code },
      holdsArms: 'yes',
      schema: [...source.schema],
      chain: { entries, head: (await chainHead(db, trial.id)).hash },
      tables: counts,
      lost,
      files: members.map(({ path, bytes, sha256 }) => ({ path, bytes, sha256 })),
    }
    const text = manifestText(manifest)
    const digest = createHash('sha256').update(text).digest('hex')
    await tar.add(manifestPath, [text])
    await tar.add(manifestDigestPath, [`${digest}  ${manifestPath}\n`])
    await tar.finish()
    const rows = counts.reduce((sum, table) => sum + table.rows, 0)
    return { files: members.length + 2, rows, entries, lost, digest }
  } catch (error) {
    await tar.abandon()
    throw error
  }
}

/** What of the attached files the installation does not have any more, or not as it was. */
async function addAttachments(
  { db, trial, files }: ArchiveSource,
  add: (name: string, content: Content) => Promise<void>,
): Promise<string[]> {
  const lost: string[] = []
  for (const sha256 of await listAttachedDigests(db, trial.id)) {
    const content = await files.read(sha256)
    if (content === null) lost.push(sha256)
    else await add(attachmentPath(sha256), [content])
  }
  return lost
}

async function* inLines(pages: AsyncIterable<string[]>, seen: (lines: number) => void): AsyncGenerator<string> {
  for await (const lines of pages) {
    if (lines.length > 0) yield `${lines.join('\n')}\n`
    seen(lines.length)
  }
}
