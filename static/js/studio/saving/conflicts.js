// Two texts for one zone: both are kept and shown side by side, with what differs marked, until somebody chooses with
// one click. Neither is lost: the one not taken stays in the history.

import { time } from "../clock.js";
import { element } from "../element.js";
import { ask, path } from "../server.js";
import { studio } from "../store.js";
import { asText, joins } from "../text/as_text.js";
import { differing } from "./differing.js";
import { hearNews } from "./hearing.js";
import { sync } from "./sync.js";
import { tab } from "./tab.js";

export function showConflicts() {
  studio.on("conflicts", show);
  show(studio.state.conflicts);
}

function show(conflicts) {
  for (const slot of document.querySelectorAll("#words .zone-conflict")) {
    const zone = slot.closest("[data-zone]").dataset.zone;
    const here = conflicts.filter((conflict) => conflict.zone === zone);
    slot.replaceChildren(...here.map(card));
  }
}

function card(conflict) {
  const { zone, edit_id } = conflict;
  const { kind } = studio.zones.get(zone);
  const id = `two-texts-${edit_id}`;
  const [stored, offered] = differing(asText(zone, conflict.stored), asText(zone, conflict.offered));
  const fault = element("p", { class: "fault", role: "alert", hidden: true });
  const choose = (take, then) => () => settle(conflict, take, fault, then);
  const theirs = { who: whose(conflict.stored_by), at: conflict.stored_at, words: stored, take: "stored" };
  const ours = { who: whose(conflict.offered_by), at: conflict.offered_at, words: offered, take: "offered" };
  if (theirs.who === ours.who) ours.who = theirs.who === "You" ? "You, in another tab" : `${ours.who}, in another tab`;
  const together = joins[kind] && studio.state.may.edit
    ? element("button", { type: "button", onclick: choose("stored", () => putTogether(conflict)) }, "Put both together")
    : null;
  return element(
    "section",
    { class: "two-texts", "aria-labelledby": id },
    element("h4", { id }, "Two texts for this place"),
    element("p", { class: "help" }, "They were written at the same time. Choose one: the other stays in the history."),
    element("div", { class: "two-texts-pair" }, side(theirs, choose), side(ours, choose)),
    together,
    together && element("p", { class: "help" }, "The second is put after the first: then take out what is too much."),
    fault,
  );
}

// Neighbours that are marked alike, as one: [[words, isOnlyHere], …].
function runs(words) {
  const out = [];
  for (const [word, only] of words) {
    if (out.at(-1)?.[1] === only) out.at(-1)[0] += word;
    else out.push([word, only]);
  }
  return out;
}

const whose = (name) => (name === studio.state.person.name ? "You" : name);

function side({ who, at, words, take }, choose) {
  const text = runs(words).map(([run, only]) => (only ? element("mark", {}, run) : run));
  const label = ["Take this one", element("span", { class: "unseen" }, ` by ${who}`)];
  return element(
    "div",
    { class: "one-text" },
    element("p", { class: "one-text-who" }, element("strong", {}, who), ` at ${time(at)}`),
    element("p", { class: "one-text-words" }, ...(words.length ? text : [element("em", {}, "(empty)")])),
    studio.state.may.edit ? element("button", { type: "button", onclick: choose(take) }, label) : null,
  );
}

async function settle(conflict, take, fault, then) {
  const { edit_id, version, zone } = conflict;
  fault.hidden = true;
  try {
    const { news } = await ask(path(`/conflicts/${edit_id}`), {
      method: "POST",
      body: { take, seen_version: version, tab, at_zone: zone, cursor: studio.state.cursor ?? 0 },
    });
    hearNews(news, { ours: true });
    then?.();
    studio.tell("go", { zone, from: "list" });
  } catch (failure) {
    const ours = ["refused", "busy"].includes(failure.kind) && failure.message;
    fault.textContent = ours
      ? `${failure.message} ${failure.remedy}`
      : "There is no connection. Both texts are kept: choose when the connection is back.";
    fault.hidden = false;
    sync.look();
  }
}

function putTogether({ zone, stored, offered }) {
  const { kind } = studio.zones.get(zone);
  studio.edit(zone, joins[kind](stored, offered), { step: `together-${Date.now()}`, act: "restore" });
}

