/** The version of the projection's method: it changes whenever the same inputs would give another number. */
export const methodVersion = 'toroku-1'
