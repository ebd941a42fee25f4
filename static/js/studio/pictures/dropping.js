// Files dropped or pasted anywhere on the page find their zone: the place of a picture on the leaflet, its field, or
// else the shelf. Nothing that is dropped beside its aim makes the browser leave the page. What is meant for the shelf
// is listed at the foot of the page until it is there.

import { element } from "../element.js";
import { studio } from "../store.js";
import { arrivals } from "./arrivals.js";
import { arrivalWords } from "./progress.js";
import { address } from "./shelf.js";

const list = element("ul", { class: "plain", "aria-label": "Pictures on their way to the shelf" });
const shelfLink = element("a", { class: "small" }, "See the shelf");
const foot = element("section", { class: "arrivals", hidden: true }, list, shelfLink);

let over; // the place that lights up

// `after`: what the list stands under on a page that is about pictures; else it stays at the foot of the window.
export function watchForPictures(after) {
  if (!studio.state.may.edit) {
    document.addEventListener("dragover", (event) => hasFiles(event) && event.preventDefault());
    document.addEventListener("drop", (event) => hasFiles(event) && event.preventDefault());
    return;
  }
  shelfLink.href = address();
  shelfLink.hidden = Boolean(after);
  foot.classList.toggle("afloat", !after);
  if (after) after.after(foot);
  else document.getElementById("content").append(foot);
  studio.on("arrivals", show);
  document.addEventListener("dragover", hover);
  document.addEventListener("dragleave", (event) => event.relatedTarget === null && light(undefined));
  document.addEventListener("drop", dropped);
  document.addEventListener("paste", pasted);
  arrivals.resume();
}

const hasFiles = (event) => event.dataTransfer?.types.includes("Files");
const images = (list) => [...(list ?? [])].filter((file) => file instanceof File);

// The place of a picture under the pointer: on the leaflet or among the fields.
function placeAt(target) {
  const place = target instanceof Element ? target.closest("[data-zone]") : null;
  return place && studio.zones.get(place.dataset.zone)?.kind === "picture" ? place : undefined;
}

function hover(event) {
  if (!hasFiles(event)) return;
  event.preventDefault();
  event.dataTransfer.dropEffect = "copy";
  light(placeAt(event.target));
}

function light(place) {
  if (over === place) return;
  over?.classList.remove("dropping");
  over = place;
  over?.classList.add("dropping");
}

function dropped(event) {
  light(undefined);
  if (!hasFiles(event)) return;
  event.preventDefault();
  take(images(event.dataTransfer.files), placeAt(event.target)?.dataset.zone);
}

// A picture alone on the clipboard; one that comes with words is left to the field that takes the words.
function pasted(event) {
  const files = images(event.clipboardData?.files);
  if (!files.length || event.clipboardData.types.includes("text/plain")) return;
  event.preventDefault();
  const here = document.querySelector(".zone.here")?.dataset.zone;
  const zone = placeAt(event.target)?.dataset.zone ?? (studio.zones.get(here)?.kind === "picture" ? here : undefined);
  take(files, zone);
}

function take(files, zone) {
  if (!files.length) return;
  arrivals.add(files, zone ?? null);
  if (zone && files.length === 1) studio.tell("go", { zone, from: "page" });
}

function show(all) {
  const rows = all.filter((arrival) => !arrival.zone).map((arrival) => arrivalWords(arrival));
  list.replaceChildren(...rows);
  foot.hidden = rows.length === 0;
}
