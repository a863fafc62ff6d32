/** Ends a run with one plain line, and says loudly what was not run. */
import type { Reporter, TestModule } from 'vitest/node'
import { chromiumPath } from './chromium.ts'

// biome-ignore lint/style/noDefaultExport: the test runner asks for it
export default class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    let passed = 0
    let failed = unhandledErrors.length
    let isBroken = unhandledErrors.length > 0
    for (const module of modules) {
      failed += module.errors().length
      isBroken ||= module.state() === 'failed'
      for (const test of module.children.allTests()) {
        const { state } = test.result()
        if (state === 'passed') passed += 1
        else failed += 1
      }
    }
    process.on('exit', () => {
      if (chromiumPath() === null) {
        console.log('\n*** BROWSER TESTS NOT RUN: no Chromium was found. Install one, or name it in CHROMIUM. ***')
      }
      console.log(`${passed} passed, ${failed} failed`)
      // The server of the tests ends the process when it has stopped, and would end it as if all were well.
      if (isBroken) process.exitCode = 1
    })
  }
}
