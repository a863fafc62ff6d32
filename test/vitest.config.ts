/** The suite: what needs no database once, everything else on both engines, the journeys where a Chromium is found. */
import { dirname } from 'node:path'
import { defineConfig } from 'vitest/config'
import { chromiumPath } from './support/chromium.ts'

const root = dirname(import.meta.dirname)
const withDatabase = ['test/{db,actions,http,commands,seeds,journeys,faults}/**/*.test.ts']
const inBrowser = chromiumPath() === null ? [] : ['test/browser/**/*.test.ts']

const onEngine = (engine: 'file' | 'server') => ({
  extends: true as const,
  root,
  test: {
    name: `on a ${engine}`,
    include: [...withDatabase, ...inBrowser],
    globalSetup: 'test/support/engines.ts',
    env: { TEST_ENGINE: engine },
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
})

// biome-ignore lint/style/noDefaultExport: the test runner asks for it
export default defineConfig({
  root,
  test: {
    reporters: ['default', `${import.meta.dirname}/support/closing-line.ts`],
    projects: [
      {
        extends: true,
        root,
        test: {
          name: 'pure',
          // Numerical work beside two databases and two browsers: only what hangs is cut off.
          testTimeout: 30_000,
          include: ['test/{domain,pages,i18n,spreadsheet,architecture,public}/**/*.test.ts', 'test/*.test.ts'],
        },
      },
      onEngine('file'),
      onEngine('server'),
    ],
  },
})
