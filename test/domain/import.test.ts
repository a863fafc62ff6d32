/** What a spreadsheet's columns mean, what a row says, and what it asks for beside what is recorded. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type Column,
  columnProblems,
  columnsOf,
  type ImportTable,
  meaningOfHead,
  meaningsOf,
} from '../../server/domain/import-columns.ts'
import { differencesOf, reasonCodes, wantedOf } from '../../server/domain/import-plan.ts'
import { readRow, siteNamed } from '../../server/domain/import-row.ts'
import { fold, isBlank, plainCode } from '../../server/domain/import-words.ts'
import { pathwayOf } from '../../server/domain/milestone.ts'
import { noDetails, type SubjectEvent } from '../../server/domain/subject.ts'
import { day, milestone, oneStage, site, twoStage } from './protocols.ts'

const withStart = pathwayOf([
  milestone('consent', 'screening', { necessity: 'required' }),
  { ...milestone('scr', 'procedure'), label: { ja: 'スクリーニング開始', en: 'Start of screening' } },
  milestone('eligibility', 'eligibility'),
  milestone('registration', 'registration_stage', { counting: 'target' }),
  milestone('treatment', 'treatment'),
])

describe('the head of a column', () => {
  it.each([
    ['No.', 'row_number'],
    ['施設', 'site'],
    ['実施医療機関', 'site'],
    ['スクリーニング番号', 'number'],
    ['ｽｸﾘｰﾆﾝｸﾞ番号', 'number'],
    ['Screening Number', 'number'],
    ['同意取得日', 'milestone:consent'],
    ['同意取得日（西暦）', 'milestone:consent'],
    ['consent date', 'milestone:consent'],
    ['Ｃｏｎｓｅｎｔ＿Ｄａｔｅ', 'milestone:consent'],
    ['スクリーニング開始日', 'milestone:scr'],
    ['適格性', 'outcome'],
    ['不適格・辞退理由', 'reason'],
    ['登録日', 'milestone:registration'],
    ['治療日', 'milestone:treatment'],
    ['備考', 'note'],
    ['紹介元', 'referral'],
    ['scr', 'milestone:scr'],
    ['Start of screening date', 'milestone:scr'],
    ['担当者', null],
    ['', null],
  ])('%s means %s', (head, meaning) => {
    expect(meaningOfHead(head, withStart)).toBe(meaning)
  })

  it('of a step that the trial does not have means nothing', () => {
    expect(meaningOfHead('スクリーニング開始日', oneStage)).toBeNull()
    expect(meaningOfHead('仮登録日', oneStage)).toBeNull()
    expect(meaningOfHead('仮登録日', twoStage)).toBe('milestone:provisional')
    expect(meaningOfHead('本登録日', twoStage)).toBe('milestone:final')
  })

  it('never means the day of an allocation, which is the statistician’s to record', () => {
    expect(meaningOfHead('割付日', twoStage)).toBeNull()
    expect(meaningOfHead('arm', twoStage)).toBeNull()
    expect(meaningsOf(twoStage)).not.toContain('milestone:arm')
  })

  it('is overruled by what is remembered, and that by a choice; a meaning that is gone is none', () => {
    const by = (remembered: [string, string][], chosen: [number, string][]) => {
      const [column] = columnsOf(['登録日'], oneStage, new Map(remembered), new Map(chosen))
      return [column?.meaning, column?.by]
    }
    expect(by([], [])).toEqual(['milestone:registration', 'head'])
    expect(by([['登録日', 'ignored']], [])).toEqual(['ignored', 'remembered'])
    expect(by([['登録日', 'ignored']], [[0, 'note']])).toEqual(['note', 'chosen'])
    expect(by([], [[0, 'milestone:registration']])).toEqual(['milestone:registration', 'head'])
    expect(by([['登録日', 'milestone:gone']], [[0, 'milestone:gone']])).toEqual(['milestone:registration', 'head'])
  })
})

describe('a site’s code and its name beside each other', () => {
  it.each([
    [
      ['施設コード', '施設'],
      ['site', 'ignored'],
      ['head', 'code_beside'],
    ],
    [
      ['Site name', 'Site ID'],
      ['ignored', 'site'],
      ['code_beside', 'head'],
    ],
    [
      ['施設名', '病院'],
      ['site', 'site'],
      ['head', 'head'],
    ],
  ])('%j: the code is taken', (head, meanings, by) => {
    const columns = columnsOf(head, oneStage, new Map(), new Map())
    expect([columns.map(({ meaning }) => meaning), columns.map((column) => column.by)]).toEqual([meanings, by])
  })
})

const tableOf = (head: string[], ...rows: string[][]): ImportTable => ({
  headLine: 1,
  head,
  rows: rows.map((cells, index) => ({ line: index + 2, cells })),
})

describe('a table that cannot be read', () => {
  const codes = (table: ImportTable) => {
    const columns = columnsOf(table.head, oneStage, new Map(), new Map())
    return columnProblems(table, columns, oneStage).map(({ code }) => code)
  }
  it.each([
    ['nothing', tableOf([]), ['import_empty']],
    ['only heads', tableOf(['番号', '同意日']), ['import_no_rows']],
    ['too many columns', tableOf(Array(201).fill('x'), ['1']), ['import_too_many_columns']],
    ['a row too wide', tableOf(['症例番号', '同意日'], Array(201).fill('1')), ['import_too_many_columns']],
    ['two columns of one meaning', tableOf(['症例番号', '同意日', '同意取得日'], ['1']), ['import_same_meaning']],
    ['no number', tableOf(['同意日'], ['1']), ['import_no_number_column']],
    ['no day', tableOf(['症例番号'], ['1']), ['import_no_day_column']],
    ['nothing wrong', tableOf(['症例番号', '同意日', '何か', '別の何か'], ['1']), []],
  ])('%s', (_, table, expected) => {
    expect(codes(table)).toEqual(expected)
  })
})

const heads = ['施設', '症例番号', '同意日', '適格性', '理由', '登録日', '判定日']
const columns: Column[] = columnsOf(heads, oneStage, new Map(), new Map())
const sites = [site('01', ['open', '2026-01-01']), site('02', ['open', '2026-01-01'])]
const read = (...cells: string[]) => readRow({ line: 2, cells }, columns, oneStage, sites, null)

describe('a row', () => {
  it('is read in every notation of dates, numbers and outcomes', () => {
    const row = read('１', 'ＳＣＲ－００１', '令和8年2月10日', '不 適格', ' 除外基準④ ', '', 'R8.2.12')
    expect(row).toMatchObject({ number: 'SCR-001', outcome: 'screen_failed', outcomeDay: '2026-02-12', problems: [] })
    expect([row.site?.id, row.reason]).toEqual(['01', '除外基準④'])
    expect([...row.days]).toEqual([
      ['consent', '2026-02-10'],
      ['registration', null],
    ])
  })

  it('says a serial number of Excel once, and takes a dash for nothing', () => {
    const row = read('01', 'A1', '46063', '', '', '46064', '－')
    expect(row.warnings).toEqual(['excel_serial'])
    expect([row.outcomeDay, row.problems]).toEqual([null, []])
  })

  it.each([
    [['01', 'A1', '2026/2/30'], 2, 'date_impossible_day'],
    [['01', 'A1', '2/3'], 2, 'date_ambiguous_year'],
    [['01', 'A1', '=TODAY()'], 2, 'date_unreadable'],
    [['01', '', '2026/2/3'], 1, 'import_cell_missing'],
    [['', 'A1', '2026/2/3'], 0, 'import_cell_missing'],
    [['01', 'A'.repeat(65), '2026/2/3'], 1, 'number_malformed'],
    [['01', 'A1', '2026/2/3', 'まあまあ'], 3, 'import_outcome_unknown'],
    [['01', 'A1', '2026/2/3', '', 'x\u0001'], 4, 'text_malformed'],
    [['01', 'A1', '2026/2/3', '', 'あ'.repeat(1001)], 4, 'text_too_long'],
  ])('%j is wrong in one cell', (cells, index, code) => {
    const { problems } = read(...cells)
    expect(problems.map((problem) => [problem.line, problem.index, problem.column, problem.code])).toEqual([
      [2, index, heads[index], code],
    ])
  })

  it('gets an answer, whatever stands in it', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' }), { maxLength: 10 }), (cells) => {
        const row = read(...cells)
        expect(row.problems.every(({ code }) => code !== '')).toBe(true)
        if (row.problems.length === 0) wantedOf(row, oneStage)
      }),
    )
  })

  it.each([
    ['01', '01'],
    ['1', '01'],
    ['０２', '02'],
    ['3', undefined],
    ['', undefined],
  ])('the site %j is %s', (typed, id) => {
    expect(siteNamed(typed, sites)?.id).toBe(id)
  })
})

describe('what a row asks for', () => {
  const events = (...cells: string[]) => {
    const wanted = wantedOf(read(...cells), oneStage)
    return (
      wanted && [
        `consent ${wanted.consentedOn} ${wanted.consentBasis}`,
        ...wanted.events.map(({ what, on, basis }) => `${what.kind === 'exit' ? what.exit : what.code} ${on} ${basis}`),
      ]
    )
  }
  it('a registration was judged eligible before: on its day, assumed', () => {
    expect(events('01', 'A', '2026-02-10', '', '', '2026-03-02')).toEqual([
      'consent 2026-02-10 recorded',
      'eligibility 2026-03-02 assumed',
      'registration 2026-03-02 recorded',
    ])
  })
  it('eligible and not yet registered: on the day of the outcome, else on the last day there is', () => {
    expect(events('01', 'A', '2026-02-10', '適格', '', '', '2026-02-20')?.[1]).toBe('eligibility 2026-02-20 recorded')
    expect(events('01', 'A', '2026-02-10', '適格')?.[1]).toBe('eligibility 2026-02-10 assumed')
  })
  it('an exit is on the day of the outcome, else on the last day there is', () => {
    expect(events('01', 'A', '2026-02-10', '辞退', 'x', '', '2026-02-20')?.[1]).toBe('declined 2026-02-20 recorded')
    expect(events('01', 'A', '2026-02-10', '不適格', 'x')?.[1]).toBe('screen_failed 2026-02-10 assumed')
  })
  it('nothing more where the outcome is open', () => {
    expect(events('01', 'A', '2026-02-10', '継続中')).toEqual(['consent 2026-02-10 recorded'])
  })
  it('without a column for the consent, the first day that there is; with an empty cell, nothing', () => {
    expect(events('01', 'A', '', '', '', '2026-03-02')).toBeNull()
    const bare = columnsOf(['subjectid', 'enroll_dt', 'enrollyn', 'sfreas'], oneStage, new Map(), new Map())
    const row = readRow({ line: 2, cells: ['A', '2026-03-02', 'Y'] }, bare, oneStage, sites, sites[0] ?? null)
    const wanted = wantedOf(row, oneStage)
    expect([wanted?.consentedOn, wanted?.consentBasis]).toEqual(['2026-03-02', 'assumed'])
    expect(wanted?.events.map(({ basis }) => basis)).toEqual(['assumed', 'recorded'])
  })
})

describe('what a row asks for beside what is recorded', () => {
  const event = (id: string, code: string, on: string, basis: 'recorded' | 'assumed' = 'recorded'): SubjectEvent => ({
    ...{ id, originId: id, what: { kind: 'milestone', code }, occurredOn: day(on), recordedAt: '', recordedBy: '' },
    ...{ note: null, basis, ...noDetails },
  })
  const recorded = [
    event('1', 'consent', '2026-02-10'),
    event('2', 'eligibility', '2026-03-02', 'assumed'),
    event('3', 'registration', '2026-03-02'),
  ]
  const differences = (...cells: string[]) => {
    const row = read(...cells)
    const wanted = wantedOf(row, oneStage)
    if (wanted === null) throw new Error('nothing is asked for')
    return differencesOf(row, wanted, recorded, oneStage, true)
  }

  it('is nothing where they agree', () => {
    const none = { corrections: [], additions: [], disagreements: [] }
    expect(differences('01', 'A', '2026-02-10', '適格', '', '2026-03-02')).toEqual(none)
  })
  it('is corrected in an order in which no step passes another', () => {
    const moved = (consent: string, registration: string) =>
      differences('01', 'A', consent, '', '', registration).corrections.map(({ eventId }) => eventId)
    expect(moved('2026-03-10', '2026-03-20')).toEqual(['3', '2', '1'])
    expect(moved('2026-01-10', '2026-01-20')).toEqual(['1', '2', '3'])
    expect(moved('2026-02-01', '2026-03-20')).toEqual(['1', '3', '2'])
  })
  it('a judgement’s recorded day is not moved by one that only stands in', () => {
    const known = recorded.map((one) => (one.id === '2' ? { ...one, basis: 'recorded' as const } : one))
    const row = read('01', 'A', '2026-02-10', '', '', '2026-03-09')
    const wanted = wantedOf(row, oneStage)
    expect(
      wanted && differencesOf(row, wanted, known, oneStage, true).corrections.map(({ eventId }) => eventId),
    ).toEqual(['3'])
  })
})

describe('words', () => {
  it('are folded so that only what they say is left', () => {
    expect(fold(' Ｎｏ．（通し） ')).toBe('no')
    expect(plainCode('ＳＣＲ－００１')).toBe('SCR-001')
    expect(['', '－', 'N/A', ' — '].every(isBlank)).toBe(true)
    expect(isBlank('0')).toBe(false)
  })
  it('a reason is the trial’s where it has that one, else the one that leaves it to words', () => {
    const label = (text: string) => ({ ja: text, en: text })
    const own = { exit: 'declined', code: 'D1', label: label('本人希望') } as const
    const other = { exit: 'declined', code: 'other', label: label('その他') } as const
    expect(reasonCodes('本人 希望', 'declined', [own, other])).toEqual(['D1'])
    expect(reasonCodes('家族の希望', 'declined', [own, other])).toEqual(['other'])
    expect(reasonCodes('本人希望', 'screen_failed', [own, other])).toEqual([])
  })
})
