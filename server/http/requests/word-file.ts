/** A request's document as a text file that a word processor opens: the same blocks as the page, in A4. */
import {
  AlignmentType,
  Document,
  HeadingLevel,
  Packer,
  Paragraph,
  Table,
  TableCell,
  TableRow,
  TextRun,
  WidthType,
} from 'docx'
import type { DocumentBlock, RequestDocument } from '../../pages/requests/request-document.ts'

/** In twentieths of a point: 210 x 297 mm, margins of 25 and 20 mm. */
const page = { size: { width: 11_906, height: 16_838 }, margin: { top: 1418, bottom: 1418, left: 1134, right: 1134 } }

/** East Asian text in the font that Japanese word processors have, everything else in the Latin one. */
const font = { ascii: 'Times New Roman', hAnsi: 'Times New Roman', eastAsia: 'MS Mincho', cs: 'Times New Roman' }

export function wordFileOf(document: RequestDocument): Promise<Uint8Array> {
  return Packer.toBuffer(
    new Document({
      creator: 'Toroku',
      title: document.title,
      styles: { default: { document: { run: { font, size: 21 } } } },
      sections: [
        {
          properties: { page },
          children: [
            new Paragraph({
              heading: HeadingLevel.TITLE,
              alignment: AlignmentType.CENTER,
              children: [new TextRun({ text: document.title, bold: true, size: 28, color: '000000', font })],
            }),
            new Paragraph({ alignment: AlignmentType.CENTER, text: document.subtitle, spacing: { after: 240 } }),
            ...document.blocks.flatMap(blockOf),
            new Paragraph({
              spacing: { before: 360 },
              children: [new TextRun({ text: document.colophon, size: 16 })],
            }),
          ],
        },
      ],
    }),
  )
}

function blockOf({ heading, paragraphs, table }: DocumentBlock): (Paragraph | Table)[] {
  return [
    new Paragraph({
      heading: HeadingLevel.HEADING_1,
      keepNext: true,
      spacing: { before: 240, after: 80 },
      children: [new TextRun({ text: heading, bold: true, size: 22, color: '000000', font })],
    }),
    ...paragraphs.map((text) => new Paragraph({ text, spacing: { after: 80 } })),
    ...(table === null ? [] : [tableOf(table)]),
  ]
}

function tableOf({ head, rows }: NonNullable<DocumentBlock['table']>): Table {
  const rowOf = (cells: readonly string[], isHead: 'head' | 'body') =>
    new TableRow({
      tableHeader: isHead === 'head',
      cantSplit: true,
      children: cells.map(
        (text) =>
          new TableCell({
            children: [new Paragraph({ children: [new TextRun({ text, bold: isHead === 'head', size: 18 })] })],
            margins: { top: 40, bottom: 40, left: 80, right: 80 },
          }),
      ),
    })
  return new Table({
    width: { size: 100, type: WidthType.PERCENTAGE },
    rows: [rowOf(head, 'head'), ...rows.map((cells) => rowOf(cells, 'body'))],
  })
}
