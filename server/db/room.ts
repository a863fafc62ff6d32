/** How much room there is for what will be written. */
import type { Db } from './database.ts'
import { engineOf } from './dialect.ts'

/** Megabytes (of 1,000,000 bytes) that are free where the data lie; null where that is a server's matter. */
export async function findFreeMegabytes(db: Db): Promise<number | null> {
  const bytes = await engineOf(db).freeBytes()
  return bytes === null ? null : Math.floor(bytes / 1_000_000)
}
