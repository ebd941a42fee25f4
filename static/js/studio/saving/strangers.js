// Words that somebody else left on this device: said, shown and offered, never sent by themselves.

import { element } from "../element.js";
import { studio } from "../store.js";
import { outbox } from "./outbox.js";
import { showTexts } from "./unsent.js";

export async function offerStrangers(before = document.getElementById("checklist")) {
  for (const { person, records } of await outbox.strangers()) before.before(offer(person, records));
}

function offer(person, records) {
  const texts = newest(records);
  const me = studio.state.person.name;
  const note = element("div", { class: "notice warning strangers", role: "status" });
  const take = async () => {
    await outbox.take(records);
    note.remove();
  };
  const show = () => showTexts(`Words of ${person.name}`, "They were typed here and never arrived.", texts);
  const button = (label, onclick) => element("button", { type: "button", class: "quiet", onclick }, label);
  note.append(
    element("strong", {}, `Words of ${person.name} wait on this device.`),
    element("p", {}, `They never arrived. When ${person.name} opens this leaflet here again, they are sent.`),
    element(
      "p",
      { class: "save-ways" },
      button("Show and copy", show),
      studio.state.may.edit ? button(`Send as ${me}`, take) : null,
      button("Leave them", () => note.remove()),
    ),
  );
  return note;
}

// Of each zone what was typed last on each tab.
function newest(records) {
  const latest = new Map(records.map((record) => [`${record.device} ${record.zone}`, record]));
  return [...latest.values()];
}
