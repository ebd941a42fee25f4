// How far a picture on its way has come, in words, with what can be done about it. What is new about it is spoken once;
// how many per cent are there is only seen.

import { announce } from "../announce.js";
import { element } from "../element.js";
import { studio } from "../store.js";
import { arrivals } from "./arrivals.js";

const MEGABYTE = 1_000_000;

const percent = (share) => `${Math.floor(share * 100)} %`;
const kept = (arrival) => (arrival.kept ? " It is kept on this device." : " Keep this page open until then.");
const so_far = ({ share }) => (share > 0 ? ` ${percent(share)} of it is there.` : "");

const WORDS = {
  next: () => "waits its turn.",
  sending: ({ share, file }) =>
    share < 1 ? `is being sent: ${percent(share)} of ${(file.size / MEGABYTE).toFixed(1)} MB.` : "is there. Looking at it…",
  line: (arrival) => `waits for the line, and goes on by itself.${so_far(arrival)}${kept(arrival)}`,
  "signed-out": (arrival) => `waits for you to sign in again, and then goes on.${so_far(arrival)}`,
  "other-person": (arrival) => `waits: somebody else is signed in here now.${kept(arrival)}`,
  busy: (arrival) => `waits: the site is busy. It goes on by itself.${so_far(arrival)}`,
  preparing: () => "is there, and is being prepared for print…",
  beside: () => "is on the shelf. Somebody put another picture here meanwhile.",
  shelved: () => "is on the shelf.",
};
const ENDED = ["refused", "beside", "shelved"];

const wordsOf = (arrival) =>
  arrival.state === "refused" ? `was not taken. ${arrival.message} ${arrival.remedy}` : WORDS[arrival.state](arrival);

const heard = new Map(); // id → the state that was spoken last
studio.on("arrivals", (all) => {
  for (const arrival of all) {
    if (heard.get(arrival.id) === arrival.state) continue;
    heard.set(arrival.id, arrival.state);
    if (arrival.state !== "next") announce(`${arrival.name} ${wordsOf(arrival)}`);
  }
});

// A list item; `use` places a picture that waits beside another.
export function arrivalWords(arrival, { use } = {}) {
  const refused = arrival.state === "refused";
  const bar = arrival.state === "sending" && element("progress", { max: 1, value: arrival.share, "aria-hidden": "true" });
  return element(
    "li",
    { class: `arrival ${arrival.state}` },
    element("p", { class: refused ? "fault" : "" }, element("strong", {}, arrival.name), " ", wordsOf(arrival)),
    bar || null,
    arrival.state === "beside" && use ? element("button", { type: "button", onclick: use }, "Use it here") : null,
    ENDED.includes(arrival.state)
      ? element("button", { type: "button", class: "quiet", onclick: () => arrivals.dismiss(arrival.id) }, "Understood")
      : null,
  );
}
