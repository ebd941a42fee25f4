// The sign-in ended while somebody was writing. A panel says so and offers a link by mail, a passkey or the field for a
// link, without leaving the page and without taking the keys: who types on types on, and it is kept on this device. A
// link that is opened in another tab signs this one in too: the next look at the server finds it so. When another
// person has signed in here, nothing is sent before somebody has said whose words they are.

import { hasPasskeys, show } from "../../signing/passkey.js";
import { element } from "../element.js";
import { ask, Failure } from "../server.js";
import { studio } from "../store.js";
import { outbox } from "./outbox.js";
import { sync } from "./sync.js";
import { showUnsent } from "./unsent.js";

let panel; // the open panel
let shown = ""; // for which standing
let before; // where the caret was: {field, start, end} or {field, range}
let newcomer; // who is signed in here now, when that is somebody else
let countWaiting = () => {}; // what the open panel says of words that wait, said anew

export function watchSignIn() {
  studio.on("news", (news) => {
    newcomer = news.person;
  });
  studio.on("standing", follow);
  studio.on("outbox", () => countWaiting());
  document.getElementById("words").addEventListener("focusout", ({ target }) => remember(target));
}

function follow(standing) {
  const wanted = ["signed-out", "other-person"].includes(standing) ? standing : "";
  if (wanted === shown) return;
  const had = panel?.contains(document.activeElement);
  panel?.remove();
  panel = undefined;
  countWaiting = () => {};
  shown = wanted;
  if (wanted === "signed-out") open(signedOut());
  if (wanted === "other-person") open(otherPerson());
  if (!wanted && had) backToCaret();
}

// Open, and not by `showModal()`, which would take the caret away from whoever is writing.
function open(parts) {
  panel = element("dialog", { class: "sign-in-panel", "aria-labelledby": "sign-in-panel", open: true }, ...parts);
  document.body.append(panel);
}

function signedOut() {
  const id = "sign-in-again";
  const fault = element("p", { class: "fault", role: "alert", hidden: true });
  const plain = { autocomplete: "one-time-code", autocapitalize: "none", spellcheck: false };
  const input = element("input", { id, name: "code", required: true, ...plain });
  const ways = element("p", { class: "actions" });
  const demo = element("div", { class: "sign-in-demo" });
  const form = element(
    "form",
    {
      onsubmit: (event) => {
        event.preventDefault();
        enter("/sign-in", { code: input.value }, fault);
      },
    },
    element("label", { htmlFor: id }, "Your sign-in link"),
    input,
    element("p", { class: "actions" }, element("button", {}, "Sign in")),
  );
  offer(ways, form, demo, fault);
  return [
    element("div", { role: "alert" }, element("h2", { id: "sign-in-panel" }, "Your sign-in has ended")),
    element("p", {}, "Write on: every word is kept on this device, and goes out when you are signed in again."),
    ways,
    fault,
    element(
      "p",
      { class: "small" },
      "Or ",
      element("a", { href: "/sign-in", target: "_blank", rel: "noopener" }, "sign in in another tab"),
      ": this page then goes on by itself.",
    ),
    form,
    demo,
  ];
}

// The ways in that this site and this browser have.
async function offer(ways, form, demo, fault) {
  const door = await knock();
  const mail = element("button", { type: "button", class: "first" }, "Send me a link");
  mail.addEventListener("click", () => askForLink(mail, fault));
  const key = element("button", { type: "button", onclick: () => showPasskey(fault) }, "Use a passkey");
  ways.append(...(door?.mail ? [mail] : []), ...(door?.passkeys && hasPasskeys() ? [key] : []));
  if (!door?.mail) form.querySelector("button").classList.add("first");
  offerDemo(door, demo, fault);
}

