// The sides of the sheet as they will be printed, whole.

import { element } from "./element.js";
import { sideBox, sideNames } from "./folds.js";
import { CAPTION_PX, paper } from "./page.js";

export function make(format) {
  const papers = [...Array(format.sides).keys()].map((side) =>
    paper(sideBox(format, side), { label: `${sideNames(format)[side]}, as it will print`, overlay: true }),
  );
  return {
    papers,
    part: { width_mm: format.width_mm, height_mm: format.height_mm, below_px: CAPTION_PX },
    element: element(
      "div",
      { class: "view sides-view" },
      papers.map((one, side) => element("figure", {}, one.element, element("figcaption", {}, sideNames(format)[side]))),
    ),
  };
}
