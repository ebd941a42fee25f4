// Approved words at their zones: a quiet way to them, and below a zone that says some, whether they are still approved.
// The list of them is panel.js, loaded when somebody first asks for it.

import { announce } from "../announce.js";
import { element, unseen } from "../element.js";
import { commit, fieldOf, mayWrite, slot } from "../fields/fields.js";
import { outbox } from "../saving/outbox.js";
import { studio } from "../store.js";
import { asText } from "../text/as_text.js";
import { same } from "../text/same.js";
import { placed } from "./placing.js";

let standing = { offering: [], asked: false, zones: {} };
const known = new Map(); // zone → the approved value that it held when the server last said so

export const standingOf = (zone) => standing.zones[zone];

export function build() {
  studio.on("news", ({ messages }) => messages && hear(messages)); // also where it is the same: the words may be others
  studio.on("edit", ({ zone }) => show(zone));
  studio.on("words", ({ zone }) => show(zone));
  studio.on("outbox", () => [...known.keys()].forEach(show));
  hear(studio.state.messages);
}

function hear(messages) {
  const before = standing;
  standing = messages ?? standing;
  for (const [zone, says] of Object.entries(standing.zones)) {
    if (says.state === "ended" && before.zones[zone]?.state === "approved") {
      announce(`${studio.zones.get(zone)?.label}: ${says.why}`);
    }
    if (says.state === "approved" && !outbox.isBusy(zone)) known.set(zone, studio.words.get(zone)?.value);
  }
  for (const zone of studio.zones.keys()) show(zone);
}

function show(zone) {
  const place = slot(zone, "messages");
  if (!place) return;
  const says = said(zone);
  const offers = standing.offering.includes(zone) && mayWrite();
  const now = JSON.stringify([says?.state, says?.title, says?.why, says?.units, says?.instead?.value, offers]);
  if (place.dataset.shown === now) return;
  const held = place.contains(document.activeElement);
  place.dataset.shown = now;
  place.replaceChildren(...[says && line(zone, says), offers && opener(zone, says)].filter(Boolean));
  if (held) place.querySelector("button")?.focus();
}

// What the server said last; but words that were typed since are no longer those that were approved.
function said(zone) {
  const says = standing.zones[zone];
  if (!known.has(zone)) return says;
  const isSame = same(known.get(zone), studio.words.get(zone)?.value);
  if (isSame) return says ?? { state: "approved" };
  if (says && !outbox.isBusy(zone) && says.state !== "approved") return says;
  return { state: "changed" };
}

function line(zone, says) {
  const { state } = says;
  const words = {
    approved: "Approved words",
    part: `${says.units?.filter(Boolean).length} of ${says.units?.length} are approved words`,
    changed: standing.asked ? "Changed: these words need approval" : "Changed: no longer the approved words",
    ended: says.why,
  }[state];
  return element(
    "div",
    { class: `message-line ${state}`, role: state === "ended" ? "status" : undefined },
    element("p", {}, element("span", { class: "message-mark", "aria-hidden": "true" }, state === "approved" ? "✓" : "•"), ` ${words}`),
    state === "ended" && says.instead ? instead(zone, says) : null,
  );
}

// The words that took their place, at the place of the old ones.
function instead(zone, says) {
  const at = studio.zones.get(zone).kind === "items" ? says.at : "all";
  const isAlone = at !== "all" || says.alone; // beside words of somebody's own, they put the new ones in themselves
  const use = element("button", { type: "button", onclick: () => put(zone, says.instead, at) }, "Use the new words");
  const words = element("p", {}, `It reads now: “${asText(zone, says.instead.value)}”`);
  return element("div", { class: "message-instead" }, words, mayWrite() && isAlone ? use : null);
}

function opener(zone, says) {
  const words = says ? "Other approved words" : "Approved words";
  const label = studio.zones.get(zone).label;
  return element("button", { type: "button", class: "quiet message-open", onclick: () => open(zone) }, words, unseen(` for ${label}`));
}

async function open(zone) {
  try {
    await (await import("./panel.js")).open(zone);
  } catch {
    announce("The approved words cannot be shown: there is no connection. Try again in a moment.");
  }
}

// One step, which undo takes back. Whether the words are still approved, the server says with its next news.
export function put(zone, offer, where) {
  const field = fieldOf(zone);
  field.write(placed(studio.zones.get(zone), studio.words.get(zone)?.value, offer.value, where));
  commit(zone);
  studio.tell("go", { zone, from: "list" });
  announce(`“${offer.title}” is in ${studio.zones.get(zone).label}. Undo takes it out again.`);
}
