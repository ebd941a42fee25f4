// Advice on how easily a text is read. It never blocks, and says at most one thing.
//
// Reading age: the Flesch–Kincaid grade level, 0.39 × words a sentence + 11.8 × syllables a word − 15.59 (Kincaid,
// Fishburne, Rogers and Chissom, "Derivation of New Readability Formulas", US Navy 1975), plus five years, because
// the first American grade is for six-year-olds. It was fitted to English, and says little of a few words: below fifty
// it says nothing. Syllables are counted by their groups of vowels. In other languages only long sentences are pointed
// out: more than twenty-five words, as GOV.UK has it ("Content design: writing for GOV.UK").

import { element } from "../element.js";
import { slot, texts } from "../fields/fields.js";
import { studio } from "../store.js";

const LONG_SENTENCE = 25; // words
const ENOUGH_WORDS = 50;
const OLD_ENOUGH = 13; // years: above this the hint is worth its line
const REST_MS = 600;

const timers = new Map();

export function build() {
  studio.on("edit", ({ zone }) => later(zone));
  studio.on("words", ({ zone }) => later(zone));
  studio.on("language", () => [...studio.zones.keys()].forEach(show));
  for (const zone of studio.zones.keys()) show(zone);
}

function later(zone) {
  clearTimeout(timers.get(zone));
  timers.set(
    zone,
    setTimeout(() => show(zone), REST_MS),
  );
}

function show(zone) {
  const kind = studio.zones.get(zone)?.kind;
  if (kind !== "rich" && kind !== "items") return;
  const said = hint(
    texts(zone).map((text) => text.get()),
    studio.state.leaflet.language,
  );
  const place = slot(zone, "hints");
  if (place.textContent !== said) place.replaceChildren(said ? element("p", {}, said) : "");
}

// One sentence of advice on these paragraphs, or "".
export function hint(paragraphs, language) {
  const sentences = paragraphs.flatMap(sentencesOf);
  const longest = sentences.reduce((most, one) => Math.max(most, one.length), 0);
  if (longest > LONG_SENTENCE) {
    const start = sentences
      .find((one) => one.length === longest)
      .slice(0, 4)
      .join(" ");
    return `The sentence that begins “${start}” has ${longest} words. Two short ones are read more easily.`;
  }
  const words = sentences.flat();
  if (!language.startsWith("en") || words.length < ENOUGH_WORDS) return "";
  const age = readingAge(sentences);
  return age > OLD_ENOUGH ? `Reads like a text for people of ${age} and over. Shorter words reach more of them.` : "";
}

function readingAge(sentences) {
  const words = sentences.flat();
  const beats = words.reduce((sum, word) => sum + syllables(word), 0);
  const grade = 0.39 * (words.length / sentences.length) + 11.8 * (beats / words.length) - 15.59;
  return Math.max(6, Math.round(grade + 5));
}

// The sentences of a paragraph, each as its words. A full stop inside a number, an address or an initial ends none.
function sentencesOf(paragraph) {
  return paragraph
    .split(/(?<=[.!?…]["”’)]*)\s+(?=["“‘(]?\p{Lu}|["“‘(]?\d)|\n+/u)
    .map((one) => one.match(/\S*[\p{L}\p{N}]\S*/gu) ?? [])
    .filter((words) => words.length);
}

export function syllables(word) {
  const letters = word
    .toLowerCase()
    .normalize("NFD")
    .replace(/[^a-z]/g, "");
  if (!letters) return 1;
  const spoken = letters
    .replace(/(?<=[^aeiouy])(?:es|ed)$/, (end) => (/(?:[td]ed|[sxz]es|[cs]hes|[cg]es)$/.test(letters) ? end : ""))
    .replace(/(?<=[^aeiouyl])e$/, "");
  return Math.max(1, spoken.match(/[aeiouy]+/g)?.length ?? 1);
}
