// The signs of the tools' row, drawn in lines. A narrow screen shows the sign alone; the word beside it stays the name
// that is read aloud.

import { drawing } from "./drawing.js";
import { element } from "./element.js";

const SIGNS = {
  undo: "M8 5 3.5 9.5 8 14M4 9.5h8a4.5 4.5 0 0 1 0 9h-2",
  redo: "M14 5l4.5 4.5L14 14M18 9.5h-8a4.5 4.5 0 0 0 0 9h2",
  history: "M4 4v5h5M4.5 8.5a7.5 7.5 0 1 1-1 4M11 7v4.5l3 2",
  lines: "M3.5 3.5h15v15h-15zM7 7h1.5m2 0H12m2 0h1M7 15h1.5m2 0H12m2 0h1M7 7v2m0 2v1.5M15 7v2m0 2v1.5",
  side: "M6 3h10v16H6zM11 6v10M9 8l2-2 2 2M9 14l2 2 2-2",
  width: "M3 4v14M19 4v14M6 11h10M8.5 8.5 6 11l2.5 2.5M13.5 8.5 16 11l-2.5 2.5",
  words: "M2.5 17 7 5l4.5 12M4 13h6M19 17v-8M19 13a3 4 0 1 1-6 0 3 4 0 1 1 6 0",
};

export const sign = (name, word) => [
  drawing(
    "svg",
    { class: `tool-sign sign-${name}`, viewBox: "0 0 22 22", width: 20, height: 20, "aria-hidden": true },
    drawing("path", { d: SIGNS[name] }),
  ),
  element("span", { class: "tool-word" }, word),
];
