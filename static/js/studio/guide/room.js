// How much more fits into each zone, in words. The press has measured it on the newest proof; between proofs the words
// typed or taken out since are counted here, so that the number follows the keys.

import { element } from "../element.js";
import { slot, texts } from "../fields/fields.js";
import { studio } from "../store.js";
import { wordsIn } from "../text/characters.js";

const COUNTED = new Set(["line", "rich", "items", "qr"]);

const rooms = new Map(); // zone → {spare, at: words in the zone when the press measured, set_pt, from_pt}

export function build() {
  studio.on("edit", ({ zone }) => show(zone));
  studio.on("words", ({ zone }) => show(zone));
  studio.on("proof", measured);
  measured(studio.state.proof);
  for (const zone of studio.zones.keys()) show(zone);
}

// Whether the press has set the words of the zone, so that what fits is known and not guessed.
export const isMeasured = (zone) => rooms.has(zone);

// Whether the press found too many words there: the line of the zone says so, and goes on with the keys.
export const isOverset = (zone) => rooms.get(zone)?.spare < 0;

// How many words a zone takes in all, as far as the press has measured it.
export const roomFor = (zone) => (rooms.has(zone) ? rooms.get(zone).at + rooms.get(zone).spare : undefined);

function measured(proof) {
  if (!proof?.shown) return;
  rooms.clear();
  for (const room of proof.shown.rooms ?? []) {
    const at = proof.behind ? room.words : count(room.zone);
    rooms.set(room.zone, { spare: room.spare_words, at, set_pt: room.set_pt, from_pt: room.from_pt });
  }
  for (const zone of studio.zones.keys()) show(zone);
}

const count = (zone) => texts(zone).reduce((sum, text) => sum + wordsIn(text.get()), 0);

function show(zone) {
  if (!COUNTED.has(studio.zones.get(zone)?.kind)) return;
  const place = slot(zone, "room");
  const said = sentence(count(zone), rooms.get(zone));
  if (place.textContent === said.words) return;
  place.classList.toggle("over", said.over);
  place.replaceChildren(said.words ? element("p", {}, said.words) : "");
}

// "34 words; about 9 more fit. Set in 22 pt instead of 26 so that it fits."
function sentence(words, room) {
  if (!words) return { words: "", over: false };
  const many = `${words.toLocaleString("en-GB")} ${words === 1 ? "word" : "words"}`;
  if (!room) return { words: `${many}.`, over: false };
  const spare = room.spare - (words - room.at);
  const smaller = room.set_pt && room.from_pt && room.set_pt < room.from_pt;
  const size = smaller ? ` Set in ${points(room.set_pt)} pt instead of ${points(room.from_pt)} so that it fits.` : "";
  if (spare > 0) return { words: `${many}; about ${spare} more ${spare === 1 ? "fits" : "fit"}.${size}`, over: false };
  if (spare === 0) return { words: `${many}, and the space is full.${size}`, over: false };
  return { words: `${many}: about ${-spare} too many for the space.`, over: true };
}

const points = (size) => size.toLocaleString("en-GB", { maximumFractionDigits: 1 });
