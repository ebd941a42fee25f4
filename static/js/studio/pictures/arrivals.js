// Pictures on their way: chosen, kept on the device, sent, prepared by a worker, and then put where they were meant to
// stand. One that was chosen offline, or before the tab was closed, goes on by itself.
//
// An arrival: {id, zone, over, file, name, kept, state, share, message, remedy, picture}; `kept` says whether this device
// holds a copy; state is
//   "next" it waits its turn · "sending" and what keeps it from going on (see upload.js) · "preparing" ·
//   "refused" with message and remedy · "beside" it is on the shelf, because somebody chose another one meanwhile ·
//   "shelved" it is on the shelf, as it was meant to be
// `arrived(zone, picture)` of whoever owns the zone's field places it; all changes are told as `arrivals`.

import { randomName } from "../saving/tab.js";
import { Failure } from "../server.js";
import { studio } from "../store.js";
import { forgetFile, isKept, keepFile, keptFiles } from "./kept_files.js";
import { shelf } from "./shelf.js";
import { send } from "./upload.js";

const AT_ONCE = 2;
const MEGABYTE = 1_000_000;

const under_way = new Map(); // id → arrival
const places = new Map(); // zone → function that places a picture there
let busy = 0;

export const arrivals = {
  of: (zone) => [...under_way.values()].filter((arrival) => arrival.zone === zone),

  placesFor(zone, place) {
    places.set(zone, place);
    next();
  },

  // Take files for a zone, or for the shelf (`zone` null). Several at once are for the shelf.
  async add(files, zone = null) {
    const to = files.length > 1 ? null : zone;
    for (const file of files) {
      const arrival = {
        id: randomName(),
        zone: to,
        over: to ? (studio.words.get(to)?.value?.picture ?? null) : null,
        file,
        name: file.name || "Pasted picture",
        state: "next",
        share: 0,
      };
      for (const { id, state } of to ? arrivals.of(to) : []) if (["refused", "beside"].includes(state)) arrivals.dismiss(id);
      under_way.set(arrival.id, arrival);
      const wrong = unfit(file);
      if (wrong) change(arrival, { state: "refused", ...wrong });
      else arrival.kept = await keepFile(record(arrival));
    }
    tell();
    next();
  },

  // Go on with what this device kept for this leaflet and this person.
  async resume() {
    for (const kept of await keptFiles()) {
      const { leaflet, person } = studio.state;
      const ours = kept.campaign === leaflet.campaign.id && kept.person === person.id;
      if (!ours || (kept.zone && kept.leaflet !== leaflet.id) || under_way.has(kept.id)) continue;
      const zone = studio.zones.has(kept.zone) ? kept.zone : null;
      under_way.set(kept.id, { ...kept, zone, kept: true, state: "next", share: 0 });
    }
    tell();
    next();
  },

  dismiss(id) {
    under_way.delete(id);
    forgetFile(id);
    tell();
  },
};

const record = ({ id, zone, over, file, name }) => ({
  id,
  zone,
  over,
  file,
  name,
  campaign: studio.state.leaflet.campaign.id,
  leaflet: studio.state.leaflet.id,
  person: studio.state.person.id,
  at: Date.now(),
});

const tell = () => studio.tell("arrivals", [...under_way.values()]);

function change(arrival, news) {
  Object.assign(arrival, news);
  tell();
}

// What can be told before a byte is sent.
function unfit(file) {
  const most = studio.state.upload_mb;
  if (file.size > most * MEGABYTE) {
    const found = Math.max(most + 1, Math.round(file.size / MEGABYTE));
    return {
      message: `${file.name} is ${found} MB, and ${most} MB is the most we take.`,
      remedy: "Save the photo as a JPEG at high quality: it will be much smaller and print just as well.",
    };
  }
  if (file.size > 0) return undefined;
  return { message: `${file.name} is empty: it holds 0 bytes.`, remedy: "Copy it again from the phone or camera." };
}

function next() {
  for (const arrival of under_way.values()) {
    if (busy >= AT_ONCE) return;
    if (arrival.state !== "next" || (arrival.zone && !places.has(arrival.zone))) continue;
    busy += 1;
    change(arrival, { state: arrival.picture ? "preparing" : "sending" });
    alone(arrival.id, () => bring(arrival)).finally(() => {
      busy -= 1;
      next();
    });
  }
}

// Two tabs of one leaflet both know of a kept file: one of them sends it, the other sees that it is done.
const alone = (id, then) => (navigator.locks ? navigator.locks.request(`leaflets-picture-${id}`, then) : then());

async function bring(arrival) {
  if (arrival.at && !(await isKept(arrival.id))) {
    under_way.delete(arrival.id); // another tab has brought it
    return tell();
  }
  try {
    arrival.picture ??= await sent(arrival);
    change(arrival, { state: "preparing" });
    await prepared(arrival);
  } catch (fault) {
    if (!(fault instanceof Failure)) reportError(fault);
    change(arrival, { state: "refused", message: fault.message, remedy: fault.remedy ?? "Choose it once more." });
  }
  await forgetFile(arrival.id);
}

async function sent(arrival) {
  const { file, name } = arrival;
  const named = file.name ? file : new File([file], name, { type: file.type });
  const picture = await send(named, (now) => change(arrival, { state: now.kind, share: now.share }));
  await keepFile({ ...record(arrival), file: null, picture }); // a reload from here on sends nothing again
  return picture;
}

// Until a worker has looked at it; then it is put where it was meant to be.
async function prepared(arrival) {
  const found = await fit(arrival.picture);
  if (found.state === "refused") throw new Failure("refused", { message: found.reason });
  if (!arrival.zone) return change(arrival, { state: "shelved" });
  const stands = studio.words.get(arrival.zone)?.value?.picture ?? null;
  if (stands !== arrival.over && stands !== arrival.picture) return change(arrival, { state: "beside" });
  under_way.delete(arrival.id);
  tell();
  if (stands !== arrival.picture) places.get(arrival.zone)(found);
}

function fit(hash) {
  return new Promise((resolve) => {
    const look = () => {
      const found = shelf.find(hash);
      if (found && found.state !== "received") {
        ears.delete(look);
        resolve(found);
      } else shelf.soon();
    };
    ears.add(look);
    look();
  });
}

const ears = new Set();
studio.on("pictures", () => [...ears].forEach((look) => look()));
setInterval(() => ears.size && shelf.soon(), 2000); // a look that failed is made up for
