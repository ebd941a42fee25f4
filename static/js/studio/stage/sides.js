// The sides of the sheet as they will be printed, whole.

import { element } from "../element.js";
import { CAPTION_PX, captioned } from "./caption.js";
import { sideBox, sideNames } from "./folds.js";
import { paper } from "./page.js";

export function make(format) {
  const papers = sideNames(format).slice(0, format.sides).map((name, side) =>
    captioned(paper(sideBox(format, side), { label: `${name}, as it will print`, overlay: true }), name),
  );
  return {
    papers,
    part: { width_mm: format.width_mm, height_mm: format.height_mm, below_px: CAPTION_PX },
    element: element("div", { class: "view sides-view" }, papers.map((one) => one.figure)),
  };
}
