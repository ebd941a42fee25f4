// The campaign's pictures as the server knows them, read when first asked for and again whenever news says that
// something about them changed. Told to the store as `pictures`. Whoever waits for one asks `soon` to look sooner.

import { ask } from "../server.js";
import { studio } from "../store.js";

const SOON_MS = 600;

let known = new Map(); // hash → picture, the newest first; see leaflets/web/picture/picture_view.py
let fingerprint;
let reading;
let soon;

export const shelf = {
  get pictures() {
    return [...known.values()];
  },
  get isRead() {
    return fingerprint !== undefined;
  },
  find: (hash) => known.get(hash),

  // Read it anew; several who ask at once share one answer. Rejects with a Failure.
  read() {
    reading ??= ask(`${address()}/shelf`)
      .then((said) => {
        known = new Map(said.pictures.map((picture) => [picture.picture, picture]));
        fingerprint = said.fingerprint;
        studio.tell("pictures", shelf.pictures);
      })
      .finally(() => (reading = undefined));
    return reading;
  },

  soon() {
    soon ??= setTimeout(() => {
      soon = undefined;
      shelf.read().catch(() => {});
    }, SOON_MS);
  },
};

export const address = () => `/campaigns/${studio.state.leaflet.campaign.id}/pictures`;

studio.on("shelf", (newest) => {
  if (shelf.isRead && newest !== fingerprint) shelf.read().catch(() => {}); // the next news asks again
});
