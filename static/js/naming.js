// Naming a version of the history: its field is ready to type in as soon as it opens, Enter keeps the name, and Escape
// puts it away as it was. Without this script the same form opens by the browser alone.

document.addEventListener("toggle", opened, { capture: true }); // it does not bubble
document.addEventListener("keydown", escaped);

function opened({ target }) {
  if (target.matches(".naming[open]")) target.querySelector("input[name=name]").select();
}

function escaped(event) {
  const naming = event.target.closest(".naming[open]");
  if (event.key !== "Escape" || event.isComposing || !naming) return;
  naming.querySelector("form").reset();
  naming.open = false;
  naming.querySelector("summary").focus();
}
