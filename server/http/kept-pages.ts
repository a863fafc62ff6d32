/** Pages made from figures that are remembered: whoever asks the same of the same figures is given the same page. */
import type { Page } from '../pages/page.ts'
import { newest } from './newest.ts'

/** Of the same figures, for readers who see and ask different things. */
const mostPages = 20

/** `question` is everything that the page says besides the figures. */
export function keepPages<P extends Page>(): (figures: object, question: unknown, make: () => P) => P {
  const kept = new WeakMap<object, (question: string, make: () => P) => P>()
  return (figures, question, make) => {
    const pages = kept.get(figures) ?? newest<P>(mostPages)
    kept.set(figures, pages)
    return pages(JSON.stringify(question), make)
  }
}
