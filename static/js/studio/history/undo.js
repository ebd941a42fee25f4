// Undo and Redo: two buttons that say what they would do, and the keys that everybody knows. Which step is next is
// known to steps.js; a step taken back is an ordinary edit, so this works without a line too.

import { announce } from "../announce.js";
import { element, unseen } from "../element.js";
import { sign } from "../sign.js";
import { studio } from "../store.js";
import { labelOf } from "../text/as_text.js";
import { steps } from "./steps.js";

const WORDS = { undo: ["Undo", "Undone"], redo: ["Redo", "Done again"] };

const buttons = {};
let moving = Promise.resolve(); // one at a time, in the order of the keys
let said;

export function build(place = document.querySelector('[data-tools="history"]')) {
  if (studio.state.may.edit) {
    for (const act of ["undo", "redo"]) place.append(...button(act));
    steps.open(show);
    studio.on("undo", () => go("undo"));
    studio.on("redo", () => go("redo"));
    document.addEventListener("keydown", keys);
    show();
    studio.on("outbox", readSoon);
    readSoon();
  }
  place.append(element("a", { class: "tool", href: `/leaflets/${studio.state.leaflet.id}/history` }, ...sign("history", "History")));
  said = element("div", { class: "undo-said", hidden: true });
  place.closest(".studio-tools").after(said);
  earlierButtons();
}

// The first page of steps is read when the page is at rest, so that the buttons say what they would do.
let reading;
function readSoon() {
  if (steps.next("undo")) return;
  clearTimeout(reading);
  reading = setTimeout(() => steps.read(), 1200);
}

function button(act) {
  const does = element("span", { class: "unseen", id: `${act}-does` });
  buttons[act] = element(
    "button",
    { type: "button", class: "tool", "aria-describedby": does.id, onclick: () => go(act) },
    ...sign(act, WORDS[act][0]),
  );
  return [buttons[act], does];
}

// What a step was, in words: "typing in Your promise".
function told({ act, changes }) {
  const zones = [...changes.keys()];
  const where = zones.length > 1 ? `${zones.length} zones` : labelOf(zones[0]);
  if (act === "restore") return `bringing other words into ${where}`;
  if (act === "fill") return `the words filled in for you in ${where}`;
  const kind = studio.zones.get(zones[0])?.kind;
  return zones.length > 1 || ["picture", "choice"].includes(kind) ? `your change in ${where}` : `typing in ${where}`;
}

function show() {
  for (const [act, made] of Object.entries(buttons)) {
    const step = steps.next(act);
    const words = step ? `${WORDS[act][0]} ${told(step)}` : steps.hasMore(act) ? "Your last change" : `Nothing to ${act}`;
    document.getElementById(`${act}-does`).textContent = words;
    made.title = words;
    made.setAttribute("aria-disabled", String(!steps.hasMore(act)));
  }
}

function keys(event) {
  const key = event.key.toLowerCase();
  if (event.defaultPrevented || event.altKey || !(event.ctrlKey || event.metaKey) || (key !== "z" && key !== "y")) return;
  if (event.target.closest?.("input, textarea, select, [contenteditable], dialog")) return; // the field's own
  event.preventDefault();
  go(key === "y" || event.shiftKey ? "redo" : "undo");
}

function go(act) {
  moving = moving.then(() => move(act)).catch(() => {});
}

async function move(act) {
  said.hidden = true;
  const done = await steps.move(act);
  if (!done) return announce(`Nothing to ${act}.`);
  if (!done.step) return overtaken(done);
  announce(`${WORDS[act][1]}: ${told(done.step)}.`);
  if (!document.activeElement?.closest(`#zone-${CSS.escape(done.zone)}`)) studio.tell("go", { zone: done.zone, from: "undo" });
}

// Somebody else wrote there since: nothing of theirs is taken away, and nothing of ours is lost.
function overtaken({ zone, by }) {
  said.replaceChildren(
    element("p", { role: "status" }, `${by || "Somebody else"} has changed “${labelOf(zone)}” since. What you wrote is kept in its history.`),
    element("button", { type: "button", onclick: () => earlier(zone) }, "Earlier words of this zone"),
    element("button", { type: "button", class: "quiet", onclick: () => (said.hidden = true) }, "Leave it"),
  );
  said.hidden = false;
}

// Every zone's head leads to the words that it held before.
function earlierButtons() {
  for (const zone of studio.zones.values()) {
    if (zone.is_system) continue;
    const open = element("button", { type: "button", class: "quiet zone-earlier", onclick: () => earlier(zone.key) }, "Earlier words", unseen(` of ${zone.label}`));
    document.querySelector(`#zone-${CSS.escape(zone.key)} > .zone-head`)?.append(open);
  }
}

async function earlier(zone) {
  try {
    await (await import("./earlier.js")).open(zone);
  } catch {
    announce("The history does not answer: there is no connection. Try again in a moment.");
  }
}
