/** The top level of the repository holds what the architecture lists, and nothing that grew beside it. */
import { readdirSync } from 'node:fs'
import { expect, it } from 'vitest'
import { projectFolder } from '../../server/project-folder.ts'
import { sourcesIn } from './sources.ts'

const listed = [
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'biome.json',
  'README.md',
  'README.ja.md',
  'DECISIONS.md',
  'CHANGELOG.md',
  'LICENSE',
  'server',
  'views',
  'public',
  'migrations',
  'seeds',
  'test',
  'deploy',
]
/** Made by tools and by running; never committed. */
const made = ['node_modules', 'dist', 'var']

it('the top level holds what is listed, dotfiles, and what tools make', () => {
  const entries = readdirSync(projectFolder).filter((name) => !name.startsWith('.') && !made.includes(name))
  expect(entries).toContain('server')
  expect(entries.filter((name) => !listed.includes(name) && !name.endsWith('.log'))).toEqual([])
})

it('no file or folder carries a name that says nothing', () => {
  const files = [
    ...sourcesIn('server', '.ts'),
    ...sourcesIn('seeds', '.ts'),
    ...sourcesIn('public', '.js'),
    ...sourcesIn('test', '.ts'),
  ]
  const sayingNothing = /(^|[/.-])(utils?|helpers?|managers?|services?|misc|common)([/.-]|$)/
  expect(files.map(({ path }) => path).filter((path) => sayingNothing.test(path))).toEqual([])
})

it('every file of the server opens with the sentence it exists for', () => {
  const silent = sourcesIn('server', '.ts').filter(({ text }) => !/^(#![^\n]*\n)?\/\*\*/.test(text))
  expect(silent.map(({ path }) => path)).toEqual([])
})
