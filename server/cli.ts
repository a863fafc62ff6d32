#!/usr/bin/env node
/** The `toroku` command: finds the subcommand, reads its options, and turns what it returns into an exit code. */
import { parseArgs } from 'node:util'
import { archiveCommand } from './commands/archive.ts'
import { backtestCommand } from './commands/backtest.ts'
import { backupCommand } from './commands/backup.ts'
import { checkRequestCommand } from './commands/check-request.ts'
import { BadInput, type Command, type ExitCode } from './commands/command.ts'
import { copyCommand } from './commands/copy.ts'
import { demoCommand } from './commands/demo.ts'
import { importCommand } from './commands/import.ts'
import { migrateCommand } from './commands/migrate.ts'
import { policyCommand } from './commands/policy.ts'
import { projectCommand } from './commands/project.ts'
import { reportCommand } from './commands/report.ts'
import { restoreCommand } from './commands/restore.ts'
import { serveCommand } from './commands/serve.ts'
import { trialCommand } from './commands/trial.ts'
import { userCommand } from './commands/user.ts'
import { verifyCommand } from './commands/verify.ts'

export const commands: readonly Command[] = [
  serveCommand,
  demoCommand,
  migrateCommand,
  verifyCommand,
  backupCommand,
  restoreCommand,
  copyCommand,
  archiveCommand,
  userCommand,
  trialCommand,
  importCommand,
  reportCommand,
  projectCommand,
  backtestCommand,
  checkRequestCommand,
  policyCommand,
]

function overview(): string {
  const lines = commands.map(({ name, summary }) => `  ${name.padEnd(13)}  ${summary}`)
  return `toroku SUBCOMMAND [options]

${lines.join('\n')}

Each has --help. Exit codes: 0 done, 1 done and something is wrong with the data, 2 the input cannot be used.`
}

export async function runCommandLine(words: readonly string[]): Promise<ExitCode> {
  const [name, ...rest] = words
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    console.log(overview())
    return name === undefined ? 2 : 0
  }
  const command = commands.find((known) => known.name === name)
  if (command === undefined) {
    console.error(`toroku: no subcommand ${name}\n\n${overview()}`)
    return 2
  }
  try {
    const options = { ...command.options, help: { type: 'boolean', short: 'h' } } as const
    const { values, positionals } = parseArgs({ args: rest, options, allowPositionals: true })
    if (values.help === true) {
      console.log(command.help)
      return 0
    }
    const { least, most } = command.positionals
    if (positionals.length < least || positionals.length > most) throw new BadInput(command.help)
    return await command.run({ values: values as Record<string, string | boolean | undefined>, positionals })
  } catch (error) {
    if (error instanceof BadInput || isArgumentError(error)) {
      console.error(`toroku ${name}: ${(error as Error).message}`)
      return 2
    }
    throw error
  }
}

function isArgumentError(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')
}

// A code is only set where something is to be said: a server that was started goes on.
const code = await runCommandLine(process.argv.slice(2))
if (code !== 0) process.exitCode = code
