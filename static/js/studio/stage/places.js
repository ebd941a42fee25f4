// The places of zones on the pages: what is lit, what is being set, what is to be put right; and the ways from a place
// to its field. The whole leaflet is one tab stop: arrows go from place to place as a reader meets them.

import { drawing } from "../drawing.js";
import { studio } from "../store.js";

const AIR_PX = 24; // around a place that is brought into view
const WALK = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

const setting = new Set(); // zones whose words the page does not show yet
let wrong = new Set(); // zones in which something is to be put right
let here = null; // the zone that is lit
let room; // what holds the pages, and scrolls

export function build(stageRoom) {
  room = stageRoom;
  room.addEventListener("click", ({ target }) => toField(target));
  room.addEventListener("keydown", walk);
  document.getElementById("words").addEventListener("focusin", ({ target }) => {
    const zone = target.closest(".zone")?.dataset.zone;
    if (zone) light(zone);
  });
  studio.on("go", ({ zone, from }) => light(zone, { blink: from === "list" }));
  studio.on("edit", ({ zone }) => {
    setting.add(zone);
    mark();
  });
  studio.on("remarks", (all) => {
    wrong = new Set(all.filter((one) => one.level === "error").map((one) => one.zone));
    mark();
  });
}

// The pages show the words as they are.
export const allSet = () => setting.clear();

const placesOf = (zone) => [...room.querySelectorAll(zone ? `.place[data-zone="${CSS.escape(zone)}"]` : ".place")];

// After the pages were drawn again, or something about a zone is another way.
export function mark() {
  const all = placesOf();
  for (const place of all) {
    const { zone } = place.dataset;
    place.classList.toggle("setting", setting.has(zone));
    place.classList.toggle("lit", zone === here);
    place.classList.toggle("wrong", wrong.has(zone));
  }
  if (!all.some((place) => place.getAttribute("tabindex") === "0")) all[0]?.setAttribute("tabindex", "0");
}

// Light a zone, or the one that was lit, and bring it into view.
export function light(zone = here, { blink = false } = {}) {
  here = zone;
  mark();
  const found = zone ? placesOf(zone) : [];
  if (!found.length) return;
  rove(found[0]);
  reveal(found[0]);
  for (const place of blink ? found : []) {
    place.classList.remove("flash");
    place.getBoundingClientRect(); // so that it starts anew
    place.classList.add("flash");
  }
}

// Show a spot that a remark of the press is about: {page, place} in millimetres. `papers` are those of the view.
export function pointTo({ page, place }, papers) {
  for (const old of room.querySelectorAll(".spot")) old.remove();
  const { x_mm: x, y_mm: y, width_mm: width, height_mm: height } = place;
  const middle = x + width / 2;
  const one = papers.find(({ box }) => box.side === page - 1 && middle >= box.x_mm && middle <= box.x_mm + box.width_mm);
  if (!one) return;
  const spot = drawing("rect", { class: "spot", x, y, width, height });
  spot.addEventListener("animationend", () => spot.remove());
  one.element.append(spot);
  reveal(spot);
}

// Only the stage scrolls, never the page: whoever types stays where they type.
function reveal(place) {
  const outer = room.getBoundingClientRect();
  const inner = place.getBoundingClientRect();
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  room.scrollBy({
    left: missing(inner.left, inner.right, outer.left, outer.right),
    top: missing(inner.top, inner.bottom, outer.top, outer.bottom),
    behavior: calm ? "instant" : "smooth",
  });
}

// How far to scroll so that start…end lies within from…to; what is longer shows its start.
function missing(start, end, from, to) {
  if (start < from || end - start > to - from) return start - from - AIR_PX;
  return end > to ? end - to + AIR_PX : 0;
}

function toField(target) {
  const place = target.closest(".place");
  if (place) studio.tell("go", { zone: place.dataset.zone, from: "page" });
}

function rove(place) {
  for (const one of placesOf()) one.setAttribute("tabindex", one === place ? "0" : "-1");
}

function walk(event) {
  const place = event.target.closest(".place");
  if (!place) return;
  if (event.key === "Enter" || event.key === " ") {
    event.preventDefault();
    toField(place);
    return;
  }
  const order = [...studio.zones.keys()];
  const all = placesOf().sort((a, b) => order.indexOf(a.dataset.zone) - order.indexOf(b.dataset.zone));
  const step = WALK[event.key] && (all.indexOf(place) + WALK[event.key] + all.length) % all.length;
  const next = { Home: 0, End: all.length - 1 }[event.key] ?? step;
  if (next === undefined) return;
  event.preventDefault();
  rove(all[next]);
  all[next].focus({ preventScroll: true });
  reveal(all[next]);
}
