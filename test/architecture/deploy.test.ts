/** The files for deployment name settings that there are, and hold no secret. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { projectFolder } from '../../server/project-folder.ts'
import { asDeployed } from '../bench/children.ts'

const read = (path: string) => readFileSync(join(projectFolder, path), 'utf8')
const known = new Set(read('server/config.ts').match(/\b[A-Z]{2,}(_[A-Z]+)+\b|\b(HOST|PORT|TLS)\b/g))

/** Settings of the compose file itself, and of the database's image. */
const others = /^(DATABASE_PASSWORD|DATABASE_HOST|TLS_FOLDER|PGPASSWORD)$/

it.each([
  ['deploy/systemd/toroku.env', /^([A-Z_]+)=/gm],
  ['deploy/compose/example.env', /^([A-Z_]+)=/gm],
  ['deploy/compose/compose.yaml', /^\s+([A-Z][A-Z_]+): /gm],
])('%s sets what the configuration reads', (path, settings) => {
  const names = [...read(path).matchAll(settings)].map(([, name = '']) => name)
  expect(names.length).toBeGreaterThan(3)
  const imageOfDatabase = (name: string) => name.startsWith(['POST', 'GRES_'].join(''))
  expect(names.filter((name) => !known.has(name) && !others.test(name) && !imageOfDatabase(name))).toEqual([])
})

it.each(['deploy/systemd/toroku.env', 'deploy/compose/example.env'])('%s leaves every secret empty', (path) => {
  expect(read(path)).not.toMatch(/^(SESSION_SECRET|ANCHOR_KEY|DATABASE_PASSWORD)=./m)
  expect(read(path)).toMatch(/^SESSION_SECRET=$/m)
})

it('is started everywhere as it is measured', () => {
  const started = `node ${asDeployed.join(' ')} dist/server/cli.js serve`
  expect(read('package.json')).toContain(started)
  expect(read('deploy/systemd/toroku.service')).toContain(`ExecStart=/usr/bin/${started}\n`)
  expect(read('deploy/compose/Dockerfile')).toContain(`CMD ${JSON.stringify(started.split(' ')).replaceAll(',', ', ')}`)
})

it('neither proxy passes on what is for whoever watches', () => {
  for (const path of ['deploy/nginx/toroku.conf', 'deploy/compose/nginx.conf']) {
    expect(read(path)).toMatch(/location ~ \^\/\(healthz\|readyz\|metrics\)\$ \{\s+return 404;/)
  }
})

it('a process that comes back under another address is found again', () => {
  const proxy = read('deploy/compose/nginx.conf')
  const servers = [...proxy.matchAll(/^ +server (\S+):3000 (.*);$/gm)].map(([, name, said]) => ({ name, said }))
  expect(servers.map(({ name }) => name)).toEqual(['app-1', 'app-2', 'app-1', 'app-2'])
  for (const { name, said } of servers) {
    expect(said).toMatch(/^resolve /)
    expect(read('deploy/compose/compose.yaml')).toContain(`\n  ${name}:\n`)
  }
  expect(proxy).toMatch(/^resolver 127\.0\.0\.11 /m)
})
