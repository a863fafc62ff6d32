/** The same keys at the same places, each with a sentence: what a second language must have. */
export type SameWords<T> = { readonly [K in keyof T]: T[K] extends string ? string : SameWords<T[K]> }
