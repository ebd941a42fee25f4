// Where the words are, always in view, as one of three:
//
//   saved    "Saved at 14:02", by the server's clock
//   device   "On this device, will be sent", and why not yet
//   not      "Not saved", what to do, and a way to copy the words out
//
// Told to the store as `saved` {state, words, why}. What is seen changes at once; what is spoken only when there is
// trouble, and when it is over.

import { day, time } from "../clock.js";
import { element } from "../element.js";
import { studio } from "../store.js";
import { device } from "./device.js";
import { outbox } from "./outbox.js";
import { sync } from "./sync.js";
import { showUnsent } from "./unsent.js";

const SETTLED_MS = 500; // "Saved" is said when nothing was typed for so long: no flicker between two keys
const BRIEF_MS = 3_000; // what is on its way for so long needs no explanation

const NOT_YET = {
  line: "There is no connection.",
  foreign: "This network wants you to sign in to it first.",
  busy: "The site is busy.",
  "signed-out": "Your sign-in has ended.",
  "other-person": "Somebody else is signed in here.",
};
const TROUBLE = {
  missing: "This browser keeps nothing, as private windows do.",
  full: "This device is full.",
  broken: "This device could not keep your words.",
};
const STRAIGHT = "Leave only when you read “Saved”.";

const mark = element("span", { class: "save-mark", "aria-hidden": "true" });
const head = element("strong");
const why = element("span", { class: "save-why" });
const spoken = element("span", { class: "unseen", role: "status" });
const copy = element("button", { type: "button", class: "quiet", onclick: () => showUnsent() }, "Copy the words");
const again = element("button", { type: "button", class: "quiet", onclick: () => sync.again() }, "Try again");
const ways = element("span", { class: "save-ways" }, again, copy);

let shown = {};
let since; // performance.now() at which something began to wait
let settling;
let said = "";

export function showSaved(place = document.getElementById("studio-status")) {
  const words = element("p", { class: "save-words" }, head);
  const more = element("p", { class: "save-more" }, why, " ", ways);
  place.append(element("div", { class: "save" }, mark, words, more, spoken));
  studio.on("standing", look);
  studio.on("outbox", look);
  window.addEventListener("beforeunload", (event) => {
    if (outbox.count()) event.preventDefault();
  });
  setInterval(look, 1_000);
  look();
}

function look() {
  const found = standing();
  clearTimeout(settling);
  if (found.state === "saved" && shown.state && shown.state !== "saved") settling = setTimeout(show, SETTLED_MS, found);
  else show(found);
}

function standing() {
  const unsent = outbox.unsent();
  since = unsent.length ? (since ?? performance.now()) : undefined;
  const waited = since === undefined ? 0 : performance.now() - since;
  const refused = unsent.find((each) => each.refused)?.refused;
  const trouble = TROUBLE[device.trouble];
  if (sync.standing === "ended") {
    const { message = "", remedy = "" } = sync.trouble ?? {};
    const words = `${unsent.length ? "Not saved: you" : "You"} may not change this leaflet any more.`;
    return { state: "not", words, why: [message, remedy].filter(Boolean).join(" "), ways: true };
  }
  if (refused) return { state: "not", words: "Not saved.", why: `${refused.message} ${refused.remedy}`, ways: true };
  if (!unsent.length) {
    return { state: "saved", words: `Saved${savedAt()}`, why: trouble ? `${trouble} ${STRAIGHT}` : "" };
  }
  const reason = sync.standing === "well" ? "" : NOT_YET[sync.standing];
  if (trouble && !unsent.every((each) => each.kept)) {
    const calm = !reason && waited < BRIEF_MS;
    return {
      state: "not",
      words: calm ? "Not saved yet: on its way." : "Not saved.",
      why: calm ? "" : `${trouble} ${reason} Keep this page open, or copy your words.`,
      ways: !calm,
    };
  }
  const slow = waited > BRIEF_MS ? "The line is slow." : "";
  const words = reason || slow ? "On this device, will be sent" : "On this device, being sent";
  return { state: "device", words, why: reason || slow, ways: Boolean(reason) };
}

function show(found) {
  if (found.words === shown.words && found.why === shown.why && found.state === shown.state) return;
  shown = found;
  mark.parentElement.dataset.state = found.state;
  mark.parentElement.classList.toggle("trouble", Boolean(found.ways));
  head.textContent = found.words;
  why.textContent = found.why;
  ways.hidden = !found.ways;
  copy.hidden = !outbox.count();
  speak(found);
  studio.tell("saved", { state: found.state, words: found.words, why: found.why });
}

function speak({ state, words, why: reason, ways: isTrouble }) {
  const now = isTrouble ? `${words} ${reason}` : said && state === "saved" ? words : said;
  if (now === said) return;
  spoken.textContent = now;
  said = isTrouble ? now : "";
}

// By the server's clock, in British time; with the day when that is another than the server's today.
function savedAt() {
  const at = sync.savedAt ?? [...studio.words.values()].map((words) => words.at ?? "").sort().at(-1);
  if (!at) return "";
  return sync.now && day(at) !== day(sync.now) ? ` on ${day(at)} at ${time(at)}` : ` at ${time(at)}`;
}
