// What an office asks to be changed, before everything else that is left to do: who asks, about which zone, in their
// words, and with the words that they suggest to be taken in one click. A change that is made stays here as made, so
// that nothing jumps under whoever types; then the way leads to sending it again.

import { element, unseen } from "../element.js";
import { mayWrite } from "../fields/fields.js";
import { studio } from "../store.js";
import { labelOf } from "../text/as_text.js";
import { send } from "./standing.js";

const OPEN = ["returned", "changed", "waiting", "unsent"];
const once = new Set(); // zones of which a change was asked for while this page is open
let comments = studio.state.comments ?? [];
let drawn = "";
let turn = 0;

export function build() {
  studio.on("approval", show);
  studio.on("comments", (newest) => {
    comments = newest ?? comments;
    show();
  });
  studio.on("edit", ({ zone }) => once.has(zone) && show());
  show();
}

export const isAsked = () => askedZones().length > 0;

function askedZones() {
  const { where, zones } = studio.state.approval ?? {};
  return OPEN.includes(where) ? Object.keys(zones).filter((zone) => zones[zone].state === "asked" && studio.zones.has(zone)) : [];
}

async function show() {
  const mine = ++turn;
  const place = document.getElementById("asked");
  const open = askedZones();
  for (const zone of open) once.add(zone);
  const { where, because } = studio.state.approval ?? {};
  if (!OPEN.includes(where) || (!open.length && !because && where === "waiting")) once.clear();
  place.hidden = !once.size && !because;
  if (place.hidden) return;
  const wishes = [...once].map((zone) => ({ zone, isOpen: open.includes(zone), said: saidOf(zone) }));
  const text = JSON.stringify([wishes, because, where]);
  if (text === drawn) return;
  const suggested = wishes.some(({ said }) => said?.parts.length) ? await import("./threads.js").catch(() => null) : null;
  if (mine !== turn) return;
  drawn = text;
  const isFocused = place.contains(document.activeElement);
  const first = wishes.find(({ isOpen }) => isOpen);
  place.className = `asked${first || because ? "" : " made"}`;
  place.replaceChildren(
    element("h2", {}, title(open.length, because)),
    because && !wishes.length ? element("p", { class: "asked-words" }, because) : "",
    element("ul", { class: "plain" }, wishes.map((wish) => line(wish, wish === first, suggested))),
    !open.length && wishes.length ? sendAgain(where) : "",
  );
  if (isFocused) place.querySelector("button")?.focus();
}

// The newest that an office asks of this zone.
const saidOf = (zone) => comments.filter((one) => one.asks_change && one.zone === zone && !one.resolved).at(-1);

function title(many, because) {
  if (many) return many === 1 ? "A change is asked for" : `${many} changes are asked for`;
  return because ? "It was sent back" : "What was asked for is changed";
}

function line({ zone, isOpen, said }, isFirst, suggested) {
  const label = labelOf(zone);
  if (!isOpen) return element("li", { class: "soft" }, "✓ ", element("strong", {}, label), " is changed.");
  return element(
    "li",
    {},
    element("p", { class: "asked-words" }, element("strong", {}, said?.by ?? "The office"), " asks for a change in ", element("strong", {}, label), said?.words ? `: “${said.words}”` : "."),
    said?.parts.length && suggested ? element("blockquote", { class: "suggested" }, said.parts.map(suggested.part)) : "",
    mayWrite() ? ways(zone, label, said, isFirst, suggested) : "",
  );
}

function ways(zone, label, said, isFirst, suggested) {
  const canTake = suggested && said?.parts.length && !said.is_said;
  return element(
    "p",
    { class: "asked-ways" },
    canTake ? element("button", { type: "button", class: isFirst ? "first" : "", onclick: () => suggested.take(said) }, "Take these words", unseen(` for ${label}`)) : "",
    element(
      "button",
      { type: "button", class: canTake || !isFirst ? "" : "first", onclick: () => studio.tell("go", { zone, from: "list" }) },
      canTake ? "Change it yourself" : "Take me there",
      unseen(`: ${label}`),
    ),
    said ? element("button", { type: "button", class: "quiet", onclick: () => answer(said) }, "Answer", unseen(` ${said.by}`)) : "",
  );
}

async function answer(said) {
  const threads = await import("./threads.js").catch(() => null);
  threads?.lead(said.id);
  document.querySelector(`#comment-${said.id} textarea`)?.focus({ preventScroll: true });
}

const sendAgain = (where) =>
  where !== "waiting" && studio.state.approval?.may_send
    ? element("p", { class: "asked-ways" }, element("button", { type: "button", class: "first", onclick: send }, "Send it again"))
    : "";
