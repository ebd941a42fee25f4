// Every edit on its way to the server: in memory as chains, on the device as records (device.js says what of).
//
// A chain is what was typed into one zone, in order. Its first edit may be on its way; one that was ever sent is never
// changed, because the server may have it. The newest one, not yet sent, takes in what is typed next within the same
// step, under a new op_id. An edit's base is the version that the one before it reaches, known when that is answered.
// Here and now each zone has one chain that its field continues (`current`); what a closed tab left of the same zone
// and cannot be continued is a chain of its own (`left`), sent first and by itself.

import { studio } from "../store.js";
import { device } from "./device.js";
import { randomName, tab, tabBefore } from "./tab.js";

const MOST_EDITS = 50;
const MOST_CHARACTERS = 400_000; // in one request, so that a bad line gets something across

const current = new Map(); // zone → chain
const left = []; // chains that no field continues
const closed = new Set([tabBefore]); // tabs of which we know that they are closed
let number = 0;
let adopting = false;

const mine = (record) => record.person.id === studio.state.person.id;
const chains = () => [...left, ...current.values()];

// What a closed tab left goes out under that tab's name: it stands beside the words of this one, not in their place.
const deviceOf = (chain) => (left.includes(chain) ? chain.entries[0].record.device : tab);

// A chain: `reached` is the version that its next edit changes, `beside` the words of its own that wait beside newer
// ones for somebody to choose (undefined: none).
const chainOf = (zone, entries = []) => ({
  zone,
  entries,
  reached: entries[0]?.base ?? studio.words.get(zone)?.version ?? 0,
  beside: undefined,
});

function currentOf(zone) {
  if (!current.has(zone)) current.set(zone, chainOf(zone));
  return current.get(zone);
}

export const outbox = {
  // Take up what closed tabs left, before the fields are made. `changed` is called when an edit can be sent, and when
  // the device's trouble changes.
  async open(changed) {
    outbox.changed = changed;
    await device.open(changed);
    await outbox.adopt({ opening: true });
    studio.on("edit", add);
  },

  changed: () => {},

  // What can be sent now, oldest first, one edit of each zone: the version that the next one changes is not known yet.
  next({ most = MOST_EDITS } = {}) {
    const batch = new Map();
    let characters = 0;
    for (const chain of chains()) {
      const [entry] = chain.entries;
      if (!entry || entry.refused || batch.has(chain.zone) || batch.size >= most) continue;
      const tried = entry.tried === entry.record.op_id || device.trouble === "broken";
      if (!tried) continue; // first on the device, where that can be, then on its way
      const from = deviceOf(chain);
      if (batch.size && from !== deviceOf([...batch.values()][0].chain)) continue;
      characters += JSON.stringify(entry.record.value)?.length ?? 0;
      if (batch.size && characters > MOST_CHARACTERS) break;
      batch.set(chain.zone, { chain, entry });
    }
    return [...batch.values()];
  },

  deviceOf: ([first]) => deviceOf(first.chain),

  // From now on the server may have it: never changed again.
  sent({ entry }) {
    entry.sent = true;
  },

  // What became of an edit that was sent.
  settle({ chain, entry }, { outcome, version, message, remedy }) {
    if (chain.entries[0] !== entry) return;
    if (outcome === "refused" && chain.entries.length === 1) {
      entry.refused = { message, remedy };
      return;
    }
    chain.entries.shift();
    const { zone, value, base, id } = entry.record;
    chain.reached = outcome === "stored" ? version : base;
    if (outcome !== "refused") chain.beside = outcome === "conflict" ? value : undefined;
    const [next] = chain.entries;
    if (next) Object.assign(next.record, { base: chain.reached, after: null });
    device.settle(id, next && { ...next.record });
    if (current.get(zone) === chain) {
      studio.words.set(zone, { ...studio.words.get(zone), version: chain.reached });
    } else if (!next) {
      left.splice(left.indexOf(chain), 1);
      if (outcome === "stored" && !outbox.isBusy(zone)) outbox.follow(zone, { value, version });
    }
  },

  // Try again what was refused: after a new sign-in, or because somebody wants to.
  retry() {
    for (const { entries } of chains()) for (const entry of entries) entry.refused = undefined;
  },

  // Whether words of this zone are on their way or wait beside others: then words from elsewhere do not replace them.
  isBusy: (zone) => Boolean(current.get(zone)?.entries.length || current.get(zone)?.beside !== undefined),
  isSending: (zone) => Boolean(current.get(zone)?.entries.length),
  beside: (zone) => current.get(zone)?.beside,

  // The field of the zone shows these words of the server from now on: the next edit changes them.
  follow(zone, words) {
    Object.assign(currentOf(zone), { reached: words.version, beside: undefined });
    studio.hear(zone, words);
  },

  reached: (zone) => currentOf(zone).reached,

  // Everything that no server has: [{zone, value, refused, kept}], the newest of each chain.
  unsent() {
    return chains()
      .filter(({ entries }) => entries.length)
      .map(({ zone, entries }) => {
        const { record, refused, kept } = entries.at(-1);
        return { zone, value: record.value, refused, kept };
      });
  },

  isClosed: (name) => closed.has(name),

  count: () => chains().reduce((sum, { entries }) => sum + entries.length, 0),

  // Take up what closed tabs left of this leaflet and this person. While the page opens, its fields continue them.
  async adopt({ opening = false } = {}) {
    if (adopting) return 0;
    adopting = true;
    const records = await device.adopt(studio.state.leaflet.id, mine);
    adopting = false;
    for (const entries of linked(records)) {
      const { zone, device: from } = entries[0].record;
      closed.add(from);
      const before = current.get(zone);
      if (before?.entries.length && opening) left.push(before);
      const chain = chainOf(zone, entries);
      if (!opening && (outbox.isBusy(zone) || chain.reached < currentOf(zone).reached)) {
        left.push(chain);
        continue;
      }
      current.set(zone, chain);
      const { value } = entries.at(-1).record;
      studio.hear(zone, { ...studio.words.get(zone), version: chain.reached, value });
    }
    if (records.length) outbox.changed();
    return records.length;
  },

  // What other people left here unsent, by person: [{person, records}]. Never sent without a yes.
  async strangers() {
    const people = new Map();
    for (const record of await device.orphans(studio.state.leaflet.id)) {
      if (mine(record)) continue;
      const { person } = record;
      if (!people.has(person.id)) people.set(person.id, { person, records: [] });
      people.get(person.id).records.push(record);
    }
    return [...people.values()];
  },

  // Somebody else goes on with this page, and said yes to sending what waits in it.
  giveAll: (person) => device.give(chains().flatMap(({ entries }) => entries.map((entry) => entry.record)), person),

  // The page is left on purpose: what waits stays on the device, and nobody has to be warned.
  leave() {
    current.clear();
    left.length = 0;
  },

  // They said yes: the words go out as whoever is signed in.
  async take(records) {
    await device.give(records, studio.state.person);
    return outbox.adopt();
  },
};

