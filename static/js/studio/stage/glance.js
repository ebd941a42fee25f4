// Where pages and words stand one above the other: a glance at the page from a field. While somebody types, a strip
// above the keyboard shows the zone's place as it prints, unless that place is in view on the page itself; touching it
// goes to the page, and one touch comes back.

import { element } from "../element.js";
import { studio } from "../store.js";
import { paper, placesIn } from "./page.js";
import { light } from "./places.js";

const AROUND_MM = 4;
const LOWEST_REM = 4;
const HIGHEST_REM = 8;
const ENOUGH_SEEN = 0.75; // of a place on the page, to need no strip
const LEAST_MM = 50; // a strip that shows less of the page says nothing about its place

const format = studio.state.leaflet.format;
const stacked = matchMedia("(max-width: 63.99rem)");
const strip = document.getElementById("glance");
const back = element("button", { type: "button", class: "glance-back first", hidden: true }, "Back to the words");

let zone;
let typing = false;
let looksSoon;
let proof = studio.state.proof;
let drawn = {}; // what the strip shows: {zone, proof, width}

export function build(words = document.getElementById("words")) {
  document.body.append(back);
  words.addEventListener("focusin", (event) => {
    zone = event.target.closest(".zone")?.dataset.zone;
    back.hidden = true;
    typing = true;
    look();
  });
  words.addEventListener("focusout", () =>
    setTimeout(() => {
      typing = words.contains(document.activeElement);
      if (!typing) strip.hidden = true;
    }),
  );
  // A press leaves the field its focus until it is over: without it the strip would be gone in the midst of it.
  strip.addEventListener("mousedown", (event) => event.preventDefault());
  studio.on("proof", (newest) => {
    if (!newest?.shown) return;
    proof = newest;
    lookSoon();
  });
  stacked.addEventListener("change", () => (strip.hidden = true));
  document.addEventListener("scroll", lookSoon, { capture: true, passive: true }); // of the page and of the stage
  for (const change of ["resize", "scroll"]) globalThis.visualViewport?.addEventListener(change, aboveKeyboard);
  aboveKeyboard();
}

// Once a frame; drawn anew only when it would be another picture.
function lookSoon() {
  if (!typing) return;
  cancelAnimationFrame(looksSoon);
  looksSoon = requestAnimationFrame(() => typing && look());
}

function look() {
  const place = stacked.matches && zone && !seenOnPage() && placeOf(zone);
  strip.hidden = !place;
  if (!place || (drawn.zone === zone && drawn.proof === proof && drawn.width === innerWidth)) return;
  drawn = { zone, proof, width: innerWidth };
  const box = around(place);
  const one = paper(box, { label: "", named: false });
  one.show({ ...proof.shown, places: [] });
  const label = studio.zones.get(zone).label;
  strip.replaceChildren(
    element("button", { type: "button", class: "glance-paper", "aria-label": `${label}: see it on the page`, onclick: toPage }, one.element),
  );
}

// Whether the page shows the place already: below what sticks to the top, above the keyboard, within the stage.
function seenOnPage() {
  const room = document.querySelector(".stage-room").getBoundingClientRect();
  const top = Math.max(room.top, document.getElementById("studio-head").getBoundingClientRect().bottom);
  const bottom = Math.min(room.bottom, globalThis.visualViewport?.height ?? innerHeight);
  const seen = (from, to, first, last) => Math.max(0, Math.min(to, last) - Math.max(from, first)) / (to - from);
  return [...document.querySelectorAll(`#stage .place[data-zone="${CSS.escape(zone)}"]`)].some((place) => {
    const box = place.getBoundingClientRect();
    return seen(box.top, box.bottom, top, bottom) * seen(box.left, box.right, room.left, room.right) >= ENOUGH_SEEN;
  });
}

function placeOf(key) {
  for (let side = 0; side < format.sides; side += 1) {
    const whole = { side, x_mm: 0, y_mm: 0, width_mm: format.width_mm, height_mm: format.height_mm };
    const found = placesIn(proof?.shown, whole).find((place) => place.zone === key);
    if (found) return { ...found, side };
  }
  return undefined;
}

// As much of the side as the strip shows: the whole width of the place and, where it is not too high, all of it. A line,
// like a headline, is seen whole whatever its height: its words may stand at the foot of a large place.
function around(place) {
  const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
  const width_mm = Math.min(format.width_mm, Math.max(LEAST_MM, place.width_mm + 2 * AROUND_MM));
  const px_per_mm = innerWidth / width_mm;
  const wanted = (place.height_mm + 2 * AROUND_MM) * px_per_mm;
  const height_px = Math.min(HIGHEST_REM * rem, Math.max(LOWEST_REM * rem, wanted));
  strip.style.height = `${height_px}px`;
  const isLine = studio.zones.get(place.zone).kind === "line";
  const height_mm = Math.max(height_px / px_per_mm, isLine ? place.height_mm + 2 * AROUND_MM : 0);
  const within = (start, size, most) => Math.max(0, Math.min(start, most - size));
  return {
    side: place.side,
    x_mm: within(place.x_mm + place.width_mm / 2 - width_mm / 2, width_mm, format.width_mm),
    y_mm: within(place.y_mm - Math.max(AROUND_MM, (height_mm - place.height_mm) / 2), height_mm, format.height_mm),
    width_mm,
    height_mm,
  };
}

function toPage() {
  const from = zone;
  document.activeElement?.blur();
  light(from, { blink: true });
  document.getElementById("stage").scrollIntoView({ block: "start" });
  back.hidden = false;
  back.focus({ preventScroll: true });
  back.onclick = () => {
    back.hidden = true;
    studio.tell("go", { zone: from, from: "page" });
  };
}

function aboveKeyboard() {
  const seen = globalThis.visualViewport;
  const keyboard = seen ? Math.max(0, innerHeight - seen.height - seen.offsetTop) : 0;
  document.documentElement.style.setProperty("--keyboard", `${keyboard}px`);
}
