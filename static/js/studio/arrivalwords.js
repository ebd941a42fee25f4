// How far a picture on its way has come, in words, with what can be done about it.

import { arrivals } from "./arrivals.js";
import { element } from "./element.js";

const MEGABYTE = 1_000_000;

const percent = (share) => `${Math.floor(share * 100)} %`;
const so_far = ({ share }) => (share > 0 ? ` ${percent(share)} of it is there.` : "");

const WORDS = {
  next: () => "waits its turn.",
  sending: ({ share, file }) =>
    share < 1 ? `is being sent: ${percent(share)} of ${(file.size / MEGABYTE).toFixed(1)} MB.` : "is there. Looking at it…",
  line: (arrival) => `waits for the line, and goes on by itself.${so_far(arrival)} It is kept on this device.`,
  "signed-out": (arrival) => `waits for you to sign in again, and then goes on.${so_far(arrival)}`,
  "other-person": () => "waits: somebody else is signed in here now. It is kept on this device.",
  busy: (arrival) => `waits: the site is busy. It goes on by itself.${so_far(arrival)}`,
  preparing: () => "is there, and is being prepared for print…",
  beside: () => "is on the shelf. Somebody put another picture here meanwhile.",
  shelved: () => "is on the shelf.",
};
const ENDED = ["refused", "beside", "shelved"];

// A list item; `use` places a picture that waits beside another.
export function arrivalWords(arrival, { use } = {}) {
  const refused = arrival.state === "refused";
  const words = refused ? ["was not taken. ", arrival.message, " ", arrival.remedy] : [WORDS[arrival.state](arrival)];
  const bar = arrival.state === "sending" && element("progress", { max: 1, value: arrival.share, "aria-hidden": "true" });
  return element(
    "li",
    { class: `arrival ${arrival.state}` },
    element("p", { class: refused ? "fault" : "" }, element("strong", {}, arrival.name), " ", ...words),
    bar || null,
    arrival.state === "beside" && use ? element("button", { type: "button", onclick: use }, "Use it here") : null,
    ENDED.includes(arrival.state)
      ? element("button", { type: "button", class: "quiet", onclick: () => arrivals.dismiss(arrival.id) }, "Understood")
      : null,
  );
}
