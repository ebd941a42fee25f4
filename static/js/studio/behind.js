// How far the page is behind the words, in one sentence; and what to do when a proof could not be made.

import { element } from "./element.js";
import { studio } from "./store.js";

const CALM_MS = 2000; // until then, the place itself says that it is being set
const NUMBERS = ["next", "2nd", "3rd"];

let asked = { id: null, at: 0 };
let timer;

export const line = element("p", { class: "stage-word", role: "status", hidden: true });

export function follow(proof, { offline }) {
  clearTimeout(timer);
  if (proof && proof.id !== asked.id) asked = { id: proof.id, at: performance.now() };
  const waits = proof && (proof.state === "waiting" || proof.state === "running");
  const late = performance.now() - asked.at;
  if (proof?.state === "failed") return failed(proof);
  if (offline) return say(proof?.shown ? AWAY : FIRST_AWAY);
  if (!waits) return say(proof || studio.look === null ? (proof ? "" : NONE) : FIRST);
  if (late < CALM_MS && proof.shown) {
    timer = setTimeout(follow, CALM_MS - late, proof, { offline });
    return say("");
  }
  return say(`${proof.shown ? "The proof" : "The first proof"} ${where(proof)}.`);
}

const AWAY = "These pages are from before the line went. They follow when it is back.";
const FIRST_AWAY = "The first proof comes when the line is back.";
const FIRST = "The first proof is asked for.";
const NONE = "Nobody has asked for a proof of this leaflet yet.";

function where(proof) {
  const about = proof.finish_at ? `, about ${clock(proof.finish_at)}` : "";
  if (proof.state === "running") return `is being made${about}`;
  if (!proof.place) return `waits for the press${about}`;
  return `is ${NUMBERS[proof.place - 1] ?? `${proof.place}th`} in the queue${about}`.replace("next in the queue", "next");
}

const clock = (at) =>
  new Date(at).toLocaleTimeString("en-GB", { timeZone: "Europe/London", hour: "2-digit", minute: "2-digit", second: "2-digit" });

function say(words, ...more) {
  const said = words + more.length;
  line.hidden = !words;
  line.classList.toggle("bad", more.length > 0);
  if (line.dataset.said !== said) line.replaceChildren(words, ...more);
  line.dataset.said = said;
}

function failed(proof) {
  const again = element(
    "button",
    { type: "button", class: "quiet", onclick: () => studio.tell("look", { look: studio.look, again: true }) },
    "Ask for it once more",
  );
  const why = proof.reason || "Something in this leaflet cannot be set.";
  say(`The press stopped. ${why}${proof.shown ? " These pages are from before." : ""} `, studio.look ? again : "");
}
