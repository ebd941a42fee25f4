// Who else is in this leaflet, and where: their names beside the save state, and in the zone that they are in. Somebody
// who has two tabs open meets themselves by name too.

import { element } from "../element.js";
import { studio } from "../store.js";
import { outbox } from "./outbox.js";

const names = new Intl.ListFormat("en-GB", { type: "conjunction" });

export function showPeople(place = document.getElementById("studio-status")) {
  const line = element("p", { class: "people" });
  place.append(line);
  studio.on("people", (people) => {
    const others = people.filter((someone) => !someone.me && !outbox.isClosed(someone.tab));
    line.textContent = sentence(others);
    for (const zone of document.querySelectorAll("#words [data-zone]")) showIn(zone, others);
  });
}

const isMe = ({ person_id }) => person_id === studio.state.person.id;
const namesOf = (people) => [...new Set(people.filter((one) => !isMe(one)).map(({ name }) => name))];

function sentence(others) {
  const called = namesOf(others);
  const again = others.some(isMe);
  if (!called.length) return again ? "You have this leaflet open in another tab too." : "";
  const too = again ? "here too, and you in another tab" : "here too";
  return `${names.format(called)} ${called.length > 1 ? "are" : "is"} ${too}.`;
}

function showIn(section, others) {
  const slot = section.querySelector(".zone-people");
  const inIt = others.filter(({ zone }) => zone === section.dataset.zone);
  const here = [...namesOf(inIt), ...(inIt.some(isMe) ? ["you, in another tab"] : [])];
  const words = here.length ? `Here now: ${names.format(here)}` : "";
  if (!slot || slot.textContent === words) return;
  slot.replaceChildren(words ? element("span", { class: "person-here" }, words) : "");
}
