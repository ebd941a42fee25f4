// Every text that no server has, to be copied out: whatever happens to this page and to our site, the words are theirs.

import { copied } from "../clipboard.js";
import { element } from "../element.js";
import { asText, labelOf } from "../text/as_text.js";
import { outbox } from "./outbox.js";

export const showUnsent = () =>
  showTexts(
    "Words that are not saved yet",
    "They stay here while you copy them. Keep them anywhere: an e-mail to yourself, a note, a document.",
    outbox.unsent(),
  );

// A dialog with texts to take away: [{zone, value, refused}].
export function showTexts(title, lead, texts) {
  const all = texts.map(({ zone, value }) => `${labelOf(zone)}\n${asText(zone, value)}`).join("\n\n");
  const said = element("span", { role: "status", class: "small" });
  const dialog = element(
    "dialog",
    { class: "texts-out", "aria-labelledby": "texts-out" },
    element("h2", { id: "texts-out", tabIndex: -1 }, title),
    element("p", {}, lead),
    ...texts.map(({ zone, value, refused }, index) => text(zone, value, refused, index)),
    element(
      "p",
      { class: "actions" },
      button("Copy everything", () => take(all, said), { class: "first" }),
      button("Close", () => dialog.close()),
      said,
    ),
  );
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

const button = (label, onclick, more) => element("button", { type: "button", onclick, ...more }, label);

function text(zone, value, refused, index) {
  const id = `text-out-${index}`;
  const shown = element("textarea", { id, readOnly: true, rows: 4, value: asText(zone, value) });
  const reason = refused && element("p", { class: "fault" }, `${refused.message} ${refused.remedy}`);
  return element("div", { class: "field" }, element("label", { htmlFor: id }, labelOf(zone)), reason, shown);
}

async function take(all, said) {
  said.textContent = (await copied(all))
    ? "Copied: paste it wherever you keep things."
    : "Your browser does not let us copy. Mark the words and copy them by hand.";
}
