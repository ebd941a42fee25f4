// The approved words for one zone, over the studio: what fits first, each with why it works; one press puts it in.

import { element } from "../element.js";
import { slot } from "../fields/fields.js";
import { standIns } from "../guide/checklist.js";
import { roomFor } from "../guide/room.js";
import { ask, path } from "../server.js";
import { studio } from "../store.js";
import { asText } from "../text/as_text.js";
import { wordsIn } from "../text/characters.js";
import { same } from "../text/same.js";
import { put, standingOf } from "./messages.js";
import { placed, placesIn } from "./placing.js";

const MANY = 6; // more than these are searched

export async function open(key) {
  const zone = studio.zones.get(key);
  const list = element("ol", { class: "message-offers" });
  const trouble = element("p", { class: "fault", role: "alert", hidden: true });
  const again = element("button", { type: "button", hidden: true, onclick: () => read() }, "Try again");
  const search = element("input", { type: "search", id: "message-search", autocomplete: "off", oninput: () => show() });
  const find = element("p", { class: "message-find", hidden: true }, element("label", { htmlFor: search.id }, "Find words"), search);
  const [where, chooser] = choice(zone);
  const dialog = element(
    "dialog",
    { "aria-labelledby": "messages-title" },
    element(
      "header",
      {},
      element("h2", { id: "messages-title" }, `Approved words for “${zone.label}”`),
      element("button", { type: "button", class: "quiet", onclick: () => dialog.close() }, "Close"),
    ),
    element("p", { class: "small soft" }, "Used as they stand, they need nobody’s eyes. Your names and places are filled in."),
    find,
    chooser,
    trouble,
    again,
    list,
  );
  let offers = [];

  async function read() {
    trouble.hidden = again.hidden = true;
    list.setAttribute("aria-busy", "true");
    try {
      offers = (await ask(path(`/zones/${key}/messages.json`))).offers;
      find.hidden = offers.length <= MANY;
      show();
    } catch (failure) {
      const away = "There is no connection, and the approved words are on the server. What you typed is safe here.";
      trouble.textContent = failure.kind === "line" ? away : failure.message || "The library does not answer. Try again in a moment.";
      trouble.hidden = again.hidden = false;
    }
    list.removeAttribute("aria-busy");
  }

  function show() {
    const wanted = search.value.toLocaleLowerCase().split(/\s+/).filter(Boolean);
    const shown = offers
      .map((offer) => ({ offer, words: asText(key, offer.value), over: tooMany(zone, offer, where()) }))
      .filter(({ offer, words }) => wanted.every((word) => `${words} ${offer.title} ${offer.why} ${offer.topic}`.toLocaleLowerCase().includes(word)))
      .sort((one, other) => one.over - other.over);
    list.replaceChildren(...(shown.length ? shown.map((each) => card(zone, each, use)) : [nothing(offers.length)]));
  }

  function use(offer) {
    dialog.close();
    put(key, offer, where());
  }

  chooser.addEventListener("change", show);
  dialog.addEventListener("close", () => {
    dialog.remove();
    slot(key, "messages").querySelector(".message-open")?.focus();
  });
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  document.body.append(dialog);
  dialog.showModal();
  await read();
}

// Where in the zone it goes: asked only where there is a choice.
function choice(zone) {
  const value = studio.words.get(zone.key)?.value;
  const isTemplates = standIns().includes(zone.key) || same(value, zone.default);
  const places = placesIn(zone, value, standingOf(zone.key)?.units, isTemplates);
  const select = element("select", { id: "message-where" }, ...places.map(({ words }, at) => element("option", { value: at }, words)));
  const label = element("label", { htmlFor: select.id }, "Put it");
  return [() => places[select.selectedIndex].where, element("p", { class: "message-where", hidden: places.length < 2 }, label, select)];
}

// How many words there would be too many, by what the press has measured; 0 where they fit or nobody knows.
function tooMany(zone, offer, where) {
  const room = roomFor(zone.key);
  if (room === undefined) return 0;
  const after = placed(zone, studio.words.get(zone.key)?.value, offer.value, where);
  return Math.max(0, wordsIn(asText(zone.key, after)) - room);
}

function card(zone, { offer, words, over }, use) {
  const isThere = standingOf(zone.key)?.state === "approved" && same(studio.words.get(zone.key)?.value, offer.value);
  const facts = [`From ${offer.from}`, offer.topic, offer.until && `until ${offer.until}`].filter(Boolean).join(" · ");
  return element(
    "li",
    {},
    element("blockquote", { class: zone.kind }, ...words.split(/\n+/).map((line) => element("p", {}, line))),
    element("p", { class: "small" }, element("b", {}, "Why: "), offer.why),
    offer.source ? element("p", { class: "small soft" }, `Source: ${offer.source}`) : null,
    element("p", { class: "small soft" }, facts, offer.gaps ? " · the place may be another of yours" : ""),
    over > 0 ? element("p", { class: "small over" }, `About ${over} ${over === 1 ? "word" : "words"} more than fit there now.`) : null,
    isThere
      ? element("p", { class: "small soft" }, "This is what it says now.")
      : element("button", { type: "button", class: over ? "" : "first", onclick: () => use(offer) }, "Use these words"),
  );
}

const nothing = (any) =>
  element(
    "li",
    { class: "soft" },
    any ? "None of them has these words." : "There are none for this place yet. Write your own; the office looks at what needs it. ",
    any ? null : element("a", { href: "/messages" }, "All approved messages"),
  );
