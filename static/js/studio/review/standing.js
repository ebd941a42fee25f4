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
const SENDING = "Sending…";
const ONCE_CHANGED = "Once it is changed, send it again: what was passed stays passed."; // asked.js says what is asked
const CHANGED = { passed: "Changed since it was passed", waits: "Changed since it was sent" };

let now = studio.state.approval;
let steps = studio.state.checklist ?? [];
let openSteps = null; // what the server said is left, when somebody pressed all the same
let isSending = false;

export function build() {
  studio.on("approval", (newest) => show(newest));
  studio.on("edit", ({ zone }) => unsettle(zone));
  studio.on("news", ({ checklist }) => {
    if (!checklist || JSON.stringify(checklist) === JSON.stringify(steps)) return;
    steps = checklist;
    if (!left().length) openSteps = null;
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

// What leads to print: an order, or what has to come before it. Sending is done where it stands, with one click.
function nextStep() {
  for (const place of document.querySelectorAll("[data-next]")) {
    const sends = now.next?.url === "#approval" && now.may_send;
    const text = JSON.stringify([now.next, sends, isSending]);
    if (place.dataset.next === text) continue;
    const looks = { className: place.className, hidden: !now.next, "data-next": text };
    const step = sends
      ? element("button", { ...looks, type: "button", "aria-disabled": String(isSending), onclick: send }, isSending ? SENDING : now.next.words)
      : element("a", { ...looks, href: now.next?.url ?? "#approval" }, now.next?.words ?? "");
    place.replaceWith(step);
  }
  for (const said of document.querySelectorAll("[data-waits]")) said.hidden = Boolean(now.next);
}

// A change of words that were sent is told here before the server has heard of it.
function unsettle(zone) {
  const known = now?.zones[zone];
  if (!CHANGED[known?.state]) return;
  now = { ...now, zones: { ...now.zones, [zone]: { state: "changed", words: CHANGED[known.state] } } };
  atZones();
}

function head() {
  const place = document.getElementById("studio-approval");
  place.hidden = !now.sentence || !["waiting", "approved", "returned", "changed"].includes(now.where);
  const to = now.asked.length ? "#asked" : now.url;
  place.replaceChildren(element("a", { href: to, class: `standing-${now.where}` }, now.brief));
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
        ? element("button", { type: "button", class: "quiet", "data-does": "back", onclick: (event) => isSecond(event) || takeBack() }, "Take it back")
        : undefined,
      element("a", { href: now.url, class: "small" }, "What was passed, and by whom"),
      element("p", { class: "fault", role: "alert", id: "approval-fault", hidden: true }),
    ].filter(Boolean),
  );
  place.className = `approval ${now.where}${now.may_send && !isLeft ? " ready" : ""}`;
  if (focused) (place.querySelector(`[data-does="${focused}"]`) ?? place.querySelector("a")).focus();
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
    element(
      "button",
      {
        type: "button",
        class: isLeft || now.asked.length ? "" : "first",
        "data-does": "send",
        "aria-disabled": String(isSending),
        onclick: (event) => (openSteps ? isSecond(event) || deliver({ anyway: true }) : deliver()),
      },
      isSending ? SENDING : words,
    ),
    element(
      "details",
      { open: kept.open },
      element("summary", {}, "Say something to the office"),
      element("label", { class: "unseen", htmlFor: "approval-note" }, "What you say to the office"),
      element("textarea", { id: "approval-note", rows: 2, maxLength: 1000, value: kept.value, "data-does": "note" }),
    ),
  );
}

// With one click, from wherever the way to print is offered. What is left is said where it can be sent all the same.
export function send() {
  if (openSteps) toPanel();
  else deliver();
}

async function deliver({ anyway = false } = {}) {
  if (isSending) return;
  waitFor(true);
  try {
    await arrived();
    hearNews(await ask(newsPath("")), { ours: true });
    const note = document.getElementById("approval-note")?.value ?? "";
    const said = await ask(path("/approval/send.json"), { method: "POST", body: { content: now.content, note, anyway } });
    openSteps = null;
    isSending = false;
    settled(said.approval, said.approval.sentence);
  } catch (failure) {
    if (failure.code === "steps-open") openSteps = failure.message;
    waitFor(false);
    if (openSteps) {
      toPanel();
      announce(openSteps);
    } else {
      fault(failure, "It is not sent yet: there is no connection. Try again in a moment.");
    }
  }
}

function waitFor(isOnItsWay) {
  isSending = isOnItsWay;
  panel();
  nextStep();
}

async function takeBack() {
  try {
    const said = await ask(path("/approval/take-back.json"), { method: "POST", body: {} });
    settled(said.approval, "Taken back. What was passed stays passed.");
  } catch (failure) {
    fault(failure, "It is not taken back: there is no connection. Try again in a moment.");
  }
}

// The deadline and what is left to do follow with the news, which is asked for at once.
function settled(approval, words) {
  studio.tell("approval", approval);
  studio.tell("look");
  announce(words);
}

function toPanel() {
  const button = document.querySelector('#approval [data-does="send"]');
  button?.scrollIntoView({ block: "center" });
  button?.focus({ preventScroll: true });
}

// The other half of a double click was for the button that stood here before.
const isSecond = (event) => event.detail > 1;

function fault(failure, away) {
  panel();
  const place = document.getElementById("approval-fault");
  place.textContent = ["refused", "busy"].includes(failure.kind) && failure.message ? `${failure.message} ${failure.remedy}` : away;
  place.hidden = false;
  place.scrollIntoView({ block: "nearest" });
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
