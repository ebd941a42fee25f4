// A line of text: a headline, a caption.

import { box } from "./text.js";

export function make(_zone, { id, describedby, changed, mayEdit, language }) {
  const one = box({ id, changed, mayEdit, language, "aria-describedby": describedby });
  return {
    element: one.input,
    read: one.read,
    write: (value) => one.write(typeof value === "string" ? value : ""),
    focus: () => one.input.focus({ preventScroll: true }),
    texts: () => [one.text("")],
  };
}
