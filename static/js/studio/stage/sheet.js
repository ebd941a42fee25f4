// As the printer sees it: each side flat, with its bleed, the lines, and the marks for the knife.

import { element } from "../element.js";
import { CAPTION_PX, captioned } from "./caption.js";
import { sideBox, sideNames } from "./folds.js";
import { cropMarks } from "./overlay.js";
import { paper } from "./page.js";

const AROUND_MM = 12; // the bleed, the marks, and a little air

export function make(format) {
  const { width_mm, height_mm, bleed_mm } = format;
  const sizes = `${size(width_mm, height_mm)} cut, ${size(width_mm + 2 * bleed_mm, height_mm + 2 * bleed_mm)} with bleed`;
  const papers = sideNames(format).slice(0, format.sides).map((name, side) => {
    const label = `${name}, as the printer sees it`;
    const one = paper(sideBox(format, side), { label, margin_mm: AROUND_MM, overlay: true });
    one.element.append(cropMarks(format));
    return captioned(one, `${name}. ${sizes}.`);
  });
  return {
    papers,
    part: { width_mm: width_mm + 2 * AROUND_MM, height_mm: height_mm + 2 * AROUND_MM, below_px: CAPTION_PX },
    element: element("div", { class: "view sheet-view" }, papers.map((one) => one.figure)),
  };
}

const say = (length_mm) => `${Number(length_mm.toFixed(1))}`;
const size = (width_mm, height_mm) => `${say(width_mm)} × ${say(height_mm)} mm`;
