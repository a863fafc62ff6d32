/** `toroku copy`: moves a database to another engine, or to another place, and proves that it is the same there. */
import { existsSync } from 'node:fs'
import { databaseAddress } from '../config.ts'
import { type CopyProblem, copyAll } from '../db/copy.ts'
import { engineOf } from '../db/dialect.ts'
import { verifyWhole } from '../db/whole-verification.ts'
import { BadInput, bringUpToDate, type Command, openAnswering } from './command.ts'
import { tellProgress } from './progress.ts'
import { findingInWords } from './verify.ts'

function inWords({ what, table }: CopyProblem): string {
  if (what === 'target_holds_other')
    return `the target holds other data: table ${table} is no beginning of the source's`
  if (what === 'source_went_on') {
    return 'something was recorded in the source meanwhile, which the target lacks: stop the server, and begin again with an empty target'
  }
  return `the source and the target differ in table ${table}; was the target used meanwhile? Begin again with an empty one`
}

export const copyCommand: Command = {
  name: 'copy',
  summary: 'move a database to another engine, and prove that it is the same there',
  help: `toroku copy --from ADDRESS --to ADDRESS [--json]

Copies every table in the order of its references, then compares both sides: rows and digest of every table, and the
whole of what toroku verify looks at, in the target. Stop the server first: what is recorded afterwards is not copied.
Stopped half-way and run again it goes on; a target that holds anything else is refused. Sessions stay behind,
and so do attached files: copy that folder, and look with \`toroku verify\`. Exit code
0: the target is the same; 1: something is wrong with the data; 2: it was not copied.

  --from ADDRESS      a file, or the address of a server
  --to ADDRESS        the same; nothing, or a part of the same copy, may be there
  --json              {"rows", "tables", "wasThere", "entries", "subjects", "finding"}`,
  options: { from: { type: 'string' }, to: { type: 'string' }, json: { type: 'boolean' } },
  positionals: { least: 0, most: 0 },
  async run({ values: { from, to, json } }) {
    if (typeof from !== 'string' || typeof to !== 'string') throw new BadInput('needs --from and --to')
    const source = databaseAddress(from)
    if (source.kind === 'file' && !existsSync(source.path)) throw new BadInput(`no database at ${source.path}`)
    const { db, state } = await openAnswering(from)
    try {
      if (state !== 'current') throw new BadInput(`the source's schema is ${state} of this program's`)
      const { db: target } = await openAnswering(to)
      try {
        await bringUpToDate(target)
        const outcome = await copyAll(db, target, tellProgress('copied'))
        if ('problem' in outcome) throw new BadInput(inWords(outcome.problem))
        const { finding, entries, subjects } = await verifyWhole(target)
        if (json === true) console.log(JSON.stringify({ ...outcome, entries, subjects, finding }))
        else {
          const before = outcome.wasThere === 0 ? '' : `, ${outcome.wasThere} of them were there`
          console.log(`the same in both: ${outcome.rows} rows in ${outcome.tables} tables${before}`)
          console.log(finding === null ? `agrees: ${entries} audit entries` : `wrong: ${findingInWords(finding)}`)
        }
        return finding === null ? 0 : 1
      } finally {
        await engineOf(target).close()
      }
    } finally {
      await engineOf(db).close()
    }
  },
}
