// In which language the words are: chosen here, kept with the leaflet, used by the browser's spelling check, by the
// reading hints and by the press.

import { announce } from "../announce.js";
import { element } from "../element.js";
import { mayEdit } from "../fields/fields.js";
import { ask, path } from "../server.js";
import { studio } from "../store.js";

export function build(tools) {
  const { leaflet } = studio.state;
  const select = element(
    "select",
    { id: "leaflet-language", disabled: !mayEdit },
    leaflet.languages.map(({ tag, name }) => element("option", { value: tag }, name)),
  );
  select.value = leaflet.language;
  select.addEventListener("change", () => choose(select));
  tools.append(element("span", { class: "language" }, element("label", { htmlFor: select.id }, "Written in"), select));
}

async function choose(select) {
  const { leaflet } = studio.state;
  try {
    const said = await ask(path("/language"), { method: "POST", body: { language: select.value } });
    leaflet.language = said.language;
    for (const field of document.querySelectorAll("#words [lang]")) field.lang = said.language;
    announce(`Spelling is checked in ${select.selectedOptions[0].textContent}.`);
    studio.tell("language", said.language);
  } catch (failure) {
    announce(`The language was not changed. ${failure.remedy || "Try again when the connection is back."}`);
  }
  select.value = leaflet.language;
}
