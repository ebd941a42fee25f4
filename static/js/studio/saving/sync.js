// Words to the server, news from it: one request at a time, for as long as the page lives.
//
// What waits is sent at once when the line is idle, and then as fast as the line answers (pace.js). Whatever goes
// wrong, the edits stay in the outbox and are sent again. `sync.standing` says where things stand: saved.js puts it
// into words, signin.js and readonly.js act on it.
//
//   standing  "well" · "line" no answer · "foreign" an answer that is not ours · "busy" the site has trouble ·
//             "signed-out" · "other-person" somebody else is signed in here · "ended" access to the leaflet ended

import { ask, Failure, path } from "../server.js";
import { studio } from "../store.js";
import { hearNews, hearStored, newsPath } from "./hearing.js";
import { outbox } from "./outbox.js";
import { pace } from "./pace.js";
import { tab } from "./tab.js";

const LOOK_AGAIN_MS = 3_000; // until the server says otherwise
const HIDDEN_MS = 30_000;
const ADOPT_MS = 10_000; // how often to see whether a tab was closed before its words were sent
const SLOW_TRY_MS = { "signed-out": 8_000, "other-person": 8_000, ended: 30_000 };
const ENDED = [403, 404];
const NOT_THIS_BATCH = [400, 413, 422];

let timer;
let asking = false;
let wanted = false; // news was asked for while a request was under way: what that one asked is not what is wanted now
let mayAskAt = 0; // performance.now() before which nothing is sent
let lookAt = 0; // and at which news is asked for
let most = undefined; // edits in one request; one by one after a batch was refused whole
let tokensRefused = 0; // one after the other
let freshToken = false; // the last token was refused: ask for another before anything is sent
let adoptedAt = 0;
let mayWrite = true; // false after words were refused because access ended, until somebody tries again

export const sync = {
  standing: "well",
  savedAt: undefined, // the server's time of its last acknowledgement, ISO 8601
  now: undefined, // the server's time of its last answer
  trouble: undefined, // the failure behind a standing that is not well

  start() {
    studio.on("look", () => sync.look());
    for (const [target, name] of [[window, "online"], [window, "focus"], [document, "visibilitychange"]]) {
      target.addEventListener(name, () => sync.again({ gently: true }));
    }
    window.addEventListener("pageshow", (event) => event.persisted && location.reload()); // others took its words up
    sync.look();
  },

  // Something waits in the outbox.
  wake: () => plan(),

  // Ask for news now.
  look() {
    lookAt = 0;
    wanted = asking;
    plan();
  },

  // Try again now, whatever the waits were.
  again({ gently = false } = {}) {
    pace.forget();
    if (!gently) outbox.retry();
    if (!gently || document.hidden || sync.standing !== "well") mayAskAt = 0;
    mayWrite = true;
    sync.look();
    if (document.hidden) turn(); // before the page is put to sleep
    else outbox.adopt();
  },
};

function plan() {
  if (asking) return;
  clearTimeout(timer);
  const now = performance.now();
  const waits = canSend() && outbox.next({ most }).length > 0;
  const when = Math.max(mayAskAt, waits ? now : lookAt);
  timer = setTimeout(turn, Math.max(0, when - now));
}

const HALTS = ["signed-out", "other-person", "ended"]; // until news says that it is over
const canSend = () => mayWrite && !freshToken && !HALTS.includes(sync.standing);

async function turn() {
  if (asking) return;
  asking = true;
  clearTimeout(timer);
  const batch = canSend() ? outbox.next({ most }) : [];
  const began = performance.now();
  try {
    await (batch.length ? send(batch) : hear());
    mayAskAt = performance.now() + pace.answered(performance.now() - began);
  } catch (failure) {
    if (!(failure instanceof Failure)) reportError(failure);
    mayAskAt = performance.now() + fail(failure, batch);
  }
  asking = false;
  if (wanted) lookAt = 0;
  wanted = false;
  studio.tell("standing", sync.standing);
  plan();
}

async function send(batch) {
  const from = outbox.deviceOf(batch);
  batch.forEach(outbox.sent);
  const said = await ask(path("/edits"), {
    method: "POST",
    body: {
      tab: from,
      at_zone: zoneHere(),
      cursor: studio.state.cursor ?? 0,
      look: studio.look,
      proof: knownProof(),
      edits: batch.map(({ entry: { record } }) => ({
        op_id: record.op_id,
        zone: record.zone,
        value: record.value ?? null,
        base_version: record.base,
        step: record.step,
        act: record.act,
        of: record.of,
      })),
    },
  });
  if (!Array.isArray(said.results)) throw new Failure("foreign");
  const results = new Map(said.results.map((result) => [result.op_id, result]));
  for (const each of batch) {
    const result = results.get(each.entry.record.op_id);
    if (!result) continue;
    if (result.outcome === "stored") hearStored(each.entry.record, result.version, said.at);
    outbox.settle(each, result);
  }
  most = undefined;
  tokensRefused = 0;
  well(said.at);
  sync.savedAt = said.at;
  if (from !== tab) delete said.news?.people; // they were told to a tab that is closed
  heard(said.news);
}

async function hear() {
  if (performance.now() - adoptedAt > ADOPT_MS) {
    adoptedAt = performance.now();
    await outbox.adopt();
  }
  const news = await ask(newsPath(zoneHere()));
  if (!news.person) throw new Failure("foreign");
  heard(news);
}

function heard(news) {
  lookAt = performance.now() + (document.hidden ? HIDDEN_MS : (news?.look_again_ms ?? LOOK_AGAIN_MS));
  if (!news) return;
  freshToken = false;
  well(news.at);
  if (news.person && news.person.id !== studio.state.person.id) sync.standing = "other-person";
  else if (!mayWrite) sync.standing = "ended";
  hearNews(news, { ours: sync.standing === "well" });
}

function well(at) {
  Object.assign(sync, { standing: "well", trouble: undefined, now: at });
}

// What a failure means, and how long to wait before the next request.
function fail(failure, batch) {
  sync.trouble = failure;
  lookAt = 0;
  if (failure.code === "csrf") {
    freshToken = true;
    tokensRefused += 1;
    return tokensRefused > 2 ? SLOW_TRY_MS["signed-out"] : 0;
  }
  if (failure.kind === "signed-out") return settled("signed-out");
  if (ENDED.includes(failure.status)) {
    mayWrite &&= !batch.length;
    return settled("ended");
  }
  if (batch.length && failure.kind === "refused" && NOT_THIS_BATCH.includes(failure.status)) {
    return split(failure, batch);
  }
  sync.standing = failure.kind === "line" || failure.kind === "foreign" ? failure.kind : "busy";
  return pace.failed();
}

function settled(standing) {
  sync.standing = standing;
  return SLOW_TRY_MS[standing];
}

// A whole request was refused. Sent one by one, the edit at fault is found, and takes no other with it.
function split(failure, batch) {
  sync.standing = "well";
  if (batch.length === 1) {
    outbox.settle(batch[0], { outcome: "refused", message: failure.message, remedy: failure.remedy });
  }
  most = 1;
  return pace.failed();
}

// What the stage was told last, so that a save is not answered with the same again: numbers of [asked, shown].
const knownProof = () => (studio.state.proof ? [studio.state.proof.id, studio.state.proof.shown?.id ?? 0] : null);

const zoneHere = () => document.activeElement?.closest?.("[data-zone]")?.dataset.zone ?? "";
