/**
 * What people write into the spreadsheets in which they keep a screening log: the heads of columns, the outcomes. Folded
 * by `fold`, in Japanese and English; a trial's own labels are known beside them.
 */
import type { Pathway } from './milestone.ts'
import type { Exit } from './subject-state.ts'

/** As two people mean the same head: widths, case, spaces, brackets' content and punctuation make no difference. */
export function fold(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/\([^()]*\)/g, '')
    .replace(/[\s\p{P}\p{S}\p{Cf}\p{Cc}]/gu, '')
}

/** A number or code as it is kept: full-width letters and any dash become plain ones. */
export function plainCode(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/[‐-―−ー─━]/g, '-')
    .trim()
}

/** Heads whose meaning does not depend on the trial. */
export const knownHeads = {
  row_number: ['no', 'no.', '#', '番号', '通し番号', '連番', '行番号', 'row', 'row no.'],
  site: [
    '施設',
    '施設名',
    '実施医療機関',
    '実施医療機関名',
    '医療機関',
    '医療機関名',
    '病院',
    '施設番号',
    '施設コード',
    'site',
    'site id',
    'siteid',
    'site name',
    'site no.',
    'site number',
    'site code',
    'center',
    'centre',
    'hospital',
    'institution',
  ],
  number: [
    'スクリーニング番号',
    'スクリーニングno.',
    'scr番号',
    'scr no.',
    '症例番号',
    '被験者番号',
    '被験者識別コード',
    '症例識別コード',
    '識別コード',
    'screening number',
    'screening no.',
    'screening id',
    'screening #',
    'subject number',
    'subject no.',
    'subject id',
    'subjectid',
    'subject',
  ],
  outcome: [
    '適格性',
    '適格性判定',
    '判定',
    '適否',
    '結果',
    '転帰',
    'スクリーニング結果',
    'eligibility result',
    'eligible',
    'eligible?',
    'outcome',
    'screening outcome',
    'screening result',
    'result',
    'status',
    'enrollyn',
    'enrolled y/n',
  ],
  outcome_day: [
    '判定日',
    '結果判明日',
    '転帰日',
    '不適格日',
    '辞退日',
    '不適格・辞退日',
    'outcome date',
    'decision date',
    'screen failure date',
    'enroll_dt',
  ],
  reason: [
    '不適格・辞退理由',
    '不適格理由',
    '辞退理由',
    '除外理由',
    '理由',
    'reason',
    'reason for screen failure',
    'screen failure reason',
    'sfreas',
  ],
  referral: ['紹介元', '紹介元医療機関', '紹介', 'referral', 'referral source', 'referred by', 'referring hospital'],
  consent_version: [
    '同意説明文書の版',
    '同意説明文書版',
    '説明同意文書の版',
    '同意文書の版',
    '同意書の版',
    '同意書版数',
    '同意説明文書版数',
    'consent version',
    'version of consent',
    'icf version',
    'icf ver.',
  ],
  measured_value: ['測定値', '検査値', 'measured value', 'measurement'],
  note: ['備考', 'メモ', '特記事項', 'コメント', 'note', 'notes', 'remark', 'remarks', 'comment', 'comments'],
} as const

/** Heads of a site's code rather than its name: where a table has both, the code says which one it is. */
export const siteCodeHeads = [
  '施設番号',
  '施設コード',
  'site id',
  'siteid',
  'site no.',
  'site number',
  'site code',
] as const

/** The heads of the log as the product itself writes it out, beside the labels of the pathway's steps. */
export const ownHeads = {
  number: ['症例番号', 'subject number'],
  site: ['施設コード', 'site code'],
  consent_version: ['同意説明文書の版', 'consent version'],
  referral: ['紹介元', 'referral source'],
  outcome_day: ['終了・脱落日', 'exit date'],
  outcome: ['終了・脱落', 'exit'],
  reason: ['理由', 'reasons'],
  measured_value: ['測定値', 'measured value'],
  note: ['備考', 'note'],
  // These follow from the others.
  ignored: [
    ...['登録番号', '施設', '状態', 'スクリーニング回数', 'スクリーニング開始日', '記録／仮定'],
    ...['registration number', 'site', 'status', 'attempt', 'date of entry', 'assumed or recorded'],
  ],
} as const

