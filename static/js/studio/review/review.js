// What others say about the leaflet, in the studio: a way to comment at each zone, at a point of a page and on the
// whole. Comments themselves are drawn by threads.js, loaded once there is one.

import { announce } from "../announce.js";
import { element, unseen } from "../element.js";
import { studio } from "../store.js";
import * as asked from "./asked.js";

let drawing; // threads.js on its way, or there

export function build(place = document.getElementById("comments")) {
  asked.build();
  if (!studio.state.may.comment) return;
  for (const zone of studio.zones.values()) if (!zone.is_system) comment(zone);
  place.append(
    element("div", { class: "comment-list", id: "comment-list" }),
    element(
      "p",
      { class: "comment-ways" },
      element("button", { type: "button", class: "quiet", onclick: () => write({}) }, "Comment on the whole leaflet"),
      element("button", { type: "button", class: "quiet", onclick: point }, "Comment on a point of the page"),
    ),
    element("div", { id: "comment-new" }),
  );
  studio.on("comments", show);
  show(studio.state.comments);
}

function comment(zone) {
  const open = element("button", { type: "button", class: "quiet zone-comment", onclick: () => write({ zone: zone.key }) }, "Comment", unseen(` on ${zone.label}`));
  document.querySelector(`#zone-${CSS.escape(zone.key)} > .zone-head`)?.append(open);
}

async function threads() {
  try {
    return await (drawing ??= import("./threads.js"));
  } catch {
    drawing = undefined;
    announce("Comments cannot be shown: there is no connection. Try again in a moment.");
  }
}

async function show(comments) {
  if (comments?.length || drawing) (await threads())?.show(comments);
}

const write = async (where) => (await threads())?.write(where);
const point = async () => (await threads())?.point();
