/** What an engine can do, whichever it is; what is said of its statements. */
import type { Kysely, LogEvent, Transaction } from 'kysely'
import type { Db, Tables } from '../database.ts'

/** What only `server/db` may do with a database. */
export type Engine = {
  writer: Kysely<Tables>
  /** One transaction in which nobody else writes to the same trial; `chain` is the trial's id, or `system`. */
  inTurn<T>(chain: string, work: (transaction: Transaction<Tables>) => Promise<T>): Promise<T>
  /** Whether somebody's turn lasts for which any other write would have to wait. */
  isTaken(): boolean
  /**
   * One transaction on a copy of a trial that only it sees, and of which nothing is kept: nobody who writes waits for it.
   * Two are made at once; others wait for one of them.
   */
  onCopy<T>(trialId: string, work: (transaction: Transaction<Tables>) => Promise<T>): Promise<T>
  /** Reads that all see one state, that of their beginning: nobody who writes waits for them, nor they for anybody. */
  onSnapshot<T>(work: (db: Db) => Promise<T>): Promise<T>
  /** Keeps a copy of the data as they are before a migration; nothing where the server has its own backups. */
  keepCopy(suffix: string): Promise<string | null>
  /**
   * Copies the data as they are now into a new file while others go on writing, and says how many of how many pages are
   * copied; null where the server has its own backups.
   */
  backUp: ((path: string, progress: Progress) => Promise<void>) | null
  /** The first thing that is damaged in the way the data are stored; null where nothing is, or the server sees to that. */
  damage(): Promise<string | null>
  /** How many bytes are left where the data are; null where that is the server's matter. */
  freeBytes(): Promise<number | null>
  /**
   * Overwrites what the file still holds of how rows were before, as soon as nobody reads an older state any more; nothing
   * where that is the server's matter.
   */
  forgetOldPages(): Promise<void>
  /** From now on, tells of every statement how many seconds it took, and whether it failed. */
  watch(tell: TellStatement): void
  /** Every table of the product, as it is made. */
  shapes(): Promise<TableShape[]>
  close(): Promise<void>
}

/** How many are done, of how many: pages, rows. */
export type Progress = (done: number, of: number) => void

export type TellStatement = (seconds: number, outcome: 'done' | 'failed') => void

/** A table, the columns of its primary key in their order, all of its columns, and the other tables that its rows point to. */
export type TableShape = { name: string; key: string[]; columns: string[]; pointsTo: string[] }

/** A database that was opened: where it is read, what only `server/db` may do with it, and what tells that it changed. */
export type Opened = { reader: Kysely<Tables>; engine: Engine; version?: (tables: readonly string[]) => string }

/** Hears of every statement, and tells whoever asked to be told. */
export function newWatch() {
  let told: TellStatement = () => {}
  return {
    log: ({ level, queryDurationMillis }: LogEvent) =>
      told(queryDurationMillis / 1000, level === 'error' ? 'failed' : 'done'),
    watch: (tell: TellStatement) => {
      told = tell
    },
  }
}