// Records as chains: each begins with one that knows its base, and the others follow by `after`.
function linked(records) {
  const after = new Map(records.filter((record) => record.base === null).map((record) => [record.after, record]));
  const ids = new Set(records.map((record) => record.id));
  return records
    .filter((record) => record.base !== null || !ids.has(record.after))
    .map((record) => {
      const entries = [];
      for (let next = record; next; next = after.get(next.id)) {
        entries.push({ record: next, sent: true, kept: true, tried: next.op_id });
      }
      entries[0].record.base ??= 0;
      return entries;
    });
}

function add({ zone, value, step = "", act, of }) {
  const chain = currentOf(zone);
  const last = chain.entries.at(-1);
  const goesOn = last && !last.sent && last.record.step === step && last.record.act === "typed" && act === "typed";
  if (goesOn) {
    Object.assign(last.record, { value, op_id: randomName(), at: Date.now() });
    keep(last);
    return;
  }
  const instead = last?.refused ? chain.entries.pop().record : undefined; // this one is what the person made of it
  const before = instead ? undefined : last?.record;
  number += 1;
  const record = {
    id: `${tab}.${number}`,
    leaflet: studio.state.leaflet.id,
    person: { id: studio.state.person.id, name: studio.state.person.name },
    device: tab,
    keeper: tab,
    zone,
    value,
    op_id: randomName(),
    base: before ? null : (instead?.base ?? chain.reached),
    after: before?.id ?? null,
    step,
    act,
    of,
    at: Date.now(),
  };
  const entry = { record, sent: false, kept: false, tried: "" };
  chain.entries.push(entry);
  keep(entry, instead?.id);
}

// `kept`: the words as they are now are on the device. `tried`: the op_id of the last attempt that ended, well or not.
async function keep(entry, instead) {
  const { op_id } = entry.record;
  const writing = device.keep({ ...entry.record }, instead);
  outbox.changed();
  const kept = await writing;
  entry.tried = op_id;
  if (entry.record.op_id === op_id) entry.kept = kept;
  outbox.changed();
}
