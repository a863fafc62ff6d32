/**
 * A button under each text that is made to be copied; what came of it is said beside the button, and read aloud. Without
 * this, or where a page may not reach the clipboard, the text is there to be selected.
 */

begin()
document.addEventListener('parts-replaced', begin)

function begin() {
  /** @type {NodeListOf<HTMLTextAreaElement>} */
  const texts = document.querySelectorAll('textarea[data-copy]')
  for (const text of texts) if (text.nextElementSibling === null) addButton(text)
}

/** @param {HTMLTextAreaElement} text */
function addButton(text) {
  const line = document.createElement('p')
  line.className = 'copy-line'
  const button = document.createElement('button')
  button.type = 'button'
  button.className = 'button second small'
  button.textContent = text.dataset.copy ?? ''
  button.setAttribute('aria-label', `${button.textContent} (${text.labels?.[0]?.textContent ?? ''})`)
  const said = document.createElement('span')
  said.className = 'note'
  said.setAttribute('role', 'status')
  button.addEventListener('click', async () => {
    said.textContent = ''
    const isCopied = await copy(text)
    said.textContent = (isCopied ? text.dataset.copied : text.dataset.selected) ?? ''
  })
  line.append(button, said)
  text.after(line)
}

/** Whether it is on the clipboard; otherwise it is selected. @param {HTMLTextAreaElement} text */
async function copy(text) {
  try {
    await navigator.clipboard.writeText(text.value)
    return true
  } catch {
    text.focus()
    text.select()
    return false
  }
}
