// The way to copies and places, and what only some leaflets need: the places of a family, words that the template has
// no zone for, a newer version. Those are loaded when there is something to show.

import { element } from "../element.js";
import { studio } from "../store.js";

export async function build() {
  const { state } = studio;
  const next = document.querySelector(".studio-next");
  next?.append(element("p", {}, element("a", { href: state.copies_url }, "Duplicate it, or make it for several places")));
  if (state.places.length) (await import("./siblings.js")).build();
  if (state.leftover.length || (state.newer && state.may.edit)) (await import("./leftover.js")).build();
}
