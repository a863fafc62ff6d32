/** Where this machine keeps a Chromium; null where it has none, and the browser's tests are reported as not run. */
import { existsSync } from 'node:fs'

const usual = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/opt/google/chrome/chrome']

export function chromiumPath(): string | null {
  const named = process.env.CHROMIUM
  if (named !== undefined) return existsSync(named) ? named : null
  return usual.find((path) => existsSync(path)) ?? null
}
