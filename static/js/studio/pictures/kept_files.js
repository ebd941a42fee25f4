// Files that somebody chose and that have not arrived yet, kept in IndexedDB: a closed tab or a dead battery loses none.
//
// Record: {id, campaign, leaflet, person, zone, over, file, name, picture, at}
//   zone     where it is to be placed, or null for the shelf alone
//   over     the picture that stood there when it was chosen (its hash, or null): a newer choice is not written over
//   picture  what it became (its hash), once all of it is there; `file` is empty then

import { openDB } from "../../../vendor/idb-8.0.4/idb.js";

const FILES = "files";
const LONGEST_MS = 2000; // a browser that keeps nothing sometimes never says so

let opening;

const open = () =>
  (opening ??= openDB("leaflets-pictures", 1, {
    upgrade: (fresh) => fresh.createObjectStore(FILES, { keyPath: "id" }),
  }));

// Every function answers false, or nothing, where the device keeps nothing: the file is then sent while the page lives.
export function keepFile(record) {
  const kept = open().then((db) => db.put(FILES, record)).then(() => true, () => false);
  return Promise.race([kept, new Promise((resolve) => setTimeout(resolve, LONGEST_MS, false))]);
}

export async function forgetFile(id) {
  try {
    await (await open()).delete(FILES, id);
  } catch {
    // it was never kept
  }
}

export async function isKept(id) {
  try {
    return (await (await open()).getKey(FILES, id)) !== undefined;
  } catch {
    return true;
  }
}

export async function keptFiles() {
  try {
    return await (await open()).getAll(FILES);
  } catch {
    return [];
  }
}