/** Heads by which such a file is known, in each language: nobody else has all of them. */
export const ownMarks = [
  ['登録番号', '施設コード', 'スクリーニング回数', '終了・脱落', '記録／仮定'],
  ['registration number', 'site code', 'attempt', 'exit', 'assumed or recorded'],
] as const

/** What stands between the reasons of one exit there. */
export const betweenReasons = /、|; /

export type OwnExits = Record<Exit, readonly string[]>

/** How such a file names an exit. */
export const ownExits: OwnExits = {
  prescreen_excluded: ['候補から除外', 'candidate excluded'],
  screen_failed: ['不適格', 'screen failure'],
  declined: ['辞退', 'declined'],
  unaccounted: ['結果不明', 'unaccounted'],
  excluded_after_provisional: ['仮登録後除外', 'excluded after provisional registration'],
  not_treated: ['未実施', 'not treated'],
  withdrawn: ['同意撤回・中止', 'withdrawn'],
  lost: ['追跡不能', 'lost to follow-up'],
  died: ['死亡', 'died'],
  completed: ['観察完了', 'completed'],
  void: ['登録取消', 'void'],
}

/** An exit between two stages bears the first one's name there. */
export function ownExitsOf({ provisional }: Pathway): OwnExits {
  if (provisional === null) return ownExits
  const { ja, en } = provisional.label
  const excluded = [...ownExits.excluded_after_provisional, `${ja}後の除外`, `excluded after ${en}`]
  return { ...ownExits, excluded_after_provisional: excluded }
}

/** Heads that mean a day of the trial's pathway, by what kind of day it is. */
export const knownDays = {
  consent: [
    '同意取得日',
    '同意日',
    'ic取得日',
    '文書同意日',
    'consent date',
    'date of consent',
    'informed consent date',
  ],
  screening_start: [
    'スクリーニング開始日',
    'スクリーニング開始',
    'スクリーニング日',
    'スクリーニング検査日',
    'screening start',
    'screening start date',
    'screening date',
    'screening_start',
  ],
  eligibility: ['適格性判定日', '適格判定日', '適格性確認日', 'eligibility date', 'date of eligibility'],
  provisional: ['仮登録日', '一次登録日', 'provisional registration date'],
  registration: [
    '登録日',
    '症例登録日',
    '本登録日',
    '二次登録日',
    '組入日',
    '組入れ日',
    'registration date',
    'date of registration',
    'enrollment date',
    'enrolment date',
    'date enrolled',
  ],
  allocation: ['割付日', '無作為化日', 'allocation date', 'randomisation date', 'randomization date'],
  treatment: [
    '治療日',
    '投与日',
    '治療開始日',
    '投与開始日',
    '移植日',
    'treatment date',
    'date of treatment',
    'dosing date',
  ],
} as const

/** How the day of a step is headed, where the step itself is known: 登録 -> 登録日, registration -> registration date. */
export function asDay(name: string): string[] {
  return [`${name}日`, `${name}date`, `dateof${name}`]
}

/** What stands in the column of outcomes. */
export const knownOutcomes = {
  eligible: ['適格', '適', '適合', '可', '○', '〇', '◯', 'eligible', 'ok', 'passed'],
  registered: [
    '登録',
    '登録済',
    '登録済み',
    '組入',
    '組入れ',
    'y',
    'yes',
    'registered',
    'enrolled',
    'randomised',
    'randomized',
  ],
  screen_failed: [
    '不適格',
    '不適',
    '不適合',
    '不可',
    '除外',
    '脱落',
    '×',
    '✕',
    'n',
    'no',
    'ineligible',
    'not eligible',
    'screen failure',
    'screen failed',
    'sf',
    'failed',
    'excluded',
  ],
  declined: ['辞退', '同意撤回', '拒否', '撤回', 'declined', 'withdrawn', 'withdrawal of consent', 'refused'],
  waiting: [
    '継続',
    '継続中',
    '未定',
    '未判定',
    '判定待ち',
    'スクリーニング中',
    'スクリーニング継続中',
    'pending',
    'ongoing',
    'in screening',
    'screening',
  ],
} as const

/** What people put into a cell to say that nothing stands in it. */
export function isBlank(cell: string): boolean {
  return /^(?:[-‐-―−ー─━/／\s]*|n\/?a|na)$/iu.test(cell.normalize('NFKC').trim())
}
