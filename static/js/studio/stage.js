// The leaflet at the heart of the page. It shows the newest proof in one of several views, leads from a place on the
// page to its field and back, and says which look of proof the view needs (`studio.look`).

import * as behind from "./behind.js";
import { drawing } from "./drawing.js";
import { element } from "./element.js";
import { LINES } from "./overlay.js";
import * as sides from "./sides.js";
import { studio } from "./store.js";
import { Zoom } from "./zoom.js";

const QUICK_PX_PER_MM = (144 / 25.4) * 1.05; // what the quick look gives, and a little that nobody sees
const NO_LINE = ["line", "foreign", "busy"];
const PAUSE_MS = 900; // typing pauses: time for the sharp look

const VIEWS = [
  { key: "sides", label: "Sides", lines: ["safe", "fold"], load: async () => sides },
  { key: "opening", label: "In opening order", load: () => import("./opening.js") },
  { key: "unfolding", label: "Fold out", flat: "Turn over", load: () => import("./unfolding.js") },
  { key: "sheet", label: "As the printer sees it", look: "sheet", lines: ["trim", "bleed", "safe", "fold"], load: () => import("./sheet.js") },
  { key: "mat", label: "On the doormat", load: () => import("./mat.js") },
];

const format = studio.state.leaflet.format;
const room = element("div", { class: "stage-room", tabindex: "-1" });
const setting = new Set(); // zones whose words the page does not show yet
const zoom = new Zoom(room, () => lookAgain());
const linesOf = { sheet: LINES.map(({ key }) => key) }; // view → lines that are drawn over it

let view; // {key, papers, part, element, step?}
let proof = studio.state.proof ?? null;
let here = null; // the zone that is lit
let wrong = new Set(); // zones in which something is to be put right
let saved = true;
let offline = false;
let typedAt = 0;
let pause;

export function build(stage = document.getElementById("stage")) {
  stage.append(room, behind.line);
  document.querySelector('[data-tools="view"]').append(viewChoice(), lineChoice(), zoom.element);
  room.addEventListener("click", (event) => fromPage(event.target));
  room.addEventListener("keydown", walk);
  document.getElementById("words").addEventListener("focusin", (event) => {
    const zone = event.target.closest(".zone")?.dataset.zone;
    if (zone) light(zone);
  });
  studio.on("go", ({ zone, from }) => light(zone, { flash: from === "list" }));
  studio.on("edit", typed);
  studio.on("proof", arrived);
  studio.on("remarks", (all) => {
    wrong = new Set(all.filter((one) => one.level === "error").map((one) => one.zone));
    mark();
  });
  studio.on("saved", ({ state }) => {
    saved = state === "saved";
    arrived(proof);
  });
  studio.on("standing", (standing) => {
    offline = NO_LINE.includes(standing);
    follow();
  });
  open(firstView());
}

// Folded sheets are read panel by panel where a whole side would be too small to read.
function firstView() {
  const kept = sessionStorage.getItem("leaflets-view");
  if (VIEWS.some(({ key }) => key === kept)) return kept;
  return format.folds.length && innerWidth / format.width_mm < 1.6 ? "opening" : "sides";
}

async function open(key) {
  const chosen = VIEWS.find((one) => one.key === key);
  const module = await chosen.load();
  view = { ...module.make(format, { redraw: () => arrived(proof) }), ...chosen };
  room.dataset.view = key;
  room.replaceChildren(view.element);
  room.scrollTo(0, 0);
  document.querySelector(`[name="view"][value="${key}"]`).checked = true;
  zoom.element.hidden = view.part === undefined;
  if (view.part) zoom.fit(view.part);
  drawLines();
  arrived(proof);
  if (here) light(here);
}

function viewChoice() {
  const choice = ({ key, label, flat }) =>
    element(
      "label",
      {},
      element("input", { type: "radio", name: "view", value: key, onchange: () => choose(key) }),
      element("span", {}, flat && !format.folds.length ? flat : label),
    );
  return element("fieldset", { class: "views" }, element("legend", { class: "unseen" }, "Show the leaflet"), VIEWS.map(choice));
}

function choose(key) {
  sessionStorage.setItem("leaflets-view", key);
  open(key);
}

function lineChoice() {
  const choice = ({ key, label, said }) =>
    element(
      "label",
      { title: said, "data-line": key },
      element("input", { type: "checkbox", name: "lines", value: key, onchange: ({ target }) => chooseLine(key, target.checked) }),
      element("span", { class: `sample line-${key}` }),
      label,
    );
  return element(
    "details",
    { class: "line-choice" },
    element("summary", {}, "Lines"),
    element("fieldset", {}, element("legend", { class: "unseen" }, "Lines over the pages"), LINES.map(choice)),
  );
}

function chooseLine(key, drawn) {
  const chosen = linesOf[view.key] ?? [];
  linesOf[view.key] = drawn ? [...chosen, key] : chosen.filter((one) => one !== key);
  drawLines();
}

