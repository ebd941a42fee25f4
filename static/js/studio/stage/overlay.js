// The lines that a printer thinks in, over a side of the sheet: trim, bleed, the margin that is safe from the knife,
// and the folds. Each is told apart by its dashes as well as by its colour, and cased in white so that it shows on ink.

import { drawing } from "../drawing.js";

export const LINES = [
  { key: "trim", label: "Trim", said: "where the sheet is cut" },
  { key: "bleed", label: "Bleed", said: "ink runs to here, so that no white edge shows" },
  { key: "safe", label: "Safe", said: "words stay inside" },
  { key: "fold", label: "Folds", said: "where it is creased" },
];

export function lines(format, box) {
  const parts = { trim: [trim(format)], bleed: [bleed(format)], safe: safe(format, box.side), fold: folds(format, box.side) };
  return drawing(
    "g",
    { class: "lines", "aria-hidden": "true" },
    LINES.map(({ key }) =>
      drawing(
        "g",
        { class: `line-${key}` },
        parts[key].flatMap((part) => {
          const casing = part.cloneNode();
          casing.setAttribute("class", "casing");
          return [casing, part];
        }),
      ),
    ),
  );
}

const frame = (x, y, width, height) => drawing("rect", { x, y, width, height });
const trim = (format) => frame(0, 0, format.width_mm, format.height_mm);

function bleed(format) {
  const more = format.bleed_mm;
  return frame(-more, -more, format.width_mm + 2 * more, format.height_mm + 2 * more);
}

// Words keep away from the trim, and a little from each fold.
function safe(format, side) {
  const from = format.safe_from_trim_mm;
  return format.panels
    .filter((panel) => panel.side === side)
    .map((panel) => {
      const right = panel.x_mm + panel.width_mm;
      const inLeft = panel.x_mm < 0.01 ? from : format.safe_from_fold_mm;
      const inRight = Math.abs(right - format.width_mm) < 0.01 ? from : format.safe_from_fold_mm;
      return frame(
        panel.x_mm + inLeft,
        panel.y_mm + from,
        panel.width_mm - inLeft - inRight,
        panel.height_mm - 2 * from,
      );
    });
}

function folds(format, side) {
  return format.folds
    .filter((fold) => fold.side === side)
    .map(({ x_mm }) => drawing("line", { x1: x_mm, x2: x_mm, y1: -format.bleed_mm, y2: format.height_mm + format.bleed_mm }));
}

// Where the knife is set: short lines outside the bleed, so that none is left on the leaflet.
export function cropMarks(format) {
  const { width_mm: w, height_mm: h, bleed_mm: away } = format;
  const long = 5;
  const mark = (x1, y1, x2, y2) => drawing("line", { x1, y1, x2, y2 });
  const marks = [0, w].flatMap((x) => [mark(x, -away, x, -away - long), mark(x, h + away, x, h + away + long)]);
  marks.push(...[0, h].flatMap((y) => [mark(-away, y, -away - long, y), mark(w + away, y, w + away + long, y)]));
  return drawing("g", { class: "crop-marks", "aria-hidden": "true" }, marks);
}
