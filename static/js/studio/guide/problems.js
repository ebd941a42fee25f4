// What is to be put right, what to look at, and what is worth knowing: from the words, from the press, from the plan.
// Each remark stands once at its zone, and once in a calm list from which one click leads to its place on the page.

import { element } from "../element.js";
import { pointTo } from "../stage/stage.js";
import { studio } from "../store.js";
import { isMeasured, isOverset } from "./room.js";

const LEVELS = {
  error: { count: (number) => `${number} to put right`, mark: "Put right" },
  warning: { count: (number) => `${number} to look at`, mark: "Look at" },
  note: { count: (number) => `${number} worth knowing`, mark: "Worth knowing" },
};

// A remark of the press that says again, later, what the words say by themselves.
const SAID_BY_WORDS = {
  overset: ["far-too-long", "too-many-items"],
  "words-overlap": ["far-too-long", "too-many-items"],
  "words-lost": ["far-too-long"],
  "picture-missing": ["picture-missing", "picture-not-ready", "required"],
  "imprint-incomplete": ["imprint-incomplete"],
};

// What the template expects is a guess at what fits: once the press has measured the zone, its word alone counts.
const isGuess = ({ zone, code }) => code === "too-long" && isMeasured(zone);

// What the line about the zone's room says already.
const SAID_BY_ROOM = { copyfit: () => true, overset: isOverset };

const SERIOUS_IN_PLAN = ["after-postal-votes", "suspended", "freepost-for-one-election"];

let ofWords = studio.state.problems ?? [];
let ofPress = studio.state.proof?.shown?.problems ?? [];
let pressLooked = Boolean(studio.state.proof?.shown);
let plan = studio.state.plan;
let shown = "";

export function build() {
  studio.on("problems", (problems) => tell(() => (ofWords = problems)));
  studio.on("proof", (proof) => proof?.shown && tell(() => ([ofPress, pressLooked] = [proof.shown.problems, true])));
  studio.on("plan", (newer) => tell(() => (plan = newer)));
  tell(() => {});
}

function tell(take) {
  take();
  const all = remarks();
  const text = JSON.stringify([all, pressLooked]);
  if (text === shown) return;
  shown = text;
  atZones(all);
  inList(all);
  studio.tell("remarks", all);
}

// Every remark once, the gravest first, within a level as a reader meets the zones.
function remarks() {
  const told = ofWords.map((problem) => `${problem.zone} ${problem.code}`);
  const repeats = ({ zone, code }) => [code, ...(SAID_BY_WORDS[code] ?? [])].some((other) => told.includes(`${zone} ${other}`));
  const ofPlan = (plan?.remarks ?? []).map(({ code, sentence, source }) => ({
    code,
    level: SERIOUS_IN_PLAN.includes(code) ? "warning" : "note",
    message: sentence,
    source,
    url: plan.url,
  }));
  const all = [...ofWords, ...ofPress.filter((problem) => !repeats(problem)), ...ofPlan].filter((one) => !isGuess(one));
  const once = [...new Map(all.map((one) => [`${one.zone ?? ""} ${one.message}`, one])).values()];
  const order = [...studio.zones.keys()];
  const levels = Object.keys(LEVELS);
  const rank = (one) => levels.indexOf(one.level) * 1000 + (one.zone ? order.indexOf(one.zone) : 999);
  return once.sort((a, b) => rank(a) - rank(b));
}

function atZones(all) {
  for (const place of document.querySelectorAll(".zone-problems")) {
    const zone = place.closest(".zone").dataset.zone;
    const here = all.filter((one) => one.zone === zone);
    place.closest(".zone").classList.toggle("wants-attention", here.some((one) => one.level === "error"));
    const unsaid = here.filter(({ code }) => !SAID_BY_ROOM[code]?.(zone));
    place.replaceChildren(...unsaid.map((one) => element("p", { class: `remark ${one.level}` }, atZone(one))));
  }
}

// At the zone, its name stands above already.
function atZone({ zone, message }) {
  const label = `${studio.zones.get(zone)?.label}: `;
  const words = message.startsWith(label) ? message.slice(label.length) : message;
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function inList(all) {
  const place = document.getElementById("remarks");
  const open = place.querySelector("details")?.open ?? false;
  if (!all.length) {
    place.replaceChildren(...(pressLooked ? [element("p", { class: "all-well" }, "The checks found nothing to put right.")] : []));
    return;
  }
  place.replaceChildren(
    element(
      "details",
      { open },
      element("summary", {}, counts(all)),
      element("ul", { class: "remark-list" }, all.map((one) => element("li", { class: one.level }, line(one)))),
    ),
  );
}

function counts(all) {
  const said = Object.entries(LEVELS).flatMap(([level, { count }]) => {
    const number = all.filter((one) => one.level === level).length;
    return number ? [element("span", { class: `count-${level}` }, count(number))] : [];
  });
  return said.flatMap((one, at) => (at ? [", ", one] : [one]));
}

function line(one) {
  const mark = element("span", { class: "level" }, LEVELS[one.level].mark);
  if (one.url) {
    return [mark, element("span", {}, one.message, " ", element("a", { href: one.url, title: one.source }, "See the plan"))];
  }
  if (!one.zone && !one.place) return [mark, element("span", {}, one.message)];
  return [mark, element("button", { type: "button", class: "quiet", onclick: () => lead(one) }, one.message)];
}

function lead(one) {
  if (one.zone && document.getElementById(`zone-${one.zone}`)) studio.tell("go", { zone: one.zone, from: "list" });
  if (one.place) pointTo(one);
}
