// The sign-in page: passkeys, an organisation's own way in for the address that is typed, and, once somebody has signed
// in with the link in another tab of this browser, on by itself. Without this script its forms do the same but for
// passkeys.

import { ask, doing } from "./asking.js";
import { hasPasskeys, offersByItself, show } from "./passkey.js";

const LOOK_EVERY_MS = 3_000;
const TYPED_MS = 400;

const door = document.getElementById("door");
const fault = document.getElementById("passkey-fault");
const button = document.getElementById("passkey");
const email = document.getElementById("email");
const waysOf = document.getElementById("ways-of-address");
let csrf = document.querySelector("input[name=csrf_token]").value;
let waiting; // the browser's own offer of passkeys, which a click on the button has to end

if (button && hasPasskeys()) {
  button.closest("[hidden]").hidden = false;
  button.addEventListener("click", () => doing(button, fault, () => enter()));
  offer();
}
if (email && waysOf) watchAddress();
if (door.dataset.asked) watchOtherTabs();

// In the field for the address, where the browser does that; an answer that is not good is said like any other.
async function offer() {
  if (!email || !(await offersByItself())) return;
  await enter({ byItself: true }).catch((failure) => {
    fault.textContent = failure.message;
    fault.hidden = false;
  });
}

async function enter({ byItself = false } = {}) {
  waiting?.abort();
  const mine = new AbortController();
  waiting = mine;
  const asked = await ask("/sign-in/passkey/ask", { token: csrf });
  if (mine.signal.aborted) return;
  const credential = await show(asked, { byItself, signal: mine.signal });
  if (credential) goOn(await ask("/sign-in/passkey", { token: csrf, body: { credential } }));
}

// Somebody is signed in now: what they had typed before goes along, else on to where they were going.
function goOn(signedIn) {
  csrf = signedIn.csrf;
  const held = document.getElementById("held");
  if (!held) {
    location.assign(door.dataset.next);
    return;
  }
  held.elements.csrf_token.value = csrf;
  held.submit();
}

function watchAddress() {
  let timer;
  let last = "";
  email.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(look, TYPED_MS);
  });

  async function look() {
    const domain = email.value.trim().split("@")[1] ?? "";
    if (domain === last) return;
    last = domain;
    const { ways } = domain.includes(".")
      ? await ask(`/sign-in/ways?${new URLSearchParams({ email: `x@${domain}`, next: door.dataset.next })}`).catch(
          () => ({ ways: [] }),
        )
      : { ways: [] };
    waysOf.replaceChildren(...ways.map(({ name, path }) => wayIn(name, path)));
  }
}

function wayIn(name, path) {
  const link = document.createElement("a");
  Object.assign(link, { className: "button", href: path, textContent: `Sign in with ${name}` });
  const line = document.createElement("p");
  line.append(link);
  return line;
}

// The link may be opened in another tab of this browser: then this one goes on by itself.
function watchOtherTabs() {
  setInterval(async () => {
    if (document.hidden) return;
    const signedIn = await ask("/sign-in").catch(() => ({}));
    if (signedIn.person) goOn(signedIn);
  }, LOOK_EVERY_MS);
}
