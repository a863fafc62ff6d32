/** What the benchmark loads: the application with the demonstration, a framed route, and a bare one beside it. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import express from 'express'
import { pino } from 'pino'
import { demoPeople } from '../../seeds/demo-people.ts'
import { tellDemoWorlds } from '../../seeds/demo-worlds.ts'
import { createApp } from '../../server/app.ts'
import { demoConfig } from '../../server/commands/demo.ts'
import { liveContext } from '../../server/context.ts'
import { engineOf, openDatabase } from '../../server/db/dialect.ts'
import { migrate } from '../../server/db/schema.ts'
import { Client } from '../support/client.ts'

const constantPage = '<!doctype html><html lang="en"><title>constant</title><p>constant</p></html>'

const [path = ''] = process.argv.slice(2)
const config = demoConfig(path, 0)
const db = await openDatabase(config.database)
await migrate(db)
const context = liveContext(db, config)
await tellDemoWorlds(context)

const framed = {
  method: 'get' as const,
  path: '/framed',
  access: 'signed_in' as const,
  handler: async () => ({ text: constantPage, status: 200 }),
}
const whole = express()
whole.get('/bare', (_request, response) => void response.type('html').send(constantPage))
whole.use(createApp(context, pino({ level: 'silent' }), [framed]))

const server = createServer(whole)
server.listen(0, '127.0.0.1', async () => {
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const client = await new Client(url).signIn(demoPeople[2].username)
  console.log(JSON.stringify({ url, cookie: client.cookies() }))
})
process.once('SIGTERM', () =>
  engineOf(db)
    .close()
    .finally(() => process.exit(0)),
)
