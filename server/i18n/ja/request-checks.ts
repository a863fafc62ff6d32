/** What the checks of a request find, and what would resolve it. */
export const requestChecks = {
  sheet_checks: {
    found: '申請の点検で残った指摘{count}件：{checks}。',
    none: '申請の点検で残った指摘はない。',
  },
  request_finding: {
    sum_of_terms: '各項の合計は{sum}、申請書の合計は{statedTotal}で、一致しません。',
    site_counts_unknown: '施設{sites}は、この試験にありません。',
    site_counts_named: '前提は{stated}施設と数えていますが、名を挙げているのは{named}施設です。',
    site_counts_shared: '施設{sites}は、前の前提でも数えられています。',
    site_counts_together: '各前提の施設数の合計は{sum}、申請書の施設数は{stated}で、一致しません。',
    rate_and_minimum: '施設{sites}について、年あたりの例数からは{byRate}例、最少例数からは{byMinimum}例となります。',
    pipeline_within_rate:
      '施設{sites}のスクリーニング中{number}例が、同じ施設の年あたりの例数（初日から）に上乗せされています。',
    claim_against_record_contradicted:
      '施設{sites}の登録は{siteYears}施設・年で{registered}例、前提は1施設あたり年{claimed}例。p＝{p}で、実績と矛盾します（疑いのある前提：{claims}件）。',
    claim_against_record_optimistic:
      '施設{sites}の登録は{siteYears}施設・年で{registered}例、前提は1施設あたり年{claimed}例。p＝{p}で、楽観的です（疑いのある前提：{claims}件）。',
    claim_against_record_differs: '申請書の登録数は{stated}例、記録は{recorded}例です。',
    unaccounted_screenings: '開始したスクリーニング{started}件のうち、{unaccounted}件の結果が書かれていません。',
    dates_of_one_decision:
      '項目{item}についての{body}の決定に、二つの日付があります。{one}（{oneSource}）と{other}（{otherSource}）。',
    date_to_come: '{date}は過去のこととして書かれていますが、文書の日付{writtenOn}より後です。',
    date_to_come_meant:
      '{date}は過去のこととして書かれていますが、文書の日付{writtenOn}より後です。{meant}の意味ではありませんか（1月から3月の年度は、暦年より1少ない）。',
    after_the_period: '{what}：{on}は、登録期間の終わり{registrationUntil}より後です。',
    terms_follow_on_gap: '{until}と{from}の間に、登録できない日が{days}日あります。',
    terms_follow_on_overlap: '新しい条件は{from}に始まり、前の条件の終わり{until}と重なります。',
    terms_follow_on_reversed: '登録期間の終わり{until}が、新しい条件の始まり{from}より前です。',
    follow_up_fits:
      '最後に登録された被験者の観察は{lastVisitOn}まで続き、研究期間の終わり{studyUntil}を{days}日超えます。',
  },
  request_check: {
    sum_of_terms: '合計の不一致',
    site_counts: '施設数の不一致',
    rate_and_minimum: '年あたりと最少例数の食い違い',
    pipeline_within_rate: 'スクリーニング中の二重計上',
    claim_against_record: '実績と合わない前提',
    unaccounted_screenings: '結果不明のスクリーニング',
    dates_of_one_decision: '一つの決定に二つの日付',
    date_to_come: '過去として書かれた将来の日付',
    after_the_period: '登録期間の後の決定・期限',
    terms_follow_on: '条件の版の隙間・重なり',
    follow_up_fits: '研究期間を超える観察',
  },
  request_remedy: {
    sum_of_terms: '誤っている項、または合計を改めてください。',
    site_counts: '各施設を一つの前提で一度だけ挙げ、挙げた施設の数を書いてください。',
    rate_and_minimum: 'どちらを約束するのかを明らかにし、他方を取り下げてください。',
    pipeline_within_rate: 'スクリーニング中の例を年あたりの例数に含めるか、その判定の後から数え始めてください。',
    claim_against_record: '今後が実績と異なる根拠を示すか、実績に見合う前提に改めてください。',
    unaccounted_screenings: '1件ごとに、結果または継続中であることを書いてください。',
    dates_of_one_decision: '通知書で確かめ、一つの日付にしてください。',
    date_to_come: '暦年か年度かを確かめてください。',
    after_the_period: 'より早い開催を求めるか、期間の終わりから決定までの扱いを書いてください。',
    terms_follow_on: '前の条件が終わる翌日に、新しい条件を始めてください。',
    follow_up_fits: '研究期間を延ばすか、登録期間を縮めてください。',
  },
}
