// Find and replace in all the words of the leaflet. A small panel that stays while the fields are in view: matches by
// zone, each leads to its place; one or all are replaced, and undo takes it back zone by zone.

import { element } from "../element.js";
import { commit, mayEdit, mayWrite, texts } from "../fields/fields.js";
import { studio } from "../store.js";
import { withoutHidden } from "../text/characters.js";

const MOST_SHOWN = 200;
const AROUND = 28; // characters of what stands before and after a match
const REST_MS = 150;

let panel;
let opener;
let timer;
let replaced = ""; // what was just replaced, until something else is looked for

export function open(from) {
  opener = from;
  panel ??= build();
  const chosen = String(getSelection()).trim();
  if (chosen && chosen.length < 100 && !chosen.includes("\n")) panel.find.value = chosen;
  panel.whole.hidden = false;
  panel.find.focus();
  panel.find.select();
  lookAgain();
}

function close() {
  panel.whole.hidden = true;
  opener?.focus();
}

function build() {
  const find = element("input", {
    id: "find-words",
    type: "text",
    autocomplete: "off",
    spellcheck: false,
    oninput: lookAgain,
  });
  const put = element("input", { id: "replace-words", type: "text", autocomplete: "off", oninput: lookAgain });
  const exact = element("input", { type: "checkbox", onchange: lookAgain });
  const whole = element("input", { type: "checkbox", onchange: lookAgain });
  const said = element("p", { class: "find-said", role: "status" });
  const list = element("div", { class: "find-list" });
  const all = element("button", { type: "button", onclick: replaceAll });
  const tick = (input, words) => element("label", { class: "pick small" }, input, element("span", {}, words));
  const panel = element(
    "section",
    { class: "find", role: "dialog", "aria-label": "Find and replace", hidden: true },
    element(
      "div",
      { class: "find-head" },
      element("h2", {}, mayEdit ? "Find and replace" : "Find"),
      element("button", { type: "button", class: "quiet small", onclick: close }, "Close"),
    ),
    element("div", { class: "part" }, element("label", { class: "small", htmlFor: find.id }, "Find"), find),
    mayEdit
      ? element(
          "div",
          { class: "part" },
          element("label", { class: "small", htmlFor: put.id }, "Put in its place"),
          put,
        )
      : null,
    element("div", { class: "find-how" }, tick(exact, "Capitals as typed"), tick(whole, "Whole words only")),
    element("div", { class: "find-foot" }, said, mayEdit ? all : null),
    list,
  );
  panel.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
    if (event.key === "Enter" && event.target === find) list.querySelector("button")?.focus();
  });
  document.body.append(panel);
  for (const event of ["edit", "words"]) {
    studio.on(event, () => {
      clearTimeout(timer);
      timer = setTimeout(() => !panel.hidden && look(), REST_MS);
    });
  }
  return { whole: panel, find, put, exact, wholeWords: whole, said, list, all };
}

// What matches: [{zone, text: its number in the zone, where, start, end, words: the whole text}].
function matches(words, { exact = false, wholeWords = false } = {}) {
  if (!words) return [];
  const letters = words
    .replace(/[.*+?^${}()|[\]\\]/g, "\\$&")
    .replace(/['’]/g, "['’]")
    .replace(/["“”]/g, '["“”]')
    .replace(/[ \u00a0]/g, "[ \\u00a0]");
  const edge = "[\\p{L}\\p{N}_]";
  const look = new RegExp(wholeWords ? `(?<!${edge})${letters}(?!${edge})` : letters, exact ? "gu" : "giu");
  const numbers = new Map();
  return texts().flatMap((text) => {
    const number = numbers.get(text.zone) ?? 0;
    numbers.set(text.zone, number + 1);
    return [...text.get().matchAll(look)].map((found) => ({
      zone: text.zone,
      text: number,
      where: text.where,
      start: found.index,
      end: found.index + found[0].length,
      words: text.get(),
    }));
  });
}

const found = () => matches(panel.find.value, { exact: panel.exact.checked, wholeWords: panel.wholeWords.checked });

function lookAgain() {
  replaced = "";
  look();
}

function look() {
  const all = found();
  const zones = new Set(all.map((match) => match.zone));
  panel.said.textContent = !panel.find.value
    ? "Type what to look for."
    : all.length
      ? `${all.length} ${all.length === 1 ? "place" : "places"} in ${zones.size} ${zones.size === 1 ? "zone" : "zones"}`
      : replaced || "Nowhere in this leaflet.";
  panel.all.hidden = all.length < 2;
  panel.all.textContent = `Replace all ${all.length}`;
  const lists = [...zones].map((zone) =>
    element(
      "div",
      {},
      element("h3", {}, studio.zones.get(zone).label),
      element(
        "ul",
        { class: "plain" },
        all
          .slice(0, MOST_SHOWN)
          .filter((match) => match.zone === zone)
          .map(line),
      ),
    ),
  );
  panel.list.replaceChildren(...lists);
}

function line(match) {
  const before = match.words.slice(Math.max(0, match.start - AROUND), match.start);
  const after = match.words.slice(match.end, match.end + AROUND);
  const go = element(
    "button",
    { type: "button", class: "quiet find-match", onclick: () => visit(match) },
    match.where ? element("span", { class: "soft" }, `${match.where}: `) : null,
    `${match.start > AROUND ? "…" : ""}${before}`,
    element("mark", {}, match.words.slice(match.start, match.end)),
    `${after}${match.end + AROUND < match.words.length ? "…" : ""}`,
  );
  const one = element("button", { type: "button", class: "quiet small", onclick: () => replaceOne(match) }, "Replace");
  return element("li", {}, go, mayEdit ? one : null);
}

function visit(match) {
  studio.tell("go", { zone: match.zone, from: "link" });
  texts(match.zone)[match.text]?.select(match.start, match.end);
}

function replaceOne(match) {
  const at = [...panel.list.querySelectorAll("li")].indexOf(document.activeElement.closest("li"));
  replace(match.zone, [match]);
  look();
  const left = panel.list.querySelectorAll("li");
  (left[Math.min(at, left.length - 1)]?.querySelector("button:last-child") ?? panel.find).focus();
}

function replaceAll() {
  if (!mayWrite()) return;
  const all = found();
  for (const zone of new Set(all.map((match) => match.zone))) {
    const here = all.filter((match) => match.zone === zone);
    replace(zone, here);
  }
  replaced = `Replaced in ${all.length} places. Undo takes it back, zone by zone.`;
  look();
  panel.find.focus();
}

function replace(zone, chosen) {
  if (!mayWrite()) return;
  const words = withoutHidden(panel.put.value);
  // From the last text to the first, so that the numbers of those before stay true when one becomes empty.
  for (const number of [...new Set(chosen.map((match) => match.text))].sort((one, other) => other - one)) {
    const changes = chosen.filter((match) => match.text === number).map(({ start, end }) => ({ start, end, words }));
    texts(zone)[number].splice(changes);
  }
  commit(zone);
}
