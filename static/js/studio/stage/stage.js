// The leaflet at the heart of the page. It shows the newest proof in one of several views, leads from a place on the
// page to its field and back, and says which look of proof the view needs (`studio.look`).

import { element } from "../element.js";
import { sign } from "../sign.js";
import { studio } from "../store.js";
import * as behind from "./behind.js";
import * as mat from "./mat.js";
import * as opening from "./opening.js";
import { LINES } from "./overlay.js";
import * as places from "./places.js";
import * as sheet from "./sheet.js";
import * as sides from "./sides.js";
import * as unfolding from "./unfolding.js";
import { Zoom } from "./zoom.js";

const QUICK_PX_PER_MM = (144 / 25.4) * 1.05; // what the quick look gives, and a little that nobody sees
const NO_LINE = ["line", "foreign", "busy"];
const PAUSE_MS = 900; // typing pauses: time for the sharp look

// make: builds it. flat: what it is called where there is no fold. look: what it needs, whatever the size. lines: those
// that it has room for.
const VIEWS = [
  { key: "sides", label: "Sides", make: sides.make, lines: ["safe", "fold"] },
  { key: "opening", label: "In opening order", make: opening.make },
  { key: "unfolding", label: "Fold out", flat: "Turn over", make: unfolding.make },
  { key: "sheet", label: "As the printer sees it", make: sheet.make, look: "sheet", lines: LINES.map(({ key }) => key) },
  { key: "mat", label: "On the doormat", make: mat.make },
];
const KEPT = "leaflets-view";

const format = studio.state.leaflet.format;
const room = element("div", { class: "stage-room", tabindex: "0", role: "group", "aria-label": "Pages" });
const zoom = new Zoom(room, () => lookAgain());
const linesOf = { sheet: LINES.map(({ key }) => key) }; // view → lines that are drawn over it

let view; // one of VIEWS with what its make() gave: {papers, element, part}
let proof = studio.state.proof ?? null;
let saved = true;
let offline = false;
let typedAt = 0;
let pause;

export function build(stage = document.getElementById("stage")) {
  stage.append(room, behind.line);
  document.querySelector('[data-tools="view"]').append(viewChoice(), lineChoice(), zoom.element);
  places.build(room);
  studio.on("edit", typed);
  studio.on("proof", (newest) => {
    studio.state.proof = newest; // as the server told it: the next request says that we know it
    arrived(newest);
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
  const kept = remembered();
  if (VIEWS.some(({ key }) => key === kept)) return kept;
  return format.folds.length && innerWidth / format.width_mm < 1.6 ? "opening" : "sides";
}

function open(key) {
  const chosen = VIEWS.find((one) => one.key === key);
  view = { ...chosen, ...chosen.make(format, { redraw: () => view && arrived(proof) }) };
  room.dataset.view = key;
  room.replaceChildren(view.element);
  room.scrollTo(0, 0);
  document.querySelector(`[name="view"][value="${key}"]`).checked = true;
  zoom.element.hidden = view.part === undefined;
  if (view.part) zoom.fit(view.part);
  drawLines();
  arrived(proof);
  places.light();
}

// Where the browser keeps nothing, the view is chosen anew each time.
function remembered(key) {
  try {
    if (key) sessionStorage.setItem(KEPT, key);
    return sessionStorage.getItem(KEPT);
  } catch {
    return null;
  }
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
  remembered(key);
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
    element("summary", {}, ...sign("lines", "Lines")),
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
  proof = kept(newest);
  for (const one of view?.papers ?? []) one.show(proof?.shown);
  if (saved && proof && (proof.state === "failed" || (proof.state === "done" && !proof.behind))) places.allSet();
  follow();
  places.mark();
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

function typed() {
  typedAt = performance.now();
  saved = false;
  lookAgain();
}

// Show a spot that a remark is about.
export const pointTo = (remark) => places.pointTo(remark, view.papers);
