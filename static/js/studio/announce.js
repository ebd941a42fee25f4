// One sentence for people who do not see that something changed; the newest replaces the one before.

import { element } from "./element.js";

let place;

export function announce(words) {
  if (!place) {
    place = element("p", { class: "unseen", role: "status" });
    document.getElementById("content").append(place);
  }
  place.textContent = "";
  setTimeout(() => (place.textContent = words), 50); // the same words twice are said twice
}
