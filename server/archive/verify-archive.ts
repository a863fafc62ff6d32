/**
 * Checks a trial's archive against itself: the file as it is written, every digest of its manifest, the chain of the audit
 * trail link by link, every row against its last entry, what was signed, what was attached, and the anchors. Needs no
 * database. Names the first thing that is wrong.
 */
import { createHash } from 'node:crypto'
import { chainStart, saidIn } from '../db/audit-trail.ts'
import type { AuditEntryRow } from '../db/database.ts'
import { newLastEntries } from '../db/last-entries.ts'
import { type Founded, foundedIn } from '../db/redactions.ts'
import { type Finding, linkCheck } from '../db/verification.ts'
import { openTar, type TarReader } from '../files/tar.ts'
import {
  anchorsPath,
  attachmentPath,
  chainPath,
  type Manifest,
  manifestDigestPath,
  manifestFrom,
  manifestPath,
  reviewPath,
  tablePath,
} from './manifest.ts'
import type { Progress } from './write-archive.ts'

export type ArchiveFinding =
  | Finding
  | {
      what:
        | 'archive_damaged'
        | 'manifest_wrong'
        | 'file_missing'
        | 'file_unlisted'
        | 'file_changed'
        | 'number_wrong'
        | 'attachment_wrong'
        | 'history_rewritten'
      place: string
    }

export type ArchiveVerification = {
  files: number
  rows: number
  entries: number
  finding: ArchiveFinding | null
  manifest: Manifest | null
  /** Of the manifest, to be held against one that was noted elsewhere; null where there is none. */
  digest: string | null
}

type Checked = { files: number; rows: number; entries: number }

export async function verifyArchive(path: string, progress: Progress): Promise<ArchiveVerification> {
  const checked: Checked = { files: 0, rows: 0, entries: 0 }
  const tar = await openTar(path)
  if ('damaged' in tar) {
    return { ...checked, manifest: null, digest: null, finding: { what: 'archive_damaged', place: tar.damaged } }
  }
  try {
    const { manifest, digest } = await readManifest(tar)
    if (manifest === null) {
      return { ...checked, manifest, digest, finding: { what: 'manifest_wrong', place: manifestPath } }
    }
    const finding =
      (await verifyFiles(tar, manifest, checked, progress)) ?? (await verifyContent(tar, manifest, checked))
    return { ...checked, manifest, digest, finding }
  } finally {
    await tar.close()
  }
}

async function readManifest(tar: TarReader): Promise<{ manifest: Manifest | null; digest: string | null }> {
  const isThere = (path: string) => tar.members.some((member) => member.path === path)
  if (!isThere(manifestPath) || !isThere(manifestDigestPath)) return { manifest: null, digest: null }
  const text = await textOf(tar, manifestPath)
  const digest = createHash('sha256').update(text).digest('hex')
  const isOwn = (await textOf(tar, manifestDigestPath)) === `${digest}  ${manifestPath}\n`
  return { manifest: isOwn ? manifestFrom(text) : null, digest }
}

async function textOf(tar: TarReader, path: string): Promise<string> {
  const parts: Buffer[] = []
  for await (const part of tar.read(path)) parts.push(part)
  return Buffer.concat(parts).toString('utf8')
}

/** Every file that is listed is there as it was, in its place, and no other is. */
async function verifyFiles(
  tar: TarReader,
  { files }: Manifest,
  checked: Checked,
  progress: Progress,
): Promise<ArchiveFinding | null> {
  const listed = [...files.map(({ path }) => path), manifestPath, manifestDigestPath]
  const there = tar.members.map(({ path }) => path)
  const missing = listed.find((path) => !there.includes(path))
  if (missing !== undefined) return { what: 'file_missing', place: missing }
  const unlisted = there.find((path, index) => listed[index] !== path)
  if (unlisted !== undefined) return { what: 'file_unlisted', place: unlisted }
  const of = files.reduce((sum, { bytes }) => sum + bytes, 0)
  let done = 0
  for (const { path, bytes, sha256 } of files) {
    const hash = createHash('sha256')
    let size = 0
    for await (const part of tar.read(path)) {
      hash.update(part)
      size += part.length
      done += part.length
      progress(done, of)
    }
    if (size !== bytes || hash.digest('hex') !== sha256) return { what: 'file_changed', place: path }
    checked.files += 1
  }
  return null
}

