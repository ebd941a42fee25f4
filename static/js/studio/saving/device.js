// What this device keeps: the edits that no server has acknowledged yet, in IndexedDB, one record an edit.
//
// Record: {id, leaflet, person: {id, name}, device, keeper, zone, value, op_id, base, after, step, act, of, at}
//   id       the tab that made it and its number there: never changes
//   keeper   the tab that sends it: the one that made it, or the one that took it up after that was closed
//   base     the version of the zone that it changes, or null: the one that the record `after` will reach
//   at       when it was written, for people to read and for browsers without locks; it orders nothing
//
// Each write is committed in the same task as the key that caused it: a tab that is closed at once has still written.
// A device that cannot keep anything says why in `device.trouble`: "missing", "full" or "broken".

import { EDITS, openEdits } from "./edits.js";
import { ifClosed, live, tab } from "./tab.js";

const LONGEST_OPENING_MS = 2_000;
const OPEN_AGAIN_MS = 10_000;
const LONGEST_WRITE_MS = 3_000;

let db; // the open database; undefined while there is none
let connecting; // the attempt to open it, shared by all who wait
let triedAt = -Infinity;
let hear = () => {};

export const device = {
  trouble: "",

  // Open it. `changed` is called whenever `trouble` changes. A database that does not open in time is left alone.
  async open(changed) {
    hear = changed;
    await live();
    await connect();
  },

  // Keep a record, and forget another that it replaces. Resolves to whether it is kept.
  keep: (record, instead) =>
    write((store) => {
      if (instead) store.delete(instead);
      store.put(record);
    }),

  // Forget a record that the server has, and keep the one after it with the version that was reached.
  settle: (id, next) =>
    write((store) => {
      store.delete(id);
      if (next) store.put(next);
    }),

  // Every record of a leaflet that closed tabs left, whoever wrote it.
  async orphans(leaflet) {
    const found = [];
    await eachClosed(leaflet, (records) => found.push(...records));
    return found;
  },

  // Of those, take up what `fits` says is ours to send. Resolves to the records taken up.
  async adopt(leaflet, fits) {
    const taken = [];
    await eachClosed(leaflet, async (records) => taken.push(...(await takeUp(records.filter(fits)))));
    return taken;
  },

  // Give records to another person, who said yes to it.
  give: (records, person) =>
    write((store) => {
      for (const record of records) store.put({ ...record, person });
    }),
};

function connect() {
  if (!globalThis.indexedDB) return trouble("missing");
  if (performance.now() - triedAt < OPEN_AGAIN_MS) return connecting;
  triedAt = performance.now();
  connecting = openEdits({
    blocking: () => close(),
    terminated: () => close(),
  }).then((opened) => {
    db = opened;
    trouble("");
  }, failed);
  const late = new Promise((resolve) => setTimeout(resolve, LONGEST_OPENING_MS));
  connecting = Promise.race([connecting, late.then(() => db || device.trouble || trouble("broken"))]);
  return connecting;
}

function close() {
  db?.close();
  db = undefined;
  triedAt = -Infinity;
}

// `then` with the records of each closed tab, while no other tab can take them up.
async function eachClosed(leaflet, then) {
  if (!db) return;
  try {
    const found = (await db.getAllFromIndex(EDITS, "leaflet", leaflet)).filter(({ keeper }) => keeper !== tab);
    for (const keeper of new Set(found.map((record) => record.keeper))) {
      const asleep_ms = Date.now() - Math.max(...found.filter((one) => one.keeper === keeper).map(({ at }) => at));
      await ifClosed(keeper, Math.abs(asleep_ms), async () => {
        const left = await db.getAllFromIndex(EDITS, "leaflet", leaflet); // as it is now, with the lock held
        await then(left.filter((record) => record.keeper === keeper));
      });
    }
  } catch (fault) {
    failed(fault);
  }
}

async function takeUp(records) {
  const taken = records.map((record) => ({ ...record, keeper: tab }));
  await commit(({ put }) => taken.forEach(put));
  return taken;
}

// One transaction, asked for and committed before anything else can happen to the page.
async function write(change) {
  for (const another of [true, false]) {
    try {
      if (!db) await connect();
      if (!db) return false;
      const kept = await inTime(commit(change));
      if (kept) trouble(""); // what is full may still be emptied: that proves nothing
      return true;
    } catch (fault) {
      if (!another || fault?.name !== "InvalidStateError") return failed(fault);
      close(); // the browser closed it under us: once more with a new one
    }
  }
}

const inTime = (done) =>
  Promise.race([done, new Promise((_, late) => setTimeout(late, LONGEST_WRITE_MS, new Error("too slow")))]);

// Resolves to whether anything was put.
async function commit(change) {
  const transaction = db.transaction(EDITS, "readwrite", { durability: "relaxed" });
  const unheard = () => {}; // what fails one request fails the transaction, which is heard below
  let puts = 0;
  change({
    put(record) {
      puts += 1;
      transaction.store.put(record).catch(unheard);
    },
    delete: (id) => transaction.store.delete(id).catch(unheard),
  });
  transaction.commit?.();
  await transaction.done;
  return puts > 0;
}

function failed(fault) {
  trouble(fault?.name === "QuotaExceededError" ? "full" : globalThis.indexedDB ? "broken" : "missing");
  return false;
}

function trouble(kind) {
  if (device.trouble === kind) return;
  device.trouble = kind;
  hear();
}
