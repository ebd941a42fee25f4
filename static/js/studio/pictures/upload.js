// One file to the server, over tus: in pieces, going on where it stopped after a bad line, a reload, or a new sign-in.
//
// `send(file, hear)` resolves to the hash of the picture that it became, and rejects only with a Failure that is final.
// Everything else is waited out; `hear({kind, share})` says what happens meanwhile:
//   "sending" · "line" no answer · "busy" the site has trouble · "signed-out" · "other-person" somebody else is signed
//   in here now; `share` is how much is there, 0..1

import { Failure } from "../server.js";
import { studio } from "../store.js";

const PIECE_BYTES = 2 * 2 ** 20;
const WAITS_MS = [500, 1000, 2000, 4000, 8000, 15_000];
const STALLED_MS = 30_000; // nothing moved for so long: the line is dead, whatever the browser thinks
const GONE = [404, 410];
const PASSING = [0, 401, 408, 409, 423, 429];
const HALTS = ["signed-out", "other-person"];
const PASSING_CODES = ["csrf", "too-many-uploads"];

const waiting = new Set(); // who waits for the line or for a new sign-in
const wake = () => [...waiting].forEach((go) => go());
addEventListener("online", wake);
let standing = "well";
studio.on("standing", (now) => {
  standing = now;
  if (now === "well") wake();
});

const endpoint = () => `/campaigns/${studio.state.leaflet.campaign.id}/uploads`;
const headers = () => ({ Accept: "application/json", "X-CSRFToken": studio.state.csrf });

export async function send(file, hear) {
  for (let tries = 0; !(await tusIsHere(tries)); tries += 1) {
    hear({ kind: "line", share: 0 });
    await patience(wait(tries));
  }
  const upload = new globalThis.tus.Upload(file, {
    endpoint: endpoint(),
    metadata: { filename: file.name, filetype: file.type },
    chunkSize: PIECE_BYTES,
    retryDelays: null, // we wait ourselves, and say why
    removeFingerprintOnSuccess: true,
    onBeforeRequest: (request) => Object.entries(headers()).forEach(([name, value]) => request.setHeader(name, value)),
  });
  const [before] = await upload.findPreviousUploads();
  if (before) upload.resumeFromPreviousUpload(before);
  let share = 0;
  for (let attempt = 0; ; attempt += 1) {
    const moved = (now) => {
      if (now > share) attempt = 0; // the next trouble is a new one
      hear({ kind: "sending", share: (share = now) });
    };
    const outcome = HALTS.includes(standing) ? { kind: standing } : await once(upload, moved);
    if (outcome.picture) return outcome.picture;
    if (outcome.refusal) throw new Failure("refused", outcome.refusal);
    hear({ kind: outcome.kind, share });
    await patience(wait(attempt));
  }
}

const wait = (attempt) => WAITS_MS[Math.min(attempt, WAITS_MS.length - 1)];

// The library is loaded with the first file, and puts itself on the window. A browser remembers an address that it
// could not load a module from: each further try has its own.
async function tusIsHere(tries) {
  if (!globalThis.tus) await import(`../../../vendor/tus-js-client-4.3.1/tus.js${tries ? `?try=${tries}` : ""}`).catch(() => {});
  return Boolean(globalThis.tus);
}

// One run, until it ends or something is in the way: {picture}, {refusal} or {kind}.
async function once(upload, moved) {
  const trouble = await lost(upload);
  if (trouble) return trouble;
  return new Promise((resolve) => {
    let picture;
    let stalled;
    const end = (outcome) => {
      clearTimeout(stalled);
      resolve(outcome);
    };
    const lives = () => {
      clearTimeout(stalled);
      stalled = setTimeout(() => upload.abort().finally(() => resolve({ kind: "line" })), STALLED_MS);
    };
    Object.assign(upload.options, {
      onProgress: (sent, all) => {
        lives();
        moved(all ? sent / all : 0);
      },
      onAfterResponse: (_request, answer) => (picture = answer.getHeader("Leaflets-Picture") || picture),
      onSuccess: () => end(picture ? { picture } : { kind: "busy" }),
      onError: (error) => end(meaning(error, upload)),
    });
    lives();
    upload.start();
  });
}

// tus-js-client begins anew whenever it cannot learn how far an upload has come, even for a sign-in that ended: so we
// ask first, and let it begin anew only when the server has forgotten the upload.
async function lost(upload) {
  if (!upload.url) return undefined;
  let status;
  try {
    const asked = { method: "HEAD", headers: { ...headers(), "Tus-Resumable": "1.0.0" }, cache: "no-store" };
    const answer = await fetch(upload.url, asked);
    status = answer.headers.get("Tus-Resumable") ? answer.status : 0; // else some other site's page
  } catch {
    return { kind: "line" };
  }
  if (GONE.includes(status)) upload.url = null;
  return status === 200 || GONE.includes(status) ? undefined : { kind: kindOf(status) };
}

function meaning(error, upload) {
  const status = error.originalResponse?.getStatus() ?? 0;
  const said = words(error.originalResponse?.getBody());
  if (GONE.includes(status) && error.originalRequest?.getMethod() === "PATCH") upload.url = null; // it was cleared away
  else if (said && status < 500 && !PASSING.includes(status) && !PASSING_CODES.includes(said.code)) return { refusal: said };
  if (said?.code === "csrf") studio.tell("look"); // the news brings a new token
  return { kind: kindOf(said ? status : 0) };
}

function kindOf(status) {
  if (status !== 401) return status === 0 ? "line" : "busy";
  studio.tell("look"); // whoever asks people to sign in notices
  return "signed-out";
}

function words(body) {
  try {
    const said = JSON.parse(body);
    return typeof said.message === "string" ? said : undefined;
  } catch {
    return undefined;
  }
}

// Wait for a while, or until the line or the sign-in is back.
function patience(ms) {
  return new Promise((resolve) => {
    const go = () => {
      clearTimeout(timer);
      waiting.delete(go);
      resolve();
    };
    const timer = setTimeout(go, ms);
    waiting.add(go);
  });
}
