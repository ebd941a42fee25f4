// The earlier words of one zone, each with who wrote it and when; any of them goes back into the zone with one press.
// Loaded when somebody first asks for it.

import { announce } from "../announce.js";
import { day, time } from "../clock.js";
import { element, unseen } from "../element.js";
import { newStep } from "../fields/fields.js";
import { ask, path } from "../server.js";
import { studio } from "../store.js";
import { same } from "../text/same.js";


export async function open(zone) {
  const label = studio.zones.get(zone)?.label ?? zone;
  const list = element("ol", { class: "earlier-texts" });
  const more = element("button", { type: "button", hidden: true }, "Older words");
  const trouble = element("p", { class: "fault", role: "alert", hidden: true });
  const dialog = element(
    "dialog",
    { class: "earlier", "aria-labelledby": "earlier-title" },
    element(
      "header",
      {},
      element("h2", { id: "earlier-title" }, `Earlier words of ${label}`),
      element("button", { type: "button", class: "quiet", onclick: () => dialog.close() }, "Close"),
    ),
    element("p", { class: "small soft" }, element("mark", {}, "Marked"), " words are not in the zone now."),
    list,
    trouble,
    more,
  );
  let before = "";

  async function read() {
    trouble.hidden = true;
    try {
      const said = await ask(path(`/zones/${zone}/earlier${before}`));
      list.append(...said.texts.map((text) => shown(zone, text, () => dialog.close())));
      if (!list.children.length) list.append(element("li", {}, "Nobody has changed this zone yet."));
      before = `?before=${said.older}`;
      more.hidden = said.older === null;
    } catch (failure) {
      trouble.textContent =
        failure.kind === "line"
          ? "There is no connection, and the history is on the server. Your own steps can be undone all the same."
          : failure.message || "The history does not answer. Try again in a moment.";
      trouble.hidden = false;
      more.hidden = false;
    }
  }

  more.addEventListener("click", read);
  dialog.addEventListener("close", () => dialog.remove());
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  document.body.append(dialog);
  dialog.showModal();
  await read();
}

function shown(zone, text, close) {
  const at = new Date(text.at);
  const isNow = same(studio.words.get(zone)?.value, text.value);
  const back = element("button", { type: "button", onclick: () => takeBack(zone, text, close) }, "Take this back");
  return element(
    "li",
    { class: text.kept ? "kept" : "" },
    element(
      "p",
      { class: "small soft" },
      element("time", { dateTime: text.at, title: at.toLocaleString("en-GB") }, `${day(text.at)}, ${time(text.at)}`),
      `, ${text.by.join(" and ")}`,
      text.kept ? " · was not chosen" : "",
    ),
    text.picture && element("img", { src: text.picture, alt: "", loading: "lazy" }),
    element("blockquote", {}, text.parts.length ? text.parts.map(part) : text.picture ? "" : "Nothing: the zone was empty."),
    isNow ? element("p", { class: "small" }, "This is what it holds now.") : studio.state.may.edit && back,
  );
}

function part({ text, change, strong, em }) {
  const styled = strong ? element("strong", {}, text) : em ? element("em", {}, text) : text;
  return change === "added" ? element("mark", {}, unseen("[not in the zone now: "), styled, unseen("]")) : styled;
}

function takeBack(zone, { value }, close) {
  studio.edit(zone, value, { step: newStep(), act: "restore" });
  close();
  studio.tell("go", { zone, from: "list" });
  announce("Those words are back in the zone. Undo takes them out again.");
}
