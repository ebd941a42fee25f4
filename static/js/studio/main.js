// The studio's parts, put together. Each part listens to the store and owns one place on the page.

import * as checklist from "./checklist.js";
import { showConflicts } from "./conflicts.js";
import * as copies from "./copies.js";
import { watchForPictures } from "./dropping.js";
import * as examples from "./examples.js";
import { build as buildFields } from "./fields.js";
import * as glance from "./glance.js";
import * as head from "./head.js";
import { outbox } from "./outbox.js";
import { showPeople } from "./people.js";
import * as problems from "./problems.js";
import * as reading from "./reading.js";
import { watchAccess } from "./readonly.js";
import * as room from "./room.js";
import { showSaved } from "./saved.js";
import { watchSignIn } from "./signin.js";
import * as stage from "./stage.js";
import { studio } from "./store.js";
import { offerStrangers } from "./strangers.js";
import { sync } from "./sync.js";
import * as undo from "./undo.js";
import * as wordsTools from "./words_tools.js";

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
  checklist.build,
  examples.build,
  copies.build,
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
