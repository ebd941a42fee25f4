// A part of one side of the leaflet, drawn as the press made it: an SVG whose units are millimetres from the top left
// of the trim. A new picture of the page lies over the old one until it is there, so that nothing flickers.

import { drawing } from "../drawing.js";
import { studio } from "../store.js";
import { lines } from "./overlay.js";

const TRY_AGAIN_MS = 3000; // a picture that did not come, while it is still the newest

const format = studio.state.leaflet.format;

// box: what is seen of the side. margin_mm: how much around it. label: its name. named: whether a blank says what it
// is. Gives {element, box, show(shown)}.
export function paper(box, { label, margin_mm = 0, overlay = false, named = true } = {}) {
  const ink = drawing("g", { class: "ink", "aria-hidden": "true" });
  const zones = drawing("g", { class: "places" });
  const blank = drawing(
    "g",
    { class: "blank", "aria-hidden": "true" },
    drawing("rect", { ...edges(box), class: "blank-paper" }),
    named ? [...foldLines(box), ...panelNames(box)] : [],
  );
  const view = [box.x_mm - margin_mm, box.y_mm - margin_mm, box.width_mm + 2 * margin_mm, box.height_mm + 2 * margin_mm];
  const element = drawing(
    "svg",
    { class: "paper", viewBox: view.join(" "), role: "group", "aria-label": label },
    blank,
    ink,
    overlay ? lines(format, box) : null,
    zones,
  );
  element.style.setProperty("--wide", view[2]);
  element.dataset.side = box.side;
  return { element, box, show: (shown) => show(shown, { box, ink, blank, zones }) };
}

const edges = (box) => ({ x: box.x_mm, y: box.y_mm, width: box.width_mm, height: box.height_mm });

function show(shown, { box, ink, blank, zones }) {
  const page = shown?.pages[box.side];
  if (!page) return;
  if (ink.dataset.hash !== page.hash || ink.dataset.bleed !== String(shown.bleed_mm)) {
    ink.dataset.hash = page.hash;
    ink.dataset.bleed = shown.bleed_mm;
    const image = drawing("image", {
      x: -shown.bleed_mm,
      y: -shown.bleed_mm,
      width: format.width_mm + 2 * shown.bleed_mm,
      height: format.height_mm + 2 * shown.bleed_mm,
      preserveAspectRatio: "none",
    });
    image.addEventListener("load", () => {
      while (image.previousSibling) image.previousSibling.remove();
      blank.classList.add("covered");
    });
    const load = () => {
      image.removeAttribute("href");
      if (ink.lastChild === image) image.setAttribute("href", page.src);
    };
    image.addEventListener("error", () => setTimeout(load, TRY_AGAIN_MS));
    ink.append(image);
    load();
  }
  arrange(zones, placesIn(shown, box));
}

// A place that is there already moves: it may have the focus.
function arrange(zones, places) {
  const before = [...zones.children];
  const now = places.map((place) => {
    const at = before.findIndex((one) => one.dataset.zone === place.zone);
    const one = at < 0 ? shape(place) : before.splice(at, 1)[0];
    for (const [name, value] of Object.entries(edges(place))) one.setAttribute(name, value);
    return one;
  });
  for (const gone of before) gone.remove();
  now.forEach((one, order) => zones.children[order] !== one && zones.insertBefore(one, zones.children[order] ?? null));
}

// The places of zones in a box, the largest first, so that a small one on top of a large one can be pointed at.
export function placesIn(shown, box) {
  const inside = (place) =>
    place.page === box.side + 1 &&
    place.x_mm + place.width_mm / 2 >= box.x_mm &&
    place.x_mm + place.width_mm / 2 <= box.x_mm + box.width_mm;
  const size = (place) => place.width_mm * place.height_mm;
  return (shown?.places ?? []).filter((place) => inside(place) && size(place) > 0).sort((a, b) => size(b) - size(a));
}

function shape(place) {
  const zone = studio.zones.get(place.zone);
  const name = zone?.label ?? place.zone;
  return drawing(
    "rect",
    {
      class: "place",
      "data-zone": place.zone,
      role: "button",
      tabindex: "-1",
    },
    drawing("title", {}, name), // names it, and shows itself to whoever points at it
  );
}

function foldLines(box) {
  return format.folds
    .filter(({ side, x_mm }) => side === box.side && x_mm > box.x_mm && x_mm < box.x_mm + box.width_mm)
    .map(({ x_mm: x }) => drawing("line", { class: "blank-fold", x1: x, x2: x, y1: box.y_mm, y2: box.y_mm + box.height_mm }));
}

function panelNames(box) {
  const seen = format.panels.filter(
    (panel) => panel.side === box.side && panel.x_mm >= box.x_mm - 0.01 && panel.x_mm < box.x_mm + box.width_mm - 0.01,
  );
  return seen.map((panel) => {
    const [name, more] = panel.label.split(", ");
    const x = panel.x_mm + panel.width_mm / 2;
    const y = panel.y_mm + panel.height_mm / 2;
    return drawing(
      "g",
      {},
      drawing("text", { class: "panel-name", x, y, "text-anchor": "middle" }, name),
      more ? drawing("text", { class: "panel-note", x, y: y + 7, "text-anchor": "middle" }, more) : null,
    );
  });
}
