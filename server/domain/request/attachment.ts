/** Files that belong to a request: a few kinds, recognised by what they hold and not by their names, of bounded size. */

export const attachmentKinds = ['pdf', 'docx', 'xlsx', 'csv', 'txt', 'png', 'jpeg'] as const
export type AttachmentKind = (typeof attachmentKinds)[number]

export const mostAttachments = 20
/** Five megabytes, as the form says. */
export const largestAttachment = 5_000_000

export type Attachment = {
  id: string
  name: string
  kind: AttachmentKind
  sizeBytes: number
  sha256: string
  attachedAt: string
  personId: string
  /** Since when nobody is given it any more, and why. */
  withdrawn: { at: string; because: string } | null
}

const mediaTypes: Record<AttachmentKind, string> = {
  pdf: 'application/pdf',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  csv: 'text/csv; charset=utf-8',
  txt: 'text/plain; charset=utf-8',
  png: 'image/png',
  jpeg: 'image/jpeg',
}

export function mediaTypeOf(kind: AttachmentKind): string {
  return mediaTypes[kind]
}

/**
 * What a file is by its first bytes; null for what is none of the kinds, and for what its name contradicts: a program
 * called report.pdf, a picture called list.csv. Text has no mark of its own, so it goes by its ending.
 */
export function attachmentKindOf(name: string, content: Uint8Array): AttachmentKind | null {
  const ending = /\.([a-z0-9]{1,5})$/i.exec(name)?.[1]?.toLowerCase() ?? ''
  const kind = kindOfContent(content, ending)
  const named = ending === 'jpg' ? 'jpeg' : ending
  return kind !== null && kind === named ? kind : null
}

function kindOfContent(content: Uint8Array, ending: string): AttachmentKind | null {
  const begins = (...bytes: number[]) => bytes.every((byte, at) => content[at] === byte)
  if (begins(0x25, 0x50, 0x44, 0x46, 0x2d)) return 'pdf'
  if (begins(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)) return 'png'
  if (begins(0xff, 0xd8, 0xff)) return 'jpeg'
  if (begins(0x50, 0x4b, 0x03, 0x04)) {
    if (holds(content, 'word/document.xml')) return 'docx'
    return holds(content, 'xl/workbook.xml') ? 'xlsx' : null
  }
  if (content.length === 0 || content.some((byte) => byte < 9 || byte === 0x7f)) return null
  return ending === 'csv' || ending === 'txt' ? ending : null
}

/** Whether a name stands among the bytes: the parts of a package are listed in it as they are called. */
function holds(content: Uint8Array, name: string): boolean {
  const bytes = [...name].map((letter) => letter.charCodeAt(0))
  let from = content.indexOf(bytes[0] ?? 0)
  while (from >= 0) {
    if (bytes.every((byte, at) => content[from + at] === byte)) return true
    from = content.indexOf(bytes[0] ?? 0, from + 1)
  }
  return false
}
