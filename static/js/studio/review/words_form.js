// A box for words that somebody says: what is typed stays on this device until it has arrived, and one number goes
// with it however often it is sent.

import { element } from "../element.js";
import { newStep } from "../fields/fields.js";
import { studio } from "../store.js";

const LONGEST = 2000;

// `send(words, op_id)` answers with why it could not be taken, or "". Closed, it is one line until somebody opens it.
export function wordsForm({ key, label, button, send, cancel, open = false }) {
  const kept = `said-${studio.state.leaflet.id}-${key}`;
  const id = `words-${key}`;
  const words = element("textarea", { id, rows: open ? 3 : 1, maxLength: LONGEST, value: draft(kept) });
  const fault = element("p", { class: "fault", role: "alert", hidden: true });
  const press = element("button", { class: open ? "first" : "" }, button);
  let op_id = newStep();
  words.addEventListener("input", () => draft(kept, words.value));
  words.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
    if (event.key === "Escape" && cancel && !words.value) cancel();
  });
  const form = element(
    "form",
    { class: "words-form", "data-key": key },
    element("label", { htmlFor: id, class: open ? "" : "unseen" }, label),
    words,
    element("p", { class: "actions" }, press, cancel ? element("button", { type: "button", class: "quiet", onclick: cancel }, "Leave it") : undefined),
    fault,
  );
  if (!open) words.placeholder = "Answer";
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (!words.value.trim()) return words.focus();
    press.disabled = true;
    const why = await send(words.value, op_id);
    press.disabled = false;
    fault.textContent = why;
    fault.hidden = !why;
    if (why) return words.focus();
    op_id = newStep();
    words.value = "";
    draft(kept, "");
  });
  return form;
}

// Where the browser keeps nothing, a reload forgets what was not sent; nothing else does.
function draft(key, words) {
  try {
    if (words) sessionStorage.setItem(key, words);
    else if (words === "") sessionStorage.removeItem(key);
    return sessionStorage.getItem(key) ?? "";
  } catch {
    return "";
  }
}
