// The panels cut out, in the order in which a reader meets them; those that lie open beside each other stay together.

import { element } from "./element.js";
import { spreads } from "./folds.js";
import { paper } from "./page.js";

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
  const width_mm = Math.max(...groups.map((panels) => panels.reduce((sum, panel) => sum + panel.width_mm, 0)));
  return { papers, part: { width_mm, height_mm: format.folded_height_mm }, element: element("div", { class: "view opening-view" }, figures) };
}