// A view offers the lines that it has room for, and remembers which of them were chosen.
function drawLines() {
  const offered = (view.lines ?? []).filter((key) => key !== "fold" || format.folds.length);
  document.querySelector(".line-choice").hidden = !offered.length;
  for (const { key } of LINES) {
    const drawn = offered.includes(key) && (linesOf[view.key] ?? []).includes(key);
    room.classList.toggle(`shows-${key}`, drawn);
    document.querySelector(`[data-line="${key}"]`).hidden = !offered.includes(key);
    document.querySelector(`[name="lines"][value="${key}"]`).checked = drawn;
  }
}

function arrived(newest) {
  studio.state.proof = proof = kept(newest);
  for (const one of view?.papers ?? []) one.show(proof?.shown);
  if (saved && proof && (proof.state === "failed" || (proof.state === "done" && !proof.behind))) setting.clear();
  follow();
  mark();
  lookAgain();
}

const follow = () => behind.follow(proof, { offline, again: () => lookAgain({ again: true }) });

// What is on the screen stays there until something newer can be shown: another look of the same is no step back.
function kept(newest) {
  const before = proof?.shown;
  if (!newest || !before || (newest.shown && newest.shown.id >= before.id)) return newest ?? null;
  return { ...newest, shown: before };
}

// Which look is wanted: the printer's sheet where bleed is shown; the sharp one once typing pauses and the screen
// shows more than the quick one has; none while the press stops at these very words, until somebody asks again.
function lookAgain({ again = false } = {}) {
  if (!studio.state.may.edit || !view) return;
  clearTimeout(pause);
  const rests = performance.now() - typedAt >= PAUSE_MS;
  const stopped = !again && saved && proof?.state === "failed" && !proof.behind && proof.look === (view.look ?? proof.look);
  const wanted = stopped ? null : (view.look ?? (rests && view.part && zoom.sharpness > QUICK_PX_PER_MM ? "sharp" : "screen"));
  const other = wanted !== studio.look;
  studio.look = wanted;
  if (!rests) pause = setTimeout(lookAgain, PAUSE_MS);
  else if (wanted && (other || !proof || again)) studio.tell("look", { look: wanted });
}

function typed({ zone }) {
  typedAt = performance.now();
  setting.add(zone);
  saved = false;
  mark();
  lookAgain();
}

const places = (zone) => [...room.querySelectorAll(zone ? `.place[data-zone="${CSS.escape(zone)}"]` : ".place")];

function mark() {
  const all = places();
  for (const place of all) {
    place.classList.toggle("setting", setting.has(place.dataset.zone));
    place.classList.toggle("lit", place.dataset.zone === here);
    place.classList.toggle("wrong", wrong.has(place.dataset.zone));
  }
  if (!all.some((place) => place.getAttribute("tabindex") === "0")) all[0]?.setAttribute("tabindex", "0");
}

// Light the place of a zone and bring it into view.
export function light(zone, { flash = false } = {}) {
  here = zone;
  mark();
  const [place] = places(zone);
  if (!place) return;
  rove(place);
  reveal(place);
  if (flash) blink(zone);
}

function blink(zone) {
  for (const place of places(zone)) flash(place);
}

function flash(place) {
  place.classList.remove("flash");
  place.getBoundingClientRect(); // so that it starts anew
  place.classList.add("flash");
}

// Show a spot that a remark of the press is about.
export function pointTo({ page, place }) {
  for (const old of room.querySelectorAll(".spot")) old.remove();
  const one = view.papers.find(({ box }) => box.side === page - 1 && place.x_mm < box.x_mm + box.width_mm && place.x_mm >= box.x_mm - 3);
  if (!one) return;
  const { x_mm: x, y_mm: y, width_mm: width, height_mm: height } = place;
  const spot = drawing("rect", { class: "spot", x, y, width, height });
  spot.addEventListener("animationend", () => spot.remove());
  one.element.append(spot);
  reveal(spot);
}

// Only the stage scrolls, never the page: whoever types stays where they type.
function reveal(place) {
  const outer = room.getBoundingClientRect();
  const inner = place.getBoundingClientRect();
  const by = (start, end, from, to) => (end - start > to - from || start < from ? start - from - 24 : end > to ? end - to + 24 : 0);
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  room.scrollBy({
    left: by(inner.left, inner.right, outer.left, outer.right),
    top: by(inner.top, inner.bottom, outer.top, outer.bottom),
    behavior: calm ? "instant" : "smooth",
  });
}

function fromPage(target) {
  const place = target.closest(".place");
  if (place) studio.tell("go", { zone: place.dataset.zone, from: "page" });
}

function rove(place) {
  for (const one of places()) one.setAttribute("tabindex", one === place ? "0" : "-1");
}

const WALK = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

// One tab stop for the whole leaflet: arrows go from place to place in reading order, Enter to the field.
function walk(event) {
  const place = event.target.closest(".place");
  if (!place) return;
  if (event.key === "Enter" || event.key === " ") {
    event.preventDefault();
    fromPage(place);
    return;
  }
  const order = [...studio.zones.keys()];
  const all = places().sort((a, b) => order.indexOf(a.dataset.zone) - order.indexOf(b.dataset.zone));
  const now = all.indexOf(place);
  const next = { Home: 0, End: all.length - 1 }[event.key] ?? (WALK[event.key] && (now + WALK[event.key] + all.length) % all.length);
  if (next === undefined) return;
  event.preventDefault();
  rove(all[next]);
  all[next].focus({ preventScroll: true });
  reveal(all[next]);
}
