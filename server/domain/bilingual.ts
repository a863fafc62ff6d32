/** A name or sentence of the trial's own, kept in both languages of the product. */
export type Bilingual = { readonly ja: string; readonly en: string }

/** Whether a figure was recorded as it happened, or assumed because no document states it. Shown beside the figure. */
export type Basis = 'recorded' | 'assumed'
