// Characters as people type and paste them. What is taken out carries no words, and is the same that the server takes
// out when it tidies (leaflets/domain/words/characters.py): controls, lone halves of a surrogate pair, and marks that hide
// text or turn its direction. Everything else, of every Unicode plane, stays.

// The flags of England, Scotland and Wales are spelled with such characters, and stay.
const FLAG = "\\u{1f3f4}[\\u{e0061}-\\u{e007a}]{2,6}\\u{e007f}";
const CONTROLS = "\\u0000-\\u0008\\u000e-\\u001f\\u007f-\\u0084\\u0086-\\u009f";
const MARKS = "\\u061c\\u200b\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069\\ufeff\\ufff9-\\ufffb\\u{e0000}-\\u{e007f}";
const HALVES = "\\u{d800}-\\u{dfff}";
const HIDDEN = new RegExp(`(${FLAG})|[${CONTROLS}${MARKS}${HALVES}]`, "gu");
const LINE_ENDS = /\r\n?|[\u000b\u000c\u0085\u2028\u2029]/g;

export const tidyText = (text) => text.replace(LINE_ENDS, "\n").replace(HIDDEN, "$1").normalize("NFC");
export const tidyLine = (text) =>
  tidyText(text)
    .replace(/[ \t\n]+/g, " ")
    .trim();

// A zone's value without characters that nobody sees, whatever its kind; the same object when it has none.
export function withoutHidden(value) {
  if (typeof value === "string") return value.replace(HIDDEN, "$1");
  if (Array.isArray(value)) return value.map(withoutHidden);
  if (value && typeof value === "object") {
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, withoutHidden(part)]));
  }
  return value;
}

// The words of a text: whatever stands between spaces, as the press counts them (leaflets/press/room.py).
export const wordsIn = (text) => text.match(/\S+/g)?.length ?? 0;