async function askForLink(button, fault) {
  const { email } = studio.state.person;
  const sent = await trying(fault, () =>
    ask("/sign-in/link", { method: "POST", body: { email, next: location.pathname } }),
  );
  if (!sent) return;
  button.textContent = "Send another link";
  button.classList.remove("first");
  const note = `A link is on its way to ${email}. Open it in this browser, or paste it below.`;
  panel?.querySelector(".sign-in-asked")?.remove();
  button.closest(".actions").after(element("p", { class: "sign-in-asked", role: "status" }, note));
}

async function showPasskey(fault) {
  const credential = await trying(fault, async () => show(await ask("/sign-in/passkey/ask", { method: "POST" })));
  if (credential) await enter("/sign-in/passkey", { credential }, fault);
}

function offerDemo(door, place, fault) {
  if (!door?.demo?.length) return;
  const people = [...door.demo].sort((one, other) => isMe(other) - isMe(one));
  const options = people.map(({ id, name }) => element("option", { value: id }, name));
  const choice = element("select", { id: "sign-in-as" }, ...options);
  const go = element(
    "button",
    { type: "button", onclick: () => enter("/sign-in/demo", { person: Number(choice.value) }, fault) },
    "Sign in as this person",
  );
  const label = element("label", { htmlFor: "sign-in-as" }, "This is a demonstration: or be");
  place.append(label, choice, element("p", { class: "actions" }, go));
}

const isMe = ({ id }) => Number(id === studio.state.person.id);
const knock = () => ask("/sign-in").catch(() => undefined);

async function enter(url, body, fault) {
  const said = await trying(fault, async (door) => door?.person ?? ask(url, { method: "POST", body }));
  if (said) sync.again();
}

// Do it with a fresh token, for whoever is signed out has none, or an old one; say in the panel when it fails.
async function trying(fault, what) {
  fault.hidden = true;
  const door = await knock();
  if (door) studio.state.csrf = door.csrf;
  try {
    return await what(door);
  } catch (failure) {
    const said = failure.kind === "refused" || failure.status === 429 || !(failure instanceof Failure);
    fault.textContent = said
      ? [failure.message, failure.remedy].filter(Boolean).join(" ")
      : "There is no connection. Try again soon.";
    fault.hidden = false;
    return undefined;
  }
}

function otherPerson() {
  const me = studio.state.person.name;
  const now = newcomer.name;
  const button = (label, onclick, more) => element("button", { type: "button", onclick, ...more }, label);
  const waits = element("span", { role: "status" });
  const send = button(`Send the words of ${me} as ${now}`, () => goOnAs(true));
  const copy = button("Copy the words", () => showUnsent());
  countWaiting = () => {
    const none = outbox.count() === 0;
    const words = none ? "" : `Words that ${me} typed wait on this device. Nothing of them is sent without a yes.`;
    if (waits.textContent !== words) waits.textContent = words;
    send.hidden = none;
    copy.hidden = none;
  };
  countWaiting();
  return [
    element("div", { role: "alert" }, element("h2", { id: "sign-in-panel" }, `${now} is signed in here now`)),
    element("p", {}, `This page was opened by ${me}. `, waits),
    element(
      "p",
      { class: "actions" },
      button(`Go on as ${now}`, () => goOnAs(false), { class: "first" }),
      send,
      copy,
    ),
    element("p", { class: "small" }, `Or sign in as ${me} in another tab: this page then goes on by itself.`),
  ];
}

// Another person's page: what they may and whose words are whose is the server's to say, so it is opened anew.
async function goOnAs(take) {
  if (take) await outbox.giveAll(newcomer);
  outbox.leave();
  location.reload();
}

function remember(field) {
  const picked = getSelection();
  const range = field.isContentEditable && picked.rangeCount ? picked.getRangeAt(0).cloneRange() : undefined;
  before = { field, range, start: field.selectionStart, end: field.selectionEnd };
}

function backToCaret() {
  if (!before?.field.isConnected) return;
  const { field, range, start, end } = before;
  field.focus();
  if (range) {
    getSelection().removeAllRanges();
    getSelection().addRange(range);
  } else if (typeof start === "number") field.setSelectionRange(start, end);
}
