// The studio's parts, put together. Each part listens to the store and owns one place on the page.

import { build as buildFields } from "./fields.js";
import * as head from "./head.js";
import * as stage from "./stage.js";
import { studio } from "./store.js";

globalThis.studio = studio; // for tests and for whoever helps somebody by telephone

buildFields();

head.build();
stage.build();
