/** Where candidates are, and what is done to find them. */

export type RecruitmentTables = {
  countermeasure: CountermeasureRow
  eligibility_pool: EligibilityPoolRow
}

/** `site_ids` and `sources` are JSON lists; an empty one stands for all of them. */
export type CountermeasureRow = {
  id: string
  trial_id: string
  category: string
  title_ja: string
  title_en: string
  site_ids: string
  sources: string
  started_on: string
  ended_on: string | null
  owner: string
  evidence: string
  basis: string
  voided_on: string | null
}

/** One count of a pool's patients; a later count of the same pool has the same `pool_id`, which is the first one's id. */
export type EligibilityPoolRow = {
  id: string
  trial_id: string
  pool_id: string
  part_of_pool_id: string | null
  site_id: string | null
  place_ja: string
  place_en: string
  department_ja: string
  department_en: string
  size: number
  counted_on: string
  reviewed: number | null
  eligible_low: number | null
  eligible_high: number | null
  source: string
  basis: string
  voided_on: string | null
}
