/** The orders in which a log is read: by its columns, each either way, the number deciding between equals. */
import type { Pathway } from './milestone.ts'

export const fixedOrders = ['number', 'state', 'consented', 'last'] as const

/** `on-<code>`: by the day on which that milestone was reached; whoever has not reached it comes last, either way. */
export type LogOrder = (typeof fixedOrders)[number] | `on-${string}`

/** The order of a milestone's column. The consent has its own, by the column of the subject itself. */
export function orderOf(pathway: Pathway, code: string): LogOrder {
  return code === pathway.screening.code ? 'consented' : `on-${code}`
}

/** Every order that a log of this pathway has: what is not among them is none. */
export function ordersOf(pathway: Pathway): LogOrder[] {
  return [...fixedOrders, ...pathway.milestones.map(({ code }) => orderOf(pathway, code))]
}

/** The milestone that an order asks for; null for the orders that every log has. */
export function milestoneIn(order: LogOrder): string | null {
  return order.startsWith('on-') ? order.slice('on-'.length) : null
}
