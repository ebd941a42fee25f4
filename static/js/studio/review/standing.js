// How the leaflet stands with its approvers: in a line at the head, with what is to be done about it beside the page,
// and at each zone that an office is asked for. Said by the server (leaflets/web/studio/approval.py) with the news.

import { announce } from "../announce.js";
import { element } from "../element.js";
import { hearNews, newsPath } from "../saving/hearing.js";
import { outbox } from "../saving/outbox.js";
import { ask, Failure, path } from "../server.js";
import { studio } from "../store.js";

const MARKS = { passed: "✓", asked: "!", changed: "↻", waits: "…", "will-wait": "…" };
const DONE_WAIT_MS = 8000; // for words on their way, before they are sent for approval
const ONCE_CHANGED = "Once it is changed, send it again: what was passed stays passed."; // asked.js says what is asked
const CHANGED = { state: "changed", words: "Changed since it was sent" };

let now = studio.state.approval;
let steps = studio.state.checklist ?? [];
let openSteps = null; // what the server said is left, when somebody pressed all the same

export function build() {
  studio.on("approval", (newest) => show(newest));
  studio.on("edit", ({ zone }) => unsettle(zone));
  studio.on("news", ({ checklist }) => {
    if (!checklist || JSON.stringify(checklist) === JSON.stringify(steps)) return;
    steps = checklist;
    panel();
  });
  show(now);
}

function show(newest) {
  if (!newest) return;
  if (newest.where !== now?.where) openSteps = null;
  now = studio.state.approval = newest;
  head();
  panel();
  nextStep();
  atZones();
}

// What leads to print: an order, or what has to come before it.
function nextStep() {
  for (const link of document.querySelectorAll("[data-next]")) {
    link.hidden = !now.next;
    if (!now.next) continue;
    link.href = now.next.url;
    link.textContent = now.next.words;
  }
  for (const said of document.querySelectorAll("[data-waits]")) said.hidden = Boolean(now.next);
}

// A change of words that were sent is told here before the server has heard of it.
function unsettle(zone) {
  const known = now?.zones[zone];
  if (!known || !["passed", "waits"].includes(known.state)) return;
  now = { ...now, zones: { ...now.zones, [zone]: CHANGED } };
  atZones();
}

function head() {
  const place = document.getElementById("studio-approval");
  place.hidden = !now.sentence || !["waiting", "approved", "returned", "changed"].includes(now.where);
  const to = now.asked.length ? "#asked" : now.url;
  place.replaceChildren(element("a", { href: to, class: `standing-${now.where}` }, brief()));
}

function brief() {
  if (now.where === "changed") return "Changed since it was sent.";
  if (now.where !== "returned") return now.sentence;
  return now.asked.length ? "Sent back: a change is asked for." : "Sent back; not sent again yet.";
}

const left = () => steps.filter((step) => step.state !== "done" && step.key !== "ready");

function panel() {
  const place = document.getElementById("approval");
  place.hidden = !now?.sentence;
  if (place.hidden) return;
  const note = place.querySelector("textarea");
  const focused = place.contains(document.activeElement) ? document.activeElement.dataset.does : undefined;
  const isLeft = left().length > 0;
  const kept = note ? { value: note.value, open: note.closest("details").open } : { value: "", open: false };
  place.replaceChildren(
    ...[
      element("p", { class: "approval-words" }, now.asked.length ? ONCE_CHANGED : now.sentence),
      now.may_send ? sending(isLeft, kept) : undefined,
      now.may_take_back
        ? element("button", { type: "button", class: "quiet", "data-does": "back", onclick: takeBack }, "Take it back")
        : undefined,
      element("a", { href: now.url, class: "small" }, "What was passed, and by whom"),
      element("p", { class: "fault", role: "alert", id: "approval-fault", hidden: true }),
    ].filter(Boolean),
  );
  place.className = `approval ${now.where}${now.may_send && !isLeft ? " ready" : ""}`;
  if (focused) place.querySelector(`[data-does="${focused}"]`)?.focus();
}

function sending(isLeft, kept) {
  const again = ["returned", "changed"].includes(now.where);
  const words = openSteps ? "Send it anyway" : again ? "Send it again" : "Send for approval";
  return element(
    "div",
    { class: "approval-send" },
    openSteps
      ? element("p", { class: "small" }, `Not done yet: ${left().map((step) => step.label.toLowerCase()).join(", ") || openSteps}.`)
      : undefined,
    element("button", { type: "button", class: isLeft ? "" : "first", "data-does": "send", onclick: send }, words),
    element(
      "details",
      { open: kept.open },
      element("summary", {}, "Say something to the office"),
      element("label", { class: "unseen", htmlFor: "approval-note" }, "What you say to the office"),
      element("textarea", { id: "approval-note", rows: 2, maxLength: 1000, value: kept.value, "data-does": "note" }),
    ),
  );
}

async function send() {
  const button = document.querySelector('#approval [data-does="send"]');
  button.disabled = true;
  try {
    await arrived();
    hearNews(await ask(newsPath("")), { ours: true });
    const note = document.getElementById("approval-note")?.value ?? "";
    const body = { content: now.content, note, anyway: openSteps !== null };
    const said = await ask(path("/approval/send.json"), { method: "POST", body });
    openSteps = null;
    studio.tell("approval", said.approval);
    announce(said.approval.sentence);
  } catch (failure) {
    if (failure.code === "steps-open") {
      openSteps = failure.message;
      panel();
      document.querySelector('#approval [data-does="send"]')?.focus();
      announce(failure.message);
      return;
    }
    fault(failure, "It is not sent yet: the line is away. Try again in a moment.");
  }
}

async function takeBack() {
  try {
    const said = await ask(path("/approval/take-back.json"), { method: "POST", body: {} });
    studio.tell("approval", said.approval);
    announce("Taken back. What was passed stays passed.");
  } catch (failure) {
    fault(failure, "It is not taken back: the line is away. Try again in a moment.");
  }
}

function fault(failure, away) {
  panel();
  const place = document.getElementById("approval-fault");
  place.textContent = ["refused", "busy"].includes(failure.kind) && failure.message ? `${failure.message} ${failure.remedy}` : away;
  place.hidden = false;
}

// Every word typed is on the server, or it is not sent yet.
async function arrived() {
  const end = Date.now() + DONE_WAIT_MS;
  while (outbox.count() && Date.now() < end) await new Promise((done) => setTimeout(done, 100));
  if (outbox.count()) throw new Failure("line");
}

function atZones() {
  for (const zone of studio.zones.keys()) {
    const place = document.querySelector(`#zone-${CSS.escape(zone)} > .zone-head`);
    const said = now?.zones[zone];
    let mark = place?.querySelector(".zone-standing");
    if (!said || !place) {
      mark?.remove();
      continue;
    }
    if (!mark) place.append((mark = element("span", { class: "zone-standing" })));
    mark.className = `zone-standing ${said.state}`;
    mark.replaceChildren(element("span", { class: "zone-standing-mark", "aria-hidden": "true" }, MARKS[said.state] ?? ""), ` ${said.words}`);
  }
}
