// The studio's parts, put together. Each part listens to the store and owns one place on the page.

import * as copies from "./copies/copies.js";
import { build as buildFields } from "./fields/fields.js";
import * as checklist from "./guide/checklist.js";
import * as examples from "./guide/examples.js";
import * as problems from "./guide/problems.js";
import * as reading from "./guide/reading.js";
import * as room from "./guide/room.js";
import * as head from "./head.js";
import * as undo from "./history/undo.js";
import * as messages from "./messages/messages.js";
import { watchForPictures } from "./pictures/dropping.js";
import * as review from "./review/review.js";
import * as standing from "./review/standing.js";
import { showConflicts } from "./saving/conflicts.js";
import { outbox } from "./saving/outbox.js";
import { showPeople } from "./saving/people.js";
import { watchAccess } from "./saving/readonly.js";
import { showSaved } from "./saving/saved.js";
import { watchSignIn } from "./saving/signin.js";
import { offerStrangers } from "./saving/strangers.js";
import { sync } from "./saving/sync.js";
import * as glance from "./stage/glance.js";
import * as stage from "./stage/stage.js";
import { studio } from "./store.js";
import * as wordsTools from "./words/menu.js";

globalThis.studio = studio; // for tests and for whoever helps somebody by telephone

// First what was typed before and never arrived, so that the fields show it; the outbox hears of every edit first.
await outbox.open(() => {
  sync.wake();
  studio.tell("outbox");
});

// In this order on the page. A part that breaks takes no other with it: words are kept whatever else goes wrong.
const PARTS = [
  showSaved,
  showPeople,
  head.build,
  buildFields,
  stage.build,
  showConflicts,
  watchSignIn,
  watchAccess,
  room.build,
  reading.build,
  undo.build,
  wordsTools.build,
  glance.build,
  problems.build,
  standing.build,
  checklist.build,
  examples.build,
  messages.build,
  copies.build,
  review.build,
  watchForPictures,
  sync.start,
  offerStrangers,
];
for (const start of PARTS) {
  try {
    start();
  } catch (error) {
    reportError(error);
  }
}
