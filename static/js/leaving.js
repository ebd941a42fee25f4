// Says when there are words that are not saved, and asks before they are left behind.

const form = document.getElementById("words");
let unsaved = false;

function mark(now) {
  unsaved = now;
  document.querySelector("[data-saved]").hidden = now;
  document.querySelector("[data-unsaved]").hidden = !now;
}

form?.addEventListener("input", () => mark(true));
form?.addEventListener("click", (event) => {
  if (event.target.closest("[data-drop-row]")) mark(true);
});
form?.addEventListener("submit", () => {
  unsaved = false;
});
window.addEventListener("beforeunload", (event) => {
  if (unsaved) event.preventDefault();
});
