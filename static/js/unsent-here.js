// Words that this device keeps and no server has, said where no studio is open: on the first page, and where a
// leaflet cannot be opened any more. Its studio would send them; without one they can still be read and copied out.
//
// Only words of whoever is signed in, and only of tabs that were closed: an open one is still at it.

import { copied } from "./studio/clipboard.js";
import { element } from "./studio/element.js";
import { EDITS, lockOf, openEdits } from "./studio/saving/edits.js";

const here = document.getElementById("unsent-here");

async function waiting() {
  const db = await openEdits({ blocking: () => db.close() });
  const held = new Set((await navigator.locks?.query())?.held.map(({ name }) => name));
  const records = await db.getAll(EDITS);
  db.close();
  const mine = records.filter(({ person, keeper }) => String(person.id) === here.dataset.person && !held.has(lockOf(keeper)));
  const leaflets = new Map();
  for (const record of mine.sort((one, other) => one.at - other.at)) {
    if (!leaflets.has(record.leaflet)) leaflets.set(record.leaflet, new Map());
    leaflets.get(record.leaflet).set(record.zone, record); // of each zone what was typed last
  }
  return leaflets;
}

// Every word in a value, whatever kind of zone it is of.
function words(value) {
  if (typeof value === "string") return value.includes("<") ? fromHtml(value) : value;
  return Object.values(value ?? {}).map(words).filter(Boolean).join("\n");
}

function fromHtml(html) {
  const page = new DOMParser().parseFromString(html, "text/html"); // inert: nothing in it is loaded or run
  for (const block of page.querySelectorAll("p, li, br, div")) block.append("\n");
  return page.body.textContent.trim();
}

function notice(leaflet, zones) {
  const address = `/leaflets/${leaflet}`;
  const card = document.querySelector(`.card-title > a[href="${address}"]`);
  const title = card?.textContent;
  const text = [...zones.values()].map(({ value }) => words(value)).filter(Boolean).join("\n\n");
  const typed = new Date(Math.max(...[...zones.values()].map(({ at }) => at)));
  const when = typed.toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "short" });
  const shown = element("textarea", { readOnly: true, rows: 5, value: text, "aria-label": "The words" });
  const told = element("span", { role: "status", class: "small" });
  return element(
    "div",
    { class: "notice warning" },
    element("strong", {}, `Words${title ? ` of “${title}”` : ""} are on this device alone`),
    element("p", {}, card ? "Open it, and they are saved." : "Their leaflet cannot be opened here. Copy them, and keep them where you like.", ` Typed ${when}.`),
    shown,
    element(
      "p",
      { class: "actions" },
      card && element("a", { class: "button", href: address }, "Open it"),
      element("button", { type: "button", onclick: () => copy(shown, told) }, "Copy the words"),
      told,
    ),
  );
}

async function copy(shown, told) {
  told.textContent = (await copied(shown.value)) ? "Copied." : "Your browser does not let us copy. Mark the words and copy them by hand.";
}

try {
  for (const [leaflet, zones] of await waiting()) here.append(notice(leaflet, zones));
} catch {
  // A device that keeps nothing has nothing to show.
}
