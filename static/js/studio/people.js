// Who else is in this leaflet, and where: their names beside the save state, and in the zone that they are in. Somebody
// who has two tabs open meets themselves by name too.

import { element } from "./element.js";
import { studio } from "./store.js";

const names = new Intl.ListFormat("en-GB", { type: "conjunction" });

export function showPeople(place = document.getElementById("studio-status")) {
  const line = element("p", { class: "people" });
  place.append(line);
  studio.on("people", (people) => {
    const others = people.filter((someone) => !someone.me);
    line.textContent = sentence(others);
    for (const zone of document.querySelectorAll("#words [data-zone]")) showIn(zone, others);
  });
}

const nameOf = ({ name, person_id }) => (person_id === studio.state.person.id ? "you, in another tab" : name);
const capitalised = (words) => words.charAt(0).toUpperCase() + words.slice(1);

function sentence(others) {
  const called = [...new Set(others.map(nameOf))];
  if (!called.length) return "";
  const verb = called.length > 1 || called[0].startsWith("you") ? "are" : "is";
  return capitalised(`${names.format(called)} ${verb} here too.`);
}

function showIn(section, others) {
  const slot = section.querySelector(".zone-people");
  const here = [...new Set(others.filter(({ zone }) => zone === section.dataset.zone).map(nameOf))];
  const words = here.length ? capitalised(`${names.format(here)}: writing here`) : "";
  if (slot && slot.textContent !== words) slot.replaceChildren(words ? element("span", { class: "person-here" }, words) : "");
}
