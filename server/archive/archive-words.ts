/** What an archive says of itself to whoever unpacks it: a text to read first, and what each column is. */
import type { ArchivedTable } from '../db/trial-archive.ts'
import type { Trial } from '../domain/trial.ts'
import { type Words, wordsFor } from '../i18n/words.ts'
import { columnInWords } from '../pages/audit-values.ts'

export function readmeText(
  { trial, asOf, product }: { trial: Trial; asOf: string; product: string },
  words: Words,
): string {
  const { t } = words
  return [
    t('archive.title', { code: trial.code, title: words.pick(trial.title) }),
    t('archive.made', { at: asOf, version: product }),
    '',
    `** ${t('archive.arms')} **`,
    '',
    ...(
      [
        'archive.file_data',
        'archive.file_dictionary',
        'archive.file_subjects',
        'archive.file_audit',
        'archive.file_people',
        'archive.file_reviews',
        'archive.file_requests',
        'archive.file_attachments',
        'archive.file_anchors',
        'archive.file_manifest',
      ] as const
    ).map((key) => `- ${t(key)}`),
    '',
    t('archive.check'),
    '',
  ].join('\n')
}

/** Every column of every table, in both languages; what is said nowhere else has its name alone. */
export function dictionaryRows(tables: readonly ArchivedTable[]): string[][] {
  const [ja, en] = [wordsFor('ja'), wordsFor('en')]
  return [
    ['table', 'column', 'ja', 'en'],
    ...tables.flatMap(({ name, columns }) =>
      columns.map((column) => [name, column, columnInWords(column, ja), columnInWords(column, en)]),
    ),
  ]
}
