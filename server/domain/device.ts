/** What somebody signs in with, as far as their browser says: enough to recognise one's own, no more. */

export const browsers = ['edge', 'firefox', 'chrome', 'safari', 'unknown'] as const
export const systems = ['windows', 'ios', 'android', 'mac', 'linux', 'unknown'] as const
export type Device = { browser: (typeof browsers)[number]; system: (typeof systems)[number] }

/** In order: Edge calls itself Chrome too, Chrome calls itself Safari too, Android calls itself Linux too. */
const browserSigns: readonly [RegExp, Device['browser']][] = [
  [/\bEdg(e|A|iOS)?\//, 'edge'],
  [/\b(Firefox|FxiOS)\//, 'firefox'],
  [/\b(Chrome|CriOS)\//, 'chrome'],
  [/\bSafari\//, 'safari'],
]
const systemSigns: readonly [RegExp, Device['system']][] = [
  [/\bWindows\b/, 'windows'],
  [/\b(iPhone|iPad)\b/, 'ios'],
  [/\bAndroid\b/, 'android'],
  [/\bMac OS X\b/, 'mac'],
  [/\bLinux\b/, 'linux'],
]

/** `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ... Chrome/140.0 Safari/537.36 Edg/140.0` -> Edge on Windows. */
export function deviceOf(userAgent: string): Device {
  return {
    browser: browserSigns.find(([sign]) => sign.test(userAgent))?.[1] ?? 'unknown',
    system: systemSigns.find(([sign]) => sign.test(userAgent))?.[1] ?? 'unknown',
  }
}
