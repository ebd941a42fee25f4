// As the printer sees it: each side flat, with its bleed, the lines, and the marks for the knife.

import { element } from "./element.js";
import { sideBox, sideNames } from "./folds.js";
import { cropMarks } from "./overlay.js";
import { CAPTION_PX, paper } from "./page.js";

const AROUND_MM = 12; // the bleed, the marks, and a little air

export function make(format) {
  const papers = [...Array(format.sides).keys()].map((side) => {
    const one = paper(sideBox(format, side), {
      label: `${sideNames(format)[side]}, as the printer sees it`,
      margin_mm: AROUND_MM,
      overlay: true,
    });
    one.element.append(cropMarks(format));
    return one;
  });
  const size = `${say(format.width_mm)} × ${say(format.height_mm)} mm cut, ${say(format.width_mm + 2 * format.bleed_mm)} × ${say(format.height_mm + 2 * format.bleed_mm)} mm with bleed`;
  return {
    papers,
    part: { width_mm: format.width_mm + 2 * AROUND_MM, height_mm: format.height_mm + 2 * AROUND_MM, below_px: CAPTION_PX },
    element: element(
      "div",
      { class: "view sheet-view" },
      papers.map((one, side) =>
        element("figure", {}, one.element, element("figcaption", {}, `${sideNames(format)[side]} · ${size}`)),
      ),
    ),
  };
}

const say = (length_mm) => `${Number(length_mm.toFixed(1))}`;
