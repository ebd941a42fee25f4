// The sign-in ended while somebody was writing. A panel says so and takes the code of a fresh link, without leaving the
// page and without taking the keys: who types on types on, and it is kept on this device. When another person has
// signed in here, nothing is sent before somebody has said whose words they are.

import { element } from "../element.js";
import { ask } from "../server.js";
import { studio } from "../store.js";
import { outbox } from "./outbox.js";
import { sync } from "./sync.js";
import { showUnsent } from "./unsent.js";

let panel; // the open panel
let shown = ""; // for which standing
let before; // where the caret was: {field, start, end} or {field, range}
let newcomer; // who is signed in here now, when that is somebody else

export function watchSignIn() {
  studio.on("news", (news) => {
    newcomer = news.person;
  });
  studio.on("standing", show);
  document.getElementById("words").addEventListener("focusout", ({ target }) => remember(target));
}

function show(standing) {
  const wanted = ["signed-out", "other-person"].includes(standing) ? standing : "";
  if (wanted === shown) return;
  const had = panel?.contains(document.activeElement);
  panel?.remove();
  panel = undefined;
  shown = wanted;
  if (wanted === "signed-out") open(signedOut());
  if (wanted === "other-person") open(otherPerson());
  if (!wanted && had) backToCaret();
}

// Open, and not by `show()`, which would take the caret away from whoever is writing.
function open(parts) {
  panel = element("dialog", { class: "sign-in-panel", "aria-labelledby": "sign-in-panel", open: true }, ...parts);
  document.body.append(panel);
}

function signedOut() {
  const id = "sign-in-again";
  const fault = element("p", { class: "fault", role: "alert", hidden: true });
  const plain = { autocomplete: "one-time-code", autocapitalize: "none", spellcheck: false };
  const input = element("input", { id, name: "code", required: true, ...plain });
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
    fault,
    element("p", { class: "actions" }, element("button", { class: "first" }, "Sign in")),
  );
  offerDemo(demo, fault);
  return [
    element("div", { role: "alert" }, element("h2", { id: "sign-in-panel" }, "Your sign-in has ended")),
    element(
      "p",
      {},
      "Write on: every word is kept on this device. To save them, paste a fresh sign-in link here, or ",
      element("a", { href: "/sign-in", target: "_blank", rel: "noopener" }, "sign in in another tab"),
      " and come back.",
    ),
    form,
    demo,
  ];
}

async function offerDemo(place, fault) {
  const door = await knock();
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
  fault.hidden = true;
  const door = await knock(); // whoever is signed out has no token, or an old one
  if (door) studio.state.csrf = door.csrf;
  try {
    if (!door?.person) await ask(url, { method: "POST", body });
  } catch (failure) {
    const said = failure.kind === "refused" || failure.status === 429;
    fault.textContent = said ? `${failure.message} ${failure.remedy}` : "There is no line to us. Try again soon.";
    fault.hidden = false;
    return;
  }
  sync.again();
}

function otherPerson() {
  const me = studio.state.person.name;
  const count = outbox.count();
  const words = count ? `Words that ${me} typed wait on this device. Nothing of them is sent without a yes.` : "";
  const button = (label, onclick, more) => element("button", { type: "button", onclick, ...more }, label);
  return [
    element("div", { role: "alert" }, element("h2", { id: "sign-in-panel" }, `${newcomer.name} is signed in here now`)),
    element("p", {}, `This page was opened by ${me}. ${words}`),
    element(
      "p",
      { class: "actions" },
      button(`Go on as ${newcomer.name}`, () => goOnAs(false), { class: "first" }),
      count ? button(`Send the words of ${me} as ${newcomer.name}`, () => goOnAs(true)) : null,
      count ? button("Copy the words", () => showUnsent()) : null,
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
