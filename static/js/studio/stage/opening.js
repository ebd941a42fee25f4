// The panels cut out, in the order in which a reader meets them; those that lie open beside each other stay together.

import { element } from "../element.js";
import { CAPTION_PX, captioned } from "./caption.js";
import { spreads } from "./folds.js";
import { paper } from "./page.js";

const STACKED = matchMedia("(max-width: 63.99rem)"); // one panel at a time, whatever lies beside it

export function make(format) {
  const number = (panel) => element("span", { class: "number" }, String(format.panels.indexOf(panel) + 1));
  const groups = spreads(format).map((panels) =>
    panels.map((panel) => captioned(paper(panel, { label: `${panel.label}, as it will print` }), number(panel), panel.label)),
  );
  const width = (group) => group.reduce((sum, { box }) => sum + box.width_mm, 0);
  const widths = STACKED.matches ? format.panels.map((panel) => panel.width_mm) : groups.map(width);
  return {
    papers: groups.flat(),
    part: { width_mm: Math.max(...widths), height_mm: format.folded_height_mm, below_px: CAPTION_PX },
    element: element(
      "div",
      { class: "view opening-view" },
      groups.map((group) => element("div", { class: "spread" }, group.map((one) => one.figure))),
    ),
  };
}
