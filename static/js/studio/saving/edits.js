// The database of edits that no server has acknowledged: its name and form. What a record holds says device.js; who
// keeps it, tab.js.

import { openDB } from "../../../vendor/idb-8.0.4/idb.js";

export const EDITS = "edits";

export const openEdits = (more) =>
  openDB("leaflets-studio", 1, {
    upgrade: (fresh) => fresh.createObjectStore(EDITS, { keyPath: "id" }).createIndex("leaflet", "leaflet"),
    ...more,
  });

// The lock that a tab holds for as long as it lives.
export const lockOf = (tab) => `leaflets-tab-${tab}`;
