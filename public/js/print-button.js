/** A button that prints the page. It stands there only where a script can press it: without one, the browser's own menu prints. */
for (const button of /** @type {NodeListOf<HTMLButtonElement>} */ (document.querySelectorAll('button[data-print]'))) {
  button.hidden = false
  button.addEventListener('click', () => print())
}
