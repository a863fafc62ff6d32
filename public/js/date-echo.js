/**
 * Says beside a date's field how it is understood, while it is typed. The server reads it, as it will read the form; without
 * this script the form's answer says the same.
 */

/** Long enough that nobody is answered in the middle of a word. */
const restMilliseconds = 250

for (const field of /** @type {NodeListOf<HTMLInputElement>} */ (document.querySelectorAll('form input.w-date'))) {
  follow(field)
}

/** @param {HTMLInputElement} field */
function follow(field) {
  let latest = 0
  field.addEventListener('input', () => {
    latest += 1
    const asked = latest
    const echo = echoOf(field)
    // What stood there was about something else.
    echo.textContent = ''
    setTimeout(async () => {
      if (asked !== latest) return
      const text = await readingOf(field.value)
      if (asked === latest) echo.textContent = text
    }, restMilliseconds)
  })
}

/** A field's line, made under it where the page has none; it is read aloud when it changes. @param {HTMLInputElement} field */
function echoOf(field) {
  const there = document.getElementById(`${field.id}-echo`) ?? field.parentElement?.querySelector('.echo')
  const echo = there ?? field.insertAdjacentElement('afterend', document.createElement('span'))
  if (echo === null) throw new Error('a field stands in a document')
  echo.classList.add('echo')
  echo.setAttribute('aria-live', 'polite')
  return echo
}

/** Nothing where the server cannot be asked: the form's answer says it all the same. @param {string} typed */
async function readingOf(typed) {
  try {
    const answer = await fetch(`/dates/reading.txt?${new URLSearchParams({ typed })}`)
    return answer.ok && !answer.redirected ? await answer.text() : ''
  } catch {
    return ''
  }
}
