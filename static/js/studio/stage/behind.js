// How far the pages are behind the words, in one sentence; and what to do when a proof could not be made.

import { second } from "../clock.js";
import { element } from "../element.js";
import { studio } from "../store.js";

const CALM_MS = 2000; // until then, the place itself says that it is being set
const COMING = ["waiting", "running"];

const SAID = {
  away: "These pages are from before the connection went. They follow when it is back.",
  firstAway: "The first proof comes when the connection is back.",
  asked: "The first proof is asked for.",
  none: "Nobody has asked for a proof of this leaflet yet.",
};

let newest = { shown: undefined, at: 0 }; // the last proof that came, and when the wait for the next began
let timer;

export const line = element("p", { class: "stage-word", role: "status", hidden: true });

// again: asks for the same proof once more.
export function follow(proof, { offline, again }) {
  clearTimeout(timer);
  const coming = COMING.includes(proof?.state);
  if (!coming || proof.shown?.id !== newest.shown) newest = { shown: proof?.shown?.id, at: performance.now() };
  if (proof?.state === "failed") return failed(proof, again);
  if (offline) return say(proof?.shown ? SAID.away : SAID.firstAway);
  if (!proof) return say(studio.state.may.edit ? SAID.asked : SAID.none);
  if (!coming) return say("");
  const left = newest.at + CALM_MS - performance.now();
  if (left > 0 && proof.shown) {
    timer = setTimeout(follow, left, proof, { offline, again });
    return say("");
  }
  return say(`${proof.shown ? "The proof" : "The first proof"} ${where(proof)}.`);
}

function where(proof) {
  const about = proof.finish_at ? `, about ${second(proof.finish_at)}` : "";
  if (proof.state === "running") return `is being made${about}`;
  if (!proof.place) return `waits for the press${about}`;
  return proof.place === 1 ? `is next${about}` : `is ${ordinal(proof.place)} in the queue${about}`;
}

const endings = { one: "st", two: "nd", few: "rd", other: "th" };
const rules = new Intl.PluralRules("en-GB", { type: "ordinal" });
const ordinal = (number) => `${number}${endings[rules.select(number)]}`;

function say(words, button) {
  const said = `${words}${button ? " button" : ""}`;
  line.hidden = !words;
  line.classList.toggle("bad", Boolean(button));
  if (line.dataset.said === said) return;
  line.dataset.said = said;
  line.replaceChildren(words, ...(button ? [" ", button] : []));
}

function failed(proof, again) {
  const why = proof.reason || "Something in this leaflet cannot be set.";
  const old = proof.shown ? " These pages are from before." : "";
  const button = element("button", { type: "button", class: "quiet", onclick: again }, "Ask for it once more");
  say(`The press stopped. ${why}${old}`, studio.state.may.edit ? button : undefined);
}
