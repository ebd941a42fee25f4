// A page with its name under it, and with what is not on it yet: zones that are still empty have no place to point at.

import { element } from "../element.js";
import { studio } from "../store.js";

export const CAPTION_PX = 36; // what a caption of one line takes

const WITHOUT_PLACE = ["choice"]; // these change how the page looks, and stand nowhere on it

// one: what paper() gave. Gives the same with a figure around its element.
export function captioned(one, ...name) {
  const absent = element("span", { class: "absent" });
  const figure = element("figure", {}, one.element, element("figcaption", {}, ...name, absent));
  const show = (shown) => {
    one.show(shown);
    if (shown) tell(absent, empties(shown, one.box));
  };
  return { ...one, figure, show };
}

const panels = studio.state.leaflet.format.panels;

function empties(shown, box) {
  const within = (panel) =>
    panel.side === box.side && panel.x_mm >= box.x_mm - 0.01 && panel.x_mm < box.x_mm + box.width_mm - 0.01;
  const here = panels.filter(within).map((panel) => panel.key);
  const placed = new Set(shown.places.map((place) => place.zone));
  return [...studio.zones.values()].filter(
    (zone) => here.includes(zone.panel) && !placed.has(zone.key) && !zone.is_system && !WITHOUT_PLACE.includes(zone.kind),
  );
}

function tell(place, zones) {
  const now = zones.map((zone) => zone.key).join(" ");
  if (place.dataset.zones === now) return;
  place.dataset.zones = now;
  const lead = (zone) => () => studio.tell("go", { zone, from: "page" });
  place.replaceChildren(
    ...(zones.length ? [" Not on it yet: "] : []),
    ...zones.flatMap((zone, at) => [
      at ? ", " : "",
      element("button", { type: "button", class: "quiet", onclick: lead(zone.key) }, zone.label),
    ]),
  );
}
