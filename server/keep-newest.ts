/** Keeps an answer as the newest, and so many in all: the one that was asked for longest ago goes. */
export function keepNewest<Key, Answer>(kept: Map<Key, Answer>, key: Key, answer: Answer, most: number): void {
  // Once more at the end, which is the newest.
  kept.delete(key)
  kept.set(key, answer)
  const oldest = kept.keys().next()
  if (kept.size > most && oldest.done !== true) kept.delete(oldest.value)
}
