// Help where the hand is: under each zone's name its one line of help, and a good example for whoever asks; beside
// words that are still the template's, a way to say that they are right; in an empty place, a way to begin.

import { element } from "../element.js";
import { commit, fieldOf, mayEdit, slot } from "../fields/fields.js";
import { studio } from "../store.js";
import { asText } from "../text/as_text.js";
import { same } from "../text/same.js";
import { standIns } from "./checklist.js";

const NO_WORDS = ["picture", "choice", "imprint", "election"]; // an example in words says nothing about these

export function build() {
  for (const zone of studio.zones.values()) slot(zone.key, "example").append(...help(zone));
  studio.on("standins", hints);
  studio.on("edit", ({ zone }) => hint(studio.zones.get(zone)));
  studio.on("words", ({ zone }) => hint(studio.zones.get(zone)));
  hints();
}

function help(zone) {
  const example = NO_WORDS.includes(zone.kind) || !zone.example ? "" : asText(zone.key, zone.example);
  const meaning = document.querySelector(`#zone-${CSS.escape(zone.key)} .voice`)?.title;
  return [
    element("p", { class: "help" }, zone.help),
    example &&
      element(
        "details",
        { class: "example" },
        element("summary", {}, "An example", element("span", { class: "unseen" }, ` for “${zone.label}”`)),
        element("blockquote", {}, element("span", { class: "soft" }, "For example: "), example),
        element("p", { class: "soft small" }, `${meaning}.`),
      ),
    element("p", { class: "begin", hidden: true }),
  ].filter(Boolean);
}

function hints() {
  for (const zone of studio.zones.values()) hint(zone);
}

// One line at most: the words are the template's, or there are none.
function hint(zone) {
  const place = zone && slot(zone.key, "example")?.querySelector(".begin");
  if (!place || !mayEdit || zone.is_system) return;
  const value = studio.words.get(zone.key)?.value;
  const [words, button, put] = said(zone, value);
  place.hidden = !words;
  place.replaceChildren(...(words ? [words, " ", element("button", { type: "button", class: "quiet", onclick: put }, button)] : []));
}

function said(zone, value) {
  if (isEmpty(value) && zone.kind !== "picture" && !isEmpty(zone.default)) {
    return ["Nothing here yet.", "Begin with the template’s words", () => begin(zone)];
  }
  if (standIns().includes(zone.key) && same(value, zone.default)) {
    return ["These are the template’s words.", "They are right as they are", () => keep(zone)];
  }
  return [];
}

function begin(zone) {
  fieldOf(zone.key).write(zone.default);
  commit(zone.key);
  fieldOf(zone.key).focus();
}

// The same words once more, as somebody's own: the server then knows that a person has decided.
function keep(zone) {
  commit(zone.key);
  slot(zone.key, "example").querySelector(".begin").hidden = true;
  fieldOf(zone.key).focus();
}

function isEmpty(value) {
  if (value === null || value === undefined || value === "") return true;
  if (typeof value === "string") return !value.replace(/<[^>]*>/g, "").trim();
  if (Array.isArray(value)) return value.length === 0;
  return typeof value === "object" && Object.values(value).every(isEmpty);
}
