/** Guests: their links, and the page that they read. */
export const guests = {
  guest: {
    heading: '変更申請 第{number}号（{code}）　閲覧用の写し',
    note: 'リンクを作った時点で固定した内容です。その後の記録の変化は反映されません。A4で印刷できます。',
    as_of: '内容の時点',
    made_by: '作成者',
    made_for: '閲覧者',
    until: '閲覧できる最後の日',
    hash: '内容のSHA-256',
    open_title: '開ける閲覧リンク',
    links_title: '閲覧リンク',
    links_note:
      'アカウントのない人が、作成時点で固定した申請書、照会事項と回答、見込みの1枚だけを読めるリンクです。症例の情報は含みません。',
    no_links: '開ける閲覧リンクはありません。',
    over_title: '期限切れ・無効のリンク　{count}件',
    make: '閲覧リンクを作る',
    col_state: '状態',
    col_views: '閲覧',
    col_viewed: '最後の閲覧',
    views: '{count}回',
    never: 'まだありません',
    made_at: '作成 {at} {name}　SHA-256 {hash}',
    revoked_at: '{at} に無効',
    revoke: '無効にする',
    revoke_question: 'この閲覧リンクを無効にしますか',
    revoke_warning: 'すぐに何も読めなくなります。元には戻せません。ふたたび見せるには、新しいリンクが要ります。',
    made_heading: '閲覧リンクを作りました',
    made_note:
      'このリンクは、**今だけ**表示しています。リンクを知る人は誰でも読めます。**閲覧者に、直接**渡してください。',
    made_until: '{label}　{until} まで',
  },
  guest_state: { valid: '閲覧できる', expired: '期限切れ' },
  guest_over: {
    unknown: 'この閲覧リンクは使えません',
    expired: 'この閲覧リンクの期限は過ぎました',
    revoked: 'この閲覧リンクは無効にされました',
    outdated: 'この閲覧リンクの内容は表示できません',
  },
  guest_over_advice: {
    unknown:
      'アドレスが途中で切れていないか、確かめてください。それでも開けないときは、リンクを渡した人に、新しいリンクを依頼してください。',
    expired: 'まだ必要なときは、リンクを渡した人に、新しいリンクを依頼してください。',
    revoked: 'まだ必要なときは、リンクを渡した人に、新しいリンクを依頼してください。',
    outdated: '以前の版の画面のために作られたリンクです。リンクを渡した人に、新しいリンクを依頼してください。',
  },
}
