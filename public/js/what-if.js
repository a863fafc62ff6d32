/**
 * The scenarios answer while they are changed: the same address that the form would open is asked for, and its results,
 * texts and curve take the place of those on the page. The address bar follows, so that the link stays the one to share.
 * Each number gets a slider beside it. Without this the form works as any other.
 */

/** So many milliseconds after the last change. */
const pause = 250

const form = document.querySelector('form[data-what-if]')
if (form instanceof HTMLFormElement) begin(form)

/** @param {HTMLFormElement} form */
function begin(form) {
  /** @type {NodeListOf<HTMLInputElement>} */
  const numbers = form.querySelectorAll('input[data-max]')
  for (const number of numbers) addSlider(number)

  let waiting = 0
  let latest = 0
  form.addEventListener('input', () => {
    clearTimeout(waiting)
    latest += 1
    const turn = latest
    waiting = window.setTimeout(() => void show(form, () => turn === latest), pause)
  })
}

/** A slider says the same as its field, which stays the one that is sent. @param {HTMLInputElement} number */
function addSlider(number) {
  const slider = document.createElement('input')
  slider.type = 'range'
  slider.min = number.dataset.min ?? '0'
  slider.max = number.dataset.max ?? '1'
  slider.step = number.dataset.step ?? '1'
  slider.setAttribute('aria-label', number.getAttribute('aria-label') ?? '')
  const follow = () => {
    slider.value = number.value === '' ? (number.dataset.rest ?? slider.min) : number.value
    slider.setAttribute('aria-valuetext', number.value === '' ? '—' : number.value)
  }
  follow()
  slider.addEventListener('input', () => {
    number.value = slider.value
    slider.setAttribute('aria-valuetext', slider.value)
  })
  number.addEventListener('input', follow)
  number.after(slider)
}

/**
 * @param {HTMLFormElement} form
 * @param {() => boolean} isLatest whether nothing has been changed since
 */
async function show(form, isLatest) {
  const fields = [...new FormData(form)].map(([name, value]) => [name, String(value)])
  const address = `${location.pathname}?${new URLSearchParams(fields)}`
  const answer = await fetch(address, { headers: { Accept: 'text/html' } }).catch(() => null)
  if (answer === null || answer.redirected || !isLatest()) return
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html')
  if (!isLatest()) return
  for (const part of document.querySelectorAll('[data-part]')) {
    const fresh = page.getElementById(part.id)
    if (fresh !== null) part.replaceChildren(...fresh.childNodes)
  }
  document.dispatchEvent(new Event('parts-replaced'))
  if (!answer.ok) return
  history.replaceState(history.state, '', address)
  /** @type {NodeListOf<HTMLInputElement>} */
  const returns = document.querySelectorAll('input[name="returnTo"]')
  for (const field of returns) field.value = address
}
