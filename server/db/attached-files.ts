/** The files that rows name, of all trials: those of withdrawn attachments too, for they are evidence. */
import type { Context } from '../context.ts'
import type { Db } from './database.ts'

/** The hash of every file, each once. */
export async function listAttachedHashes(db: Db): Promise<string[]> {
  const rows = await db.selectFrom('request_attachment').select('sha256').distinct().orderBy('sha256').execute()
  return rows.map(({ sha256 }) => sha256)
}

export type FileFinding = { what: 'attachment_missing' | 'attachment_changed'; place: string }

/** How many attachments there are, and the first one whose file is not what was attached. */
export async function checkAttachedFiles(
  db: Db,
  files: Pick<Context['files'], 'stateOf'>,
): Promise<{ attachments: number; finding: FileFinding | null }> {
  const rows = await db
    .selectFrom('request_attachment')
    .select(['id', 'name', 'sha256'])
    .orderBy('attached_at')
    .orderBy('id')
    .execute()
  for (const { id, name, sha256 } of rows) {
    const state = await files.stateOf(sha256)
    if (state === 'whole') continue
    const what = state === 'missing' ? 'attachment_missing' : 'attachment_changed'
    return {
      attachments: rows.length,
      finding: { what, place: `"${name}", request_attachment ${id}, SHA-256 ${sha256}` },
    }
  }
  return { attachments: rows.length, finding: null }
}