/** What the files say of each other. */
async function verifyContent(tar: TarReader, manifest: Manifest, checked: Checked): Promise<ArchiveFinding | null> {
  const { chain, trial, tables, files } = manifest
  const lastEntries = newLastEntries()
  const anchors = new Map<number, string>()
  for await (const line of linesOf(tar, anchorsPath)) {
    const anchor = JSON.parse(line) as { sequence: number; hash: string }
    anchors.set(anchor.sequence, anchor.hash)
  }
  const founded: Founded[] = []
  for await (const line of linesOf(tar, chainPath)) founded.push(...foundedIn(JSON.parse(line) as AuditEntryRow))
  const links = linkCheck(trial.id, founded)
  let head = chainStart
  for await (const line of linesOf(tar, chainPath)) {
    const entry = JSON.parse(line) as AuditEntryRow
    const link = links(entry)
    if ('finding' in link) return link.finding
    const anchored = anchors.get(entry.sequence)
    if (anchored !== undefined && anchored !== entry.hash) {
      return { what: 'history_rewritten', place: `${trial.id} ${entry.sequence}` }
    }
    anchors.delete(entry.sequence)
    lastEntries.note(`${entry.record_table} ${entry.record_id}`, saidIn(link.after))
    head = entry.hash
    checked.entries += 1
  }
  const [beyond] = anchors.keys()
  if (beyond !== undefined) return { what: 'history_rewritten', place: `${trial.id} ${beyond}` }
  if (checked.entries !== chain.entries || head !== chain.head) return { what: 'number_wrong', place: chainPath }
  const signed = new Map<string, { content: string; content_hash: string }>()
  const dueOn = new Map<string, string>()
  const paths = new Set(files.map(({ path }) => path))
  for (const { name, rows, replay } of tables) {
    let seen = 0
    for await (const line of linesOf(tar, tablePath(name))) {
      const row = JSON.parse(line) as Record<string, unknown> & { id: string }
      const place = `${name} ${row.id}`
      if (replay === 'chain') {
        const found = lastEntries.take(place, saidIn(line), () => '')
        if (found === 'unknown') return { what: 'row_unaudited', place }
        if (found === 'other') return { what: 'row_changed', place }
      }
      if (name === 'review') dueOn.set(row.id, String(row.due_on))
      if (name === 'review_signature') {
        signed.set(String(row.review_id), row as unknown as { content: string; content_hash: string })
      }
      if (name === 'request_attachment') {
        const wrong = attachmentWrong(String(row.sha256), Number(row.size_bytes), manifest)
        if (wrong) return { what: 'attachment_wrong', place }
      }
      seen += 1
    }
    if (seen !== rows) return { what: 'number_wrong', place: tablePath(name) }
    checked.rows += seen
  }
  if (lastEntries.size() > 0) {
    for await (const line of linesOf(tar, chainPath)) {
      const { record_table: table, record_id: id } = JSON.parse(line) as AuditEntryRow
      if (lastEntries.holds(`${table} ${id}`)) return { what: 'row_missing', place: `${table} ${id}` }
    }
  }
  return verifySigned(tar, trial.id, signed, dueOn, paths)
}

/** An attached file is what its row says, under its digest; or it was lost before, and the manifest says so. */
function attachmentWrong(sha256: string, bytes: number, { files, lost }: Manifest): boolean {
  if (lost.includes(sha256)) return false
  const file = files.find(({ path }) => path === attachmentPath(sha256))
  return file === undefined || file.sha256 !== sha256 || file.bytes !== bytes
}

/** Every signed text stands in a file of its own, is what its digest says, and was signed for this review. */
async function verifySigned(
  tar: TarReader,
  trialId: string,
  signed: ReadonlyMap<string, { content: string; content_hash: string }>,
  dueOn: ReadonlyMap<string, string>,
  paths: ReadonlySet<string>,
): Promise<ArchiveFinding | null> {
  for (const [reviewId, { content, content_hash: digest }] of signed) {
    const path = reviewPath(dueOn.get(reviewId) ?? '', reviewId)
    const wrong: ArchiveFinding = { what: 'signature_wrong', place: `review ${reviewId}` }
    if (!paths.has(path) || (await textOf(tar, path)) !== content) return wrong
    if (createHash('sha256').update(content).digest('hex') !== digest) return wrong
    const said = JSON.parse(content) as { trialId: string; reviewId: string; dueOn: string }
    if (said.trialId !== trialId || said.reviewId !== reviewId || said.dueOn !== dueOn.get(reviewId)) return wrong
  }
  return null
}

/** The lines of a file, without their ends. */
async function* linesOf(tar: TarReader, path: string): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const part of tar.read(path)) {
    const lines = (rest + decoder.decode(part, { stream: true })).split('\n')
    rest = lines.pop() ?? ''
    yield* lines
  }
  if (rest !== '') yield rest
}
