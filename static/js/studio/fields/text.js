// A box for one text without style: one line that wraps where it must, or several lines. Other fields are made of it.
// The box grows with its words; Enter makes no new line, and whatever lines are pasted or dropped become one.

import { element } from "../element.js";
import { isPicture, pastedLine, saidNo } from "../text/paste.js";

const GROWS = CSS.supports("field-sizing", "content");

export function box({ id, changed, mayEdit, language, inputmode, spellcheck = true, ...attributes }) {
  const input = element("textarea", {
    id,
    rows: 1,
    class: "text-box",
    spellcheck,
    readOnly: !mayEdit,
    lang: spellcheck ? language : undefined,
    inputmode,
    enterkeyhint: "done",
    autocomplete: "off",
    ...attributes,
  });
  const grown = () => {
    if (GROWS) return;
    input.style.height = "auto";
    input.style.height = `${input.scrollHeight}px`;
  };
  input.addEventListener("keydown", (event) => event.key === "Enter" && !event.isComposing && event.preventDefault());
  input.addEventListener("compositionstart", () => input.toggleAttribute("data-composing", true));
  input.addEventListener("compositionend", () => input.toggleAttribute("data-composing", false));
  input.addEventListener("input", (event) => {
    const dropped = event.inputType === "insertFromDrop";
    if (/[\r\n]/.test(input.value)) replace(input, 0, input.value.length, input.value.replace(/\s*[\r\n]+\s*/g, " "));
    grown();
    changed({ paste: dropped });
  });
  input.addEventListener("paste", (event) => {
    if (input.readOnly || isPicture(event.clipboardData)) return;
    event.preventDefault();
    const { text, no } = pastedLine(event.clipboardData);
    saidNo(input, no);
    if (no) return;
    replace(input, input.selectionStart, input.selectionEnd, text);
    grown();
    changed({ paste: true });
  });
  return {
    input,
    read: () => input.value,
    write(text) {
      if (input.value === text) return;
      const [start, end] = keptCaret(input, text);
      input.value = text;
      if (document.activeElement === input) input.setSelectionRange(start, end);
      grown();
    },
    text: (where) => ({
      where,
      get: () => input.value,
      splice(changes) {
        input.value = spliced(input.value, changes);
        grown();
      },
      select(start, end) {
        input.focus();
        input.setSelectionRange(start, end);
      },
    }),
  };
}

// The text after changes [{start, end, words}] that do not overlap, in order.
function spliced(text, changes) {
  let out = "";
  let at = 0;
  for (const { start, end, words } of changes) {
    out += text.slice(at, start) + words;
    at = end;
  }
  return out + text.slice(at);
}

function replace(input, start, end, text) {
  input.setRangeText(text, start, end, "end");
  input.scrollTop = input.scrollHeight;
}

// Where the caret belongs in other words: as far from the end as before when the change is before it.
function keptCaret(input, text) {
  const was = input.value;
  let head = 0;
  while (head < was.length && head < text.length && was[head] === text[head]) head += 1;
  const moved = (at) => (at <= head ? at : Math.max(head, at + text.length - was.length));
  return [moved(input.selectionStart), moved(input.selectionEnd)];
}
