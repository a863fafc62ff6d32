/** Lists as files and on paper. */
import type { files as ja } from '../ja/files.ts'
import type { SameWords } from '../same-words.ts'

export const files: SameWords<typeof ja> = {
  lists: {
    label: 'Files and paper',
    files: 'This list as a file:',
    prints: 'Lists to print:',
    as_csv: 'CSV',
    as_xlsx: 'Excel (XLSX)',
    too_long: 'XLSX holds up to {most} subjects; a longer list comes as CSV.',
    screening_log: 'Screening log',
    registration_log: 'Registration log',
    identification_codes: 'Identification codes (blank)',
  },
  file: {
    name: 'subjects',
    known_at: 'known-{day}',
    registration_number: 'Registration number',
    site_code: 'Site code',
    attempt: 'Attempt',
    entered_on: 'Date of entry',
    consent_version: 'Consent version',
    referral_source: 'Referral source',
    exited_on: 'Exit date',
    exit: 'Exit',
    reasons: 'Reasons',
    measured_value: 'Measured value',
    note: 'Note',
    basis: 'Assumed or recorded',
    and: '; ',
  },
  print_list: {
    screening_log: 'Screening log',
    registration_log: 'Registration log',
    identification_codes: 'Subject identification codes',
  },
  print_note: {
    screening_log: 'Everybody whose screening was started. Nothing on it identifies a person.',
    registration_log: 'In the order of the registration numbers. Arms are not on it.',
    identification_codes:
      'Names and chart numbers are written by hand at the site. Once written on, this sheet stays at the site and never leaves it.',
  },
  print_by_hand: { name: 'Name (by hand)', chart_number: 'Chart number (by hand)', written_on: 'Written on, by' },
  print: {
    site: 'Site: {site}',
    as_of: 'As of {asOf}',
    n: 'n = {count}',
    sites: 'Choose a site',
    how: 'Print it from the browser on A4.',
    back: 'Back to the log',
    none: 'There is nobody to list yet.',
    cut: 'The first {shown} of {total}. Choose a site to print the others.',
    why: 'Reasons, notes',
    last_event_on: 'Last event on',
    signed_by: 'Checked by (signature)',
    signed_on: 'Date',
  },
  basis: { recorded: 'recorded', assumed: 'assumed' },
}
