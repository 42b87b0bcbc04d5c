// Every field that a screen reader could not name.
() => [...document.querySelectorAll("input:not([type=hidden], [hidden]), select, textarea")]
  .filter((field) => ![...(field.labels || [])].some((label) => label.textContent.trim()))
  .filter((field) => !field.getAttribute("aria-label"))
  .map((field) => field.outerHTML)
