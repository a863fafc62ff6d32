/** Answers by their questions, so many of them: the one that was asked for longest ago goes first. */
import { keepNewest } from '../keep-newest.ts'

export function newest<T>(most: number): (question: string, answer: () => T) => T {
  const kept = new Map<string, T>()
  return (question, answer) => {
    const known = kept.has(question) ? (kept.get(question) as T) : answer()
    keepNewest(kept, question, known, most)
    return known
  }
}
