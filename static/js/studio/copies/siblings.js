// One leaflet for several places: the way from one to another above the words, and at each zone whose words they are.

import { element } from "../element.js";
import { studio } from "../store.js";

const named = (member) => member.place || "The main leaflet";

export function build() {
  const { places, local, copies_url: url } = studio.state;
  const here = places.find((member) => member.here);
  document.querySelector(".studio-side")?.prepend(
    element(
      "details",
      { class: "places" },
      element("summary", {}, `${named(here)} `, element("span", { class: "soft" }, `· one of ${places.length} places`)),
      element(
        "ul",
        { class: "plain" },
        places.map((member) =>
          element(
            "li",
            {},
            element("a", { href: member.url, ...(member.here ? { "aria-current": "page" } : {}) }, named(member)),
          ),
        ),
        element("li", {}, element("a", { href: url }, "Add places, choose what they share")),
      ),
    ),
  );
  for (const zone of studio.zones.values()) if (!zone.is_system) mark(zone.key, local.includes(zone.key), here);
}

function mark(zone, isLocal, here) {
  const words = isLocal ? `Only ${here.place || "here"}` : `Shared: changes all ${studio.state.places.length}`;
  const chip = element("a", { class: `whose ${isLocal ? "own" : "shared"}`, href: `${studio.state.copies_url}#zones` }, words);
  document.querySelector(`#zone-${CSS.escape(zone)} > .zone-head`)?.append(chip);
}
