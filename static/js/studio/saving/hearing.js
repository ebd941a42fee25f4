// What the server said last, taken apart. Words of others go into fields, but never over words that are on their way
// from here, or that wait beside others for somebody to choose.

import { path } from "../server.js";
import { studio } from "../store.js";
import { same } from "../text/same.js";
import { outbox } from "./outbox.js";
import { tab } from "./tab.js";

const PARTS = ["messages", "proof", "people", "conflicts", "shelf", "plan", "problems", "comments", "approval"]; // told under these names

const theirs = new Map(Object.entries(studio.state.words)); // zone → the newest words that the server told us of
const told = new Map(); // part → what was told last, as text: nobody is told the same twice

export const newsPath = (zone) =>
  path(`/news?${new URLSearchParams({ tab, zone, cursor: studio.state.cursor ?? 0, look: studio.look ?? "" })}`);

// `ours`: the answer is for the person whose page this is. Another person's is only told, and changes no word.
export function hearNews(news, { ours }) {
  if (ours) {
    studio.state.csrf = news.csrf;
    studio.state.cursor = Math.max(studio.state.cursor ?? 0, news.cursor);
    for (const [zone, words] of Object.entries(news.words ?? {})) {
      if (words.version >= (theirs.get(zone)?.version ?? 0)) theirs.set(zone, words);
    }
    follow(Object.keys(news.words ?? {}), news.conflicts);
  }
  studio.tell("news", news);
  for (const part of ours ? PARTS : []) {
    if (!(part in news)) continue;
    const text = JSON.stringify(news[part]);
    if (told.get(part) === text) continue;
    told.set(part, text);
    studio.tell(part, news[part]);
  }
}

// The server stored words of ours.
export function hearStored({ zone, value }, version, at) {
  if (version > (theirs.get(zone)?.version ?? 0)) theirs.set(zone, { value, version, at });
}

function follow(zones, conflicts) {
  for (const zone of zones) {
    const words = theirs.get(zone);
    if (!outbox.isBusy(zone) && words.version > outbox.reached(zone)) outbox.follow(zone, words);
  }
  for (const zone of conflicts ? studio.words.keys() : []) {
    const beside = outbox.beside(zone);
    if (beside === undefined || outbox.isSending(zone)) continue;
    const waits = conflicts.some((each) => each.zone === zone && same(each.offered, beside));
    if (!waits && theirs.has(zone)) outbox.follow(zone, theirs.get(zone)); // somebody chose
  }
}
