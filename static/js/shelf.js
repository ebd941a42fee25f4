// The page of a campaign's pictures: files chosen or dropped here go the way of the studio's, in pieces and with a kept
// copy, instead of in one form that a bad line would break. What has arrived appears on the shelf.

import { arrivals } from "./studio/pictures/arrivals.js";
import { watchForPictures } from "./studio/pictures/dropping.js";
import { address } from "./studio/pictures/shelf.js";
import { ask } from "./studio/server.js";
import { studio } from "./studio/store.js";

const ASK_AGAIN_MS = 8000;

const form = document.getElementById("add-pictures");
const input = form.querySelector("input[type=file]");
const signIn = document.getElementById("sign-in-again");
let asking;

form.querySelector("button").hidden = true; // what is chosen goes at once
input.addEventListener("change", () => {
  arrivals.add([...input.files], null);
  input.value = "";
});

studio.on("arrivals", (all) => {
  for (const { id } of all.filter(({ state }) => state === "shelved")) {
    queueMicrotask(() => arrivals.dismiss(id)); // when all have heard of this one
    freshen();
  }
});

// The shelf as it is now, in the place of the one on the page.
async function freshen() {
  const answer = await fetch(location.href).catch(() => undefined);
  if (!answer?.ok) return;
  const now = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("shelf");
  if (now) document.getElementById("shelf").replaceWith(now);
}

// An upload was refused for want of a sign-in or of a fresh token: say so, until the same person is signed in again.
studio.on("look", async function look() {
  clearTimeout(asking);
  const { person } = await ask(`${address()}/shelf`).catch(() => ({}));
  const ours = person?.id === studio.state.person.id;
  if (ours) studio.state.csrf = person.csrf;
  signIn.hidden = ours;
  studio.tell("standing", ours ? "well" : "signed-out");
  if (!ours) asking = setTimeout(look, ASK_AGAIN_MS);
});

watchForPictures(form);
