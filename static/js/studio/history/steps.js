// What can be undone and redone here: the steps made on this page, and under them those that the server reads from the
// log, also from other days and devices. A step is taken back in place only while its zones still hold what it left
// there; where somebody else has written since, its words are to be found in the history instead.

import { outbox } from "../saving/outbox.js";
import { ask, path } from "../server.js";
import { studio } from "../store.js";
import { same } from "../text/same.js";

const LONGEST_MS = 2500; // somebody has pressed a key

// A step: {id, act, changes: Map(zone → {before, after})}. The last of each list is the next one.
let undo = [];
let redo = [];
let older; // where older steps begin on the server; undefined: not asked yet, null: there are none
let overtaken = {}; // zone → who wrote over words of this person there
const untold = new Set(); // those of these zones that nobody was told of
let stale = true; // the server may know of steps that are not here
let made = 0; // counts changes, so that an answer from before one is not taken

const MOST_PAGES = 8; // read in one go where all steps on them were written over

const held = new Map(); // zone → what it held last, so that a change knows what was there before
const writers = new Map(); // zone → who wrote there last, if it was elsewhere

export const steps = {
  changed: () => {},

  open(changed) {
    steps.changed = changed;
    for (const [zone, { value }] of studio.words) held.set(zone, value);
    studio.on("edit", record);
    studio.on("words", ({ zone, value, by }) => {
      if (same(held.get(zone), value)) return;
      held.set(zone, value);
      writers.set(zone, by);
      stale = true;
    });
  },

  // The step that would be next, if it is known: for what a button says.
  next: (act) => (act === "undo" ? undo : redo).at(-1),
  // Whether there may be one.
  hasMore: (act) => Boolean(steps.next(act)) || (act === "undo" && older !== null),

  // Take the next step back, or do it again: {step, zone}; {by, zone} where somebody else wrote since; or nothing.
  async move(act) {
    if (stale || !steps.next(act)) await read();
    const from = act === "undo" ? undo : redo;
    const step = from.pop();
    steps.changed();
    if (!step) return lost();
    const [now, then] = act === "undo" ? ["after", "before"] : ["before", "after"];
    for (const [zone, change] of step.changes) {
      if (same(studio.words.get(zone)?.value, change[now])) continue;
      overtaken[zone] ??= writers.get(zone) ?? "";
      undo = undo.filter(({ changes }) => !changes.has(zone));
      redo = redo.filter(({ changes }) => !changes.has(zone));
      steps.changed();
      return lost(zone);
    }
    const id = `${act}-${made}-${Math.random().toString(36).slice(2)}`;
    (act === "undo" ? redo : undo).push(step);
    for (const [zone, change] of step.changes) studio.edit(zone, change[then], { step: id, act, of: step.id });
    steps.changed();
    return { step, zone: [...step.changes.keys()][0] };
  },

  // Ask the server, when everything of here is there: at the beginning, and when the steps of here run out.
  read: () => read(),
};

function lost(zone = [...untold][0]) {
  untold.delete(zone);
  return zone === undefined ? undefined : { zone, by: overtaken[zone] };
}

function record({ zone, value, step, act }) {
  const before = held.get(zone) ?? null;
  held.set(zone, value);
  made += 1;
  if (act === "undo" || act === "redo") return;
  redo = [];
  const last = undo.at(-1);
  const change = last?.changes.get(zone);
  const goesOn = last?.id === step && (!change || same(change.after, before));
  if (!goesOn) undo.push({ id: step, act, changes: new Map([[zone, { before, after: value }]]) });
  else if (change) change.after = value;
  else last.changes.set(zone, { before, after: value });
  steps.changed();
}

async function read(pages = MOST_PAGES) {
  if (outbox.count()) return; // the server does not know yet what was done here; the steps of here are the newest
  const before = made;
  const more = !stale && older; // the next page; else everything anew
  if (!stale && older === null) return;
  try {
    const signal = AbortSignal.timeout(LONGEST_MS);
    const said = await ask(path(`/steps${more ? `?before=${more}` : ""}`), { signal });
    if (made !== before) return;
    const found = said.undo.map(stepOf).reverse();
    if (more) undo = [...found.filter(isFree), ...undo];
    else {
      undo = found;
      redo = said.redo.map(stepOf).reverse();
      overtaken = said.overtaken;
      for (const zone of Object.keys(overtaken)) untold.add(zone);
    }
    older = said.older;
    stale = false;
  } catch {
    return; // what was done on this page can be undone without a line
  }
  steps.changed();
  if (!undo.length && older !== null && pages > 1) await read(pages - 1);
}

const stepOf = ({ id, act, changes }) => ({
  id,
  act,
  changes: new Map(changes.map(({ zone, before, after }) => [zone, { before, after }])),
});
const isFree = ({ changes }) => ![...changes.keys()].some((zone) => Object.hasOwn(overtaken, zone));
