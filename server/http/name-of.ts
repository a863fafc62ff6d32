/** Names for objects, where what is kept is kept by which object it is about, never by what that says. */
const names = new WeakMap<object, number>()
let named = 0

/** The same for the same object as long as it is there, and never given to another. */
export function nameOf(one: object): number {
  const known = names.get(one)
  if (known !== undefined) return known
  named += 1
  names.set(one, named)
  return named
}
