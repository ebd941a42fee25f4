// This tab: its name, new each time the page opens, and a lock that is held for as long as the page lives. Whoever
// can take the lock of another tab knows that it was closed. Browsers without Web Locks go by age (see device.js).

import { lockOf } from "./edits.js";

export const randomName = (bytes = 12) =>
  Array.from(crypto.getRandomValues(new Uint8Array(bytes)), (byte) => byte.toString(16).padStart(2, "0")).join("");

export const tab = randomName();
export const tabBefore = swapped(); // what this tab was called before it was loaded again, or undefined

function swapped() {
  try {
    const before = sessionStorage.getItem("leaflets-tab");
    sessionStorage.setItem("leaflets-tab", tab);
    return before ?? undefined;
  } catch {
    return undefined; // a browser that keeps nothing
  }
}

const locks = navigator.locks; // only in a secure context

// Hold the lock of this tab until the page goes. Resolves when it is held.
export const live = () =>
  new Promise((held) => {
    if (!locks) return held();
    locks
      .request(lockOf(tab), () => {
        held();
        return new Promise(() => {});
      })
      .catch(held);
  });

// Run `then` while the lock of a closed tab is held, so that only one tab takes up what it left. `asleep_ms` is how
// long nothing was heard of it. Answers whether it was closed.
export async function ifClosed(name, asleep_ms, then) {
  if (!locks) {
    if (asleep_ms < 60_000) return false;
    await then();
    return true;
  }
  return locks.request(lockOf(name), { ifAvailable: true }, async (lock) => {
    if (lock) await then();
    return Boolean(lock);
  });
}
