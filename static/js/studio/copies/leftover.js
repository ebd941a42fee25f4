// Words of zones that the template no longer has: to read, to copy, or to put behind the words of another zone. They
// stay where they are kept, so nothing here can lose them. And the way to a newer version of the template.

import { copied } from "../clipboard.js";
import { element } from "../element.js";
import { commit, fieldOf } from "../fields/fields.js";
import { studio } from "../store.js";
import { escaped } from "../text/prose.js";

const TAKES_WORDS = ["line", "rich"];

export function build(place = document.getElementById("leftover")) {
  const { leftover, newer, may, copies_url: url } = studio.state;
  if (newer && may.edit) {
    place.append(
      element(
        "p",
        { class: "notice" },
        `Version ${newer} of this template is here. Your words move with you. `,
        element("a", { href: `${url}#version` }, "Look at the move"),
      ),
    );
  }
  if (!leftover.length) return;
  place.append(
    element("h2", {}, "Words without a place"),
    element("p", { class: "help" }, "This version of the template has no zone for these. They are kept, and print nowhere."),
    ...leftover.map((one) => offered(one, may.edit)),
  );
}

function offered(one, mayEdit) {
  const said = element("span", { role: "status", class: "small" });
  const whole = element("section", { class: "kept", "aria-label": one.label });
  const copy = element("button", { type: "button", class: "quiet", onclick: () => take(one.text, said) }, "Copy");
  whole.append(element("h3", {}, one.label), element("blockquote", {}, one.text));
  whole.append(element("div", { class: "actions" }, copy, mayEdit ? putting(one, said) : null, said));
  return whole;
}

function putting(one, said) {
  const zones = [...studio.zones.values()].filter((zone) => TAKES_WORDS.includes(zone.kind));
  const chosen = element(
    "select",
    { "aria-label": `Where to put the words of ${one.label}` },
    zones.map((zone) => element("option", { value: zone.key }, zone.label)),
  );
  const put = () => {
    const zone = studio.zones.get(chosen.value);
    const field = fieldOf(zone.key);
    field.write(after(zone, field.read() ?? "", one.text));
    commit(zone.key);
    studio.tell("go", { zone: zone.key, from: "list" });
    said.textContent = `Put behind the words of ${zone.label}.`;
  };
  return [chosen, element("button", { type: "button", onclick: put }, "Put it there")];
}

function after(zone, before, text) {
  if (zone.kind === "line") return `${before} ${text.replace(/\s+/g, " ")}`.trim();
  return before + text.split("\n").map((line) => `<p>${escaped(line)}</p>`).join("");
}

async function take(text, said) {
  said.textContent = (await copied(text))
    ? "Copied."
    : "Your browser does not let us copy. Mark the words and copy them by hand.";
}
