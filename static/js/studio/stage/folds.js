// What a format's numbers mean to somebody with the paper in hand: its sides, its panels as a reader meets them, and
// what is seen at each step of unfolding it. A box is {side, x_mm, y_mm, width_mm, height_mm}: a part of a side.

export const sideNames = (format) => (format.folds.length ? ["Outside", "Inside"] : ["Front", "Back"]);

export function sideBox(format, side) {
  return { side, x_mm: 0, y_mm: 0, width_mm: format.width_mm, height_mm: format.height_mm };
}

const panelOf = (format, key) => format.panels.find((panel) => panel.key === key);

// What is on top, and what is underneath, when it lies folded on a doormat.
export function outerFaces(format) {
  const first = format.panels[0];
  const last = isConcertina(format) ? panelOf(format, "inside-right") : panelOf(format, "back");
  return [first, last ?? first];
}

// Panels that lie beside each other when they are read, in opening order: [[cover], [flap], [left, middle, right], …].
export function spreads(format) {
  const found = [];
  for (const panel of format.panels) {
    const before = found.at(-1)?.at(-1);
    const joins = before && before.side === panel.side && Math.abs(before.x_mm + before.width_mm - panel.x_mm) < 0.01;
    if (joins && panel.side === 1) found.at(-1).push(panel);
    else found.push([panel]);
  }
  return found;
}

// A panel that folds in is a little narrower, so that it does not buckle; where all are equal, the sheet zigzags.
function isConcertina(format) {
  const inner = format.panels.filter((panel) => panel.side === 1);
  return inner.length === 3 && inner.every((panel) => panel.width_mm === inner[0].width_mm);
}

// The steps of unfolding. Each is {label, said, leaves}; a leaf is {box, at_mm, hinge}: a part of a side, where its
// left edge lies, and, where this step turned it over, the edge that it turned about. Later leaves lie on top.
export function unfolding(format) {
  if (!format.folds.length) return flat(format);
  return format.folds.length === 2 ? halves(format) : isConcertina(format) ? concertina(format) : rolled(format);
}

const leaf = (box, at_mm, hinge) => ({ box, at_mm, hinge });
const whole = (format, side, hinge) => leaf(sideBox(format, side), 0, hinge);

function flat(format) {
  return [
    { label: "Front", said: "What lies on top.", leaves: [whole(format, 0)] },
    { label: "Back", said: "Turned over.", leaves: [whole(format, 1, "middle")] },
  ];
}

function halves(format) {
  const [cover, left, right, back] = ["cover", "inside-left", "inside-right", "back"].map((key) => panelOf(format, key));
  return [
    { label: "Closed", said: "The cover, as it comes out of the letterbox.", leaves: [leaf(cover, right.x_mm)] },
    { label: "Open", said: "The cover turned to the left.", leaves: [leaf(right, right.x_mm), leaf(left, 0, "right")] },
    { label: "Back", said: "Closed again, and turned over.", leaves: [leaf(back, 0, "middle")] },
  ];
}

function rolled(format) {
  const [cover, flap, left, middle, right, back] = [
    "cover",
    "flap",
    "inside-left",
    "inside-middle",
    "inside-right",
    "back",
  ].map((key) => panelOf(format, key));
  return [
    { label: "Closed", said: "The cover, as it comes out of the letterbox.", leaves: [leaf(cover, middle.x_mm)] },
    {
      label: "First flap",
      said: "The cover turned to the left. The flap lies over the middle, a little narrower.",
      leaves: [leaf(middle, middle.x_mm), leaf(flap, right.x_mm - flap.width_mm), leaf(left, 0, "right")],
    },
    {
      label: "Open",
      said: "The flap turned to the right: the whole inside.",
      leaves: [leaf(left, 0), leaf(middle, middle.x_mm), leaf(right, right.x_mm, "left")],
    },
    { label: "Back", said: "Closed again, and turned over.", leaves: [leaf(back, middle.x_mm, "middle")] },
  ];
}

function concertina(format) {
  const [left, middle, right, cover] = ["inside-left", "inside-middle", "inside-right", "cover"].map((key) =>
    panelOf(format, key),
  );
  return [
    { label: "Closed", said: "The cover, as it comes out of the letterbox.", leaves: [leaf(cover, middle.x_mm)] },
    {
      label: "First fold",
      said: "The cover turned to the left.",
      leaves: [leaf(middle, middle.x_mm), leaf(left, 0, "right")],
    },
    {
      label: "Open",
      said: "The last panel drawn out to the right: the whole inside.",
      leaves: [leaf(left, 0), leaf(middle, middle.x_mm), leaf(right, right.x_mm, "left")],
    },
    { label: "Other side", said: "Open, and turned over.", leaves: [whole(format, 0, "middle")] },
  ];
}
