// The panels cut out, in the order in which a reader meets them; those that lie open beside each other stay together.

import { element } from "./element.js";
import { spreads } from "./folds.js";
import { CAPTION_PX, paper } from "./page.js";

export function make(format) {
  const papers = [];
  const groups = spreads(format);
  let number = 0;
  const figures = groups.map((panels) =>
    element(
      "div",
      { class: "spread" },
      panels.map((panel) => {
        const one = paper(panel, { label: `${panel.label}, as it will print` });
        papers.push(one);
        number += 1;
        const caption = element("figcaption", {}, element("span", { class: "number" }, String(number)), panel.label);
        return element("figure", {}, one.element, caption);
      }),
    ),
  );
  const narrow = matchMedia("(max-width: 63.99rem)").matches; // one panel at a time, whatever lies beside it
  const widths = narrow
    ? format.panels.map((panel) => panel.width_mm)
    : groups.map((panels) => panels.reduce((sum, panel) => sum + panel.width_mm, 0));
  return { papers, part: { width_mm: Math.max(...widths), height_mm: format.folded_height_mm, below_px: CAPTION_PX }, element: element("div", { class: "view opening-view" }, figures) };
}
