// The typographer: straight quotes and typewriter's dashes made into real ones, when somebody asks for it. A button in
// the tools does it everywhere, one below a field does it there; both say how many places they would change.

import { announce } from "../announce.js";
import { element } from "../element.js";
import { commit, mayEdit, mayWrite, slot, texts } from "../fields/fields.js";
import { studio } from "../store.js";

const REST_MS = 400;
const ADDRESS = /\b(?:https?:\/\/|www\.)\S+|\S+@\S+\.\S+/gi;

// Row: what is looked for, and what it becomes. The first row that matches a place has it.
const RULES = [
  [/(?<=\d)['"](?=[\s\d.,;)]|$)/g, null], // feet and inches stay as they are
  [/\.\.\./g, "…"],
  [/(?<=\s)-{1,3}(?=\s)/g, "–"],
  [/(?<=\S)---(?=\S)/g, "—"],
  [/(?<=\S)--(?=\S)/g, " – "],
  [/(?<=(?<![\d-])[1-9]\d{0,3})-(?=[1-9]\d{0,3}(?![\d-]))/g, "–"], // 9-5, 2019-24; no telephone number
  [/(?<=\p{L})'(?=\p{L})/gu, "’"],
  [/(?<=^|[\s(–—“])'(?=(?:tis|twas|em|cause|til)\b|n'|\d\ds?\b)/giu, "’"],
  [/(?<=^|[\s([{–—“/])'(?=\S)/gu, "‘"],
  [/'/g, "’"],
  [/(?<=^|[\s([{–—‘/])"(?=\S)/gu, "“"],
  [/"/g, "”"],
];

// What the typographer would change in a text: [{start, end, words}], in order, none within an address.
function improvements(text) {
  const taken = [...text.matchAll(ADDRESS)].map((found) => [found.index, found.index + found[0].length]);
  const changes = [];
  for (const [look, words] of RULES) {
    for (const found of text.matchAll(look)) {
      const [start, end] = [found.index, found.index + found[0].length];
      if (taken.some(([from, to]) => start < to && end > from)) continue;
      taken.push([start, end]);
      if (words !== null) changes.push({ start, end, words });
    }
  }
  return changes.sort((one, other) => one.start - other.start);
}

let button;
let timer;

export function build(tools) {
  if (!mayEdit) return;
  button = element("button", { type: "button", class: "quiet", onclick: () => improve() });
  tools.append(button);
  for (const event of ["edit", "words"]) studio.on(event, later);
  later();
}

function later() {
  clearTimeout(timer);
  timer = setTimeout(show, REST_MS);
}

function show() {
  let sum = 0;
  for (const zone of studio.zones.keys()) {
    const here = count(zone);
    sum += here;
    offer(zone, here);
  }
  button.hidden = !sum;
  button.textContent = `Tidy ${sum} ${sum === 1 ? "quote or dash" : "quotes and dashes"}`;
}

const count = (zone) => texts(zone).reduce((sum, text) => sum + improvements(text.get()).length, 0);

function offer(zone, many) {
  const place = slot(zone, "field");
  let own = place?.querySelector(":scope > .tidy");
  if (!many) return own?.remove();
  if (!own) {
    own = element("button", { type: "button", class: "quiet small tidy", onclick: () => improve(zone) });
    place.append(own);
  }
  own.textContent = many === 1 ? "Tidy one straight quote or dash" : `Tidy ${many} straight quotes and dashes`;
  return undefined;
}

function improve(only) {
  if (!mayWrite()) return;
  let changed = 0;
  for (const zone of only ? [only] : studio.zones.keys()) {
    const here = count(zone);
    if (!here) continue;
    // One text after the other, each looked up anew: a change in a paragraph writes its whole field again.
    for (let at = 0; at < texts(zone).length; at += 1) {
      const text = texts(zone)[at];
      const changes = improvements(text.get());
      if (changes.length) text.splice(changes);
    }
    commit(zone);
    changed += here;
  }
  show();
  announce(`${changed} changed. Undo takes it back.`);
}
