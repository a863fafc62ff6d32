/** `toroku serve`: the production server, as `npm start` starts it. */
import { main } from '../main.ts'
import type { Command } from './command.ts'

export const serveCommand: Command = {
  name: 'serve',
  summary: 'run the production server',
  help: `toroku serve

Reads its settings from the environment (see the README), migrates, and listens until it is stopped.
Exit code 2: the settings cannot be used.`,
  options: {},
  positionals: { least: 0, most: 0 },
  async run() {
    await main()
    return process.exitCode === 2 ? 2 : 0
  },
}
