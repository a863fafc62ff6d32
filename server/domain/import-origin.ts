/**
 * What an import calls where its rows come from: a file's name, or that they were pasted; and whether they were mended on
 * the page. It is stored, and noted with every correction, so that it stands in no language: each page words it.
 */

/** No file is called so: these signs are taken out of a file's name. */
export const pastedRows = '<pasted>'
const mended = '<mended>'

/** The name without a folder, and without signs that cannot be shown or that say something here. */
export function nameOfFile(name: string): string {
  const last = name.split(/[\\/]/).at(-1) ?? ''
  return [...last.replace(/[\p{C}\uFFFD<>]/gu, '')].slice(0, 150).join('') || '—'
}

/** `log.csv` -> `log.csv <mended>`; the same where it was mended before. */
export function mendedOrigin(name: string): string {
  return name.endsWith(mended) ? name : `${name} ${mended}`
}

/** A stored text with the marks of an import in it as words: `transcription: <pasted>` -> `transcription: Pasted rows`. */
export function originInWords(text: string, say: { pasted: string; mended: string }): string {
  return text.replaceAll(pastedRows, say.pasted).replaceAll(` ${mended}`, say.mended)
}
