// Words onto the clipboard, as text and, where there is style, as HTML too. Answers whether they are there.

import { element } from "./element.js";

export async function copied(text, html = "") {
  const kinds = { "text/plain": text, ...(html ? { "text/html": html } : {}) };
  try {
    const parts = Object.entries(kinds).map(([kind, words]) => [kind, new Blob([words], { type: kind })]);
    await navigator.clipboard.write([new ClipboardItem(Object.fromEntries(parts))]);
    return true;
  } catch {
    return copiedByHand(text, kinds);
  }
}

// For browsers and addresses (http) without the newer clipboard. What is copied must be selected, within the dialog
// that is open, if there is one.
function copiedByHand(text, kinds) {
  const put = (event) => {
    event.preventDefault();
    event.stopImmediatePropagation();
    for (const [kind, words] of Object.entries(kinds)) event.clipboardData.setData(kind, words);
  };
  const before = document.activeElement;
  const whole = element("textarea", { value: text, class: "unseen", "aria-hidden": "true" });
  (document.querySelector("dialog[open]") ?? document.body).append(whole);
  whole.select();
  document.addEventListener("copy", put, { capture: true, once: true });
  const done = document.execCommand("copy");
  document.removeEventListener("copy", put, { capture: true });
  whole.remove();
  before?.focus({ preventScroll: true });
  return done;
}
