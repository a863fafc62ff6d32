/** Answers by their questions, so many of them: the one that was asked for longest ago goes first. */
export function newest<T>(most: number): (question: string, answer: () => T) => T {
  const kept = new Map<string, T>()
  return (question, answer) => {
    const known = kept.has(question) ? (kept.get(question) as T) : answer()
    // Once more at the end, which is the newest.
    kept.delete(question)
    kept.set(question, known)
    const oldest = kept.keys().next()
    if (kept.size > most && oldest.done !== true) kept.delete(oldest.value)
    return known
  }
}
