// The studio's parts, put together. Each part listens to the store and owns one place on the page.

import { studio } from "./store.js";

globalThis.studio = studio; // for tests and for whoever helps somebody by telephone
