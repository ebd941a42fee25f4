// The studio's parts, put together. Each part listens to the store and owns one place on the page.

import { build as buildFields } from "./fields.js";
import * as glance from "./glance.js";
import * as head from "./head.js";
import { outbox } from "./outbox.js";
import * as problems from "./problems.js";
import { showSaved } from "./saved.js";
import * as stage from "./stage.js";
import { studio } from "./store.js";
import { sync } from "./sync.js";

globalThis.studio = studio; // for tests and for whoever helps somebody by telephone

// First what was typed before and never arrived, so that the fields show it; the outbox hears of every edit first.
await outbox.open(() => {
  sync.wake();
  studio.tell("outbox");
});
showSaved();
buildFields();
head.build();
stage.build();
glance.build();
problems.build();
sync.start();
