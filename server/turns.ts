/** What is done in one turn of the loop by all who came meanwhile, and what at its end for all of them together. */

let begun = false
let turn = 0
let atEnd: (() => void)[] = []

/** `work` begins in a turn of its own, after what is under way has gone on; whatever it asks for at its end is done then. */
export function inNextTurn(work: () => void): void {
  // What waits for the disk is answered in between: the first turn only hears what has come.
  setImmediate(() => {
    setImmediate(() => {
      begun = true
      turn += 1
      work()
    })
    setImmediate(end)
  })
}

/** Once everybody who began in this turn got as far as they could; in the next turn where nobody has begun. */
export function atEndOfTurn(work: () => void): void {
  atEnd.push(work)
  if (!begun && atEnd.length === 1) setImmediate(end)
}

function end(): void {
  begun = false
  const works = atEnd
  atEnd = []
  for (const work of works) work()
}

/** What nobody but others can change while a turn lasts: asked once in it, and each time outside of turns. */
export function onceInTurn<Answer>(ask: () => Answer): () => Answer {
  let known: { turn: number; answer: Answer } | null = null
  return () => {
    if (!begun) return ask()
    if (known?.turn !== turn) known = { turn, answer: ask() }
    return known.answer
  }
}
