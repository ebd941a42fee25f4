// The words of the leaflet: a section for each zone, under a heading for each panel, in the order in which a reader
// meets them. Here a field's keys become edits of a step, words from elsewhere become what the field shows, and
// whoever goes to a zone finds its field. What a field of one kind is made of is in fields/.

import { element } from "../element.js";
import { studio } from "../store.js";
import { withoutHidden } from "../text/characters.js";
import { same } from "../text/same.js";
import * as chart from "./chart.js";
import * as choice from "./choice.js";
import * as items from "./items.js";
import * as line from "./line.js";
import * as picture from "./picture.js";
import * as qr from "./qr.js";
import * as rich from "./rich.js";

const PAUSE_MS = 1500; // a key after a longer pause begins a new step
const KINDS = { line, rich, items, picture, qr, chart, choice };
const VOICES = {
  message: ["The message", "The office approves these words"],
  personal: ["Your own words", "About the candidate, by the candidate"],
  local: ["Local", "Yours to make true for this place"],
  system: ["Filled in for you", "From what the campaign and the order say"],
};
const SLOTS = ["example", "field", "messages", "room", "hints", "problems", "people", "conflict", "review"];

const fields = new Map(); // zone key → what make() gave
const waiting = new Map(); // zone key → words that came while somebody was composing a character
const NOBODY = { zone: "", at: 0, step: "" };
let last = NOBODY;
let ended = false; // access, while the page was open

export const mayEdit = studio.state.may.edit;
export const mayWrite = () => mayEdit && !ended;
export const slot = (key, name) => document.querySelector(`#zone-${CSS.escape(key)} > .zone-${name}`);
export const fieldOf = (key) => fields.get(key);
export const newStep = () =>
  crypto.randomUUID?.() ?? `${Date.now().toString(36)}-${Math.random().toString(36).slice(2)}`;

// All words that find and replace and the typographer walk: [{zone, where, get, splice, select}], in
// reading order.
export function texts(only) {
  const keys = only ? [only] : [...studio.zones.keys()];
  return keys.flatMap((zone) => (fields.get(zone)?.texts() ?? []).map((text) => ({ ...text, zone })));
}

// Take over what a field holds now, as a step of its own: for changes that no key made.
export function commit(zone) {
  last = NOBODY;
  studio.edit(zone, withoutHidden(fields.get(zone).read()), { step: newStep() });
}

export function build(side = document.getElementById("words")) {
  const panels = new Map(studio.state.leaflet.format.panels.map((panel) => [panel.key, panel.label]));
  let panel;
  for (const zone of studio.zones.values()) {
    if (zone.panel !== panel) {
      panel = zone.panel;
      side.append(element("h2", { id: `panel-${panel}`, "data-panel": panel }, panels.get(panel)));
    }
    side.append(section(zone));
    fill(zone);
  }
  side.addEventListener("keydown", undoKeys, true);
  side.addEventListener("beforeinput", undoInput, true);
  side.addEventListener("focusin", arrived);
  side.addEventListener("compositionend", (event) => setTimeout(caughtUp, 0, zoneAt(event.target)));
  studio.on("words", ({ zone, value }) => show(zone, value));
  studio.on("edit", ({ zone, value, act }) => act !== "typed" && show(zone, value));
  studio.on("go", go);
  studio.on("standing", (standing) => (ended = standing === "ended"));
}

function section(zone) {
  const id = `zone-${zone.key}`;
  const [voice, meaning] = VOICES[zone.voice];
  const isBox = zone.kind === "line"; // only one box can be labelled
  const name = isBox
    ? element("label", { id: `${id}-label`, htmlFor: `${id}-input` }, zone.label)
    : element("span", { id: `${id}-label`, class: "label" }, zone.label);
  if (!isBox) name.addEventListener("click", () => fields.get(zone.key)?.focus());
  return element(
    "section",
    { class: "zone", id, "data-zone": zone.key, "data-kind": zone.kind },
    element(
      "div",
      { class: "zone-head" },
      element(
        "h3",
        {},
        name,
        zone.required || zone.is_system ? null : element("span", { class: "zone-may" }, " may stay empty"),
      ),
      element("span", { class: `voice ${zone.voice}`, title: meaning }, voice),
    ),
    ...SLOTS.map((slot) => element("div", { class: `zone-${slot}`, id: `${id}-${slot}` })),
  );
}

function fill(zone) {
  const place = slot(zone.key, "field");
  if (zone.is_system) {
    place.append(element("p", { class: "printed" }, studio.state.filled[zone.key] ?? ""));
    return;
  }
  const id = `zone-${zone.key}`;
  const field = KINDS[zone.kind].make(zone, {
    id: `${id}-input`,
    labelledby: `${id}-label`,
    describedby: ["example", "room", "hints", "problems"].map((name) => `${id}-${name}`).join(" "),
    changed: (how) => changed(zone.key, how),
    mayEdit,
    language: studio.state.leaflet.language,
  });
  fields.set(zone.key, field);
  place.append(field.element);
  field.write(studio.words.get(zone.key)?.value ?? null);
}

function changed(zone, { paste = false } = {}) {
  const now = Date.now();
  const goesOn = !paste && zone === last.zone && now - last.at <= PAUSE_MS;
  last = { zone, at: paste ? 0 : now, step: goesOn ? last.step : newStep() };
  studio.edit(zone, withoutHidden(fields.get(zone).read()), { step: last.step });
}

// Words from elsewhere. Whatever is typed has been told to the store by now, so nothing is written over; only a
// character that is half composed (Chinese, dead keys, a telephone's keyboard) must not be disturbed.
function show(zone, value) {
  const field = fields.get(zone);
  if (zone === last.zone) last = NOBODY; // what is typed next is no part of the step that was just undone
  if (!field || same(field.read(), value)) return;
  if (slot(zone, "field").querySelector("[data-composing]")) waiting.set(zone, value);
  else field.write(value);
}

function caughtUp(zone) {
  if (!waiting.has(zone)) return;
  const value = waiting.get(zone);
  waiting.delete(zone);
  if (same(studio.words.get(zone)?.value, value)) show(zone, value);
}

const zoneAt = (node) => node.closest?.(".zone")?.dataset.zone;

function undoKeys(event) {
  const held = event.ctrlKey || event.metaKey;
  const key = event.key.toLowerCase();
  if (!held || event.altKey || (key !== "z" && key !== "y") || event.target.closest("form")) return;
  event.preventDefault();
  event.stopPropagation();
  studio.tell(key === "y" || event.shiftKey ? "redo" : "undo");
}

function undoInput(event) {
  if (!event.inputType.startsWith("history") || event.target.closest("form")) return;
  event.preventDefault();
  event.stopPropagation();
  studio.tell(event.inputType === "historyUndo" ? "undo" : "redo");
}

function arrived(event) {
  const zone = zoneAt(event.target);
  if (zone && document.querySelector(".zone.here")?.dataset.zone !== zone) studio.tell("go", { zone, from: "field" });
}

function go({ zone, from }) {
  document.querySelector(".zone.here")?.classList.remove("here");
  const place = document.getElementById(`zone-${zone}`);
  place?.classList.add("here");
  if (!place || from === "field") return;
  place.scrollIntoView({ block: from === "page" ? "center" : "start" });
  const field = fields.get(zone);
  if (field) field.focus();
  else {
    place.tabIndex = -1;
    place.focus({ preventScroll: true });
  }
}
