// The first questions stay on this device, photo and all, until their leaflet is made: through a reload, the Back
// button, a line that is gone and a sign-in that ended. They are sent once: the number `op_id` is kept with them, and
// the server makes one leaflet of one number however often it comes. Whoever types before this script has come over a
// slow line has typed something newer than what waits on the device.

import { openDB } from "../vendor/idb-8.0.4/idb.js";
import { element } from "./studio/element.js";

const form = document.getElementById("questions");
const $ = (id) => document.getElementById(id);
const KEY = `first-leaflet-${form.dataset.keep}`;
const NOT_KEPT = new Set(["csrf_token", "template", "campaign", "op_id"]);
const fields = [...form.elements].filter((field) => field.name && !NOT_KEPT.has(field.name) && field.type !== "file");

const askedFor = new URL(location.href).searchParams; // who comes from a template in a kit's colours has chosen them

let photo = null; // a File: the one chosen, or the one that waited on the device
let made = ""; // the address of the leaflet that these answers made
let sending = false;

// The device ---------------------------------------------------------------------------------------------------------

const shelf = openDB("first-leaflet", 1, { upgrade: (base) => base.createObjectStore("answers") }).catch(() => null);

async function keep() {
  const answers = { op_id: form.elements.op_id.value, made, photo, fields: {} };
  for (const field of fields) if (field.type !== "radio" || field.checked) answers.fields[field.name] = field.value;
  const base = await shelf;
  await base?.put("answers", answers, KEY).catch(() => null);
}

// Puts back what waited, but for what was typed since the page came: that is newer. Resolves to whether there is such.
async function restore() {
  const base = await shelf;
  const kept = await base?.get("answers", KEY).catch(() => null);
  const typed = new Set(fields.filter(isTyped).map((field) => field.name));
  if (!kept) return typed.size > 0 || photo !== null;
  let isNewer = photo !== null && !isSame(photo, kept.photo);
  for (const field of fields) {
    if (!(field.name in kept.fields) || (field.name === "kit" && askedFor.has("kit"))) continue;
    const stands = field.type !== "radio" || field.checked ? field.value : null;
    if (typed.has(field.name)) isNewer ||= stands !== null && stands !== kept.fields[field.name];
    else if (field.type === "radio") field.checked = field.value === kept.fields[field.name];
    else field.value = kept.fields[field.name];
  }
  made = kept.made;
  if (!made) form.elements.op_id.value = kept.op_id;
  if (kept.photo && !photo) showPhoto(kept.photo);
  $("made-before").hidden = !made;
  if (made) $("made-before").querySelector("a").href = made;
  $("kept").textContent = made ? "" : "Your answers of before are here.";
  return isNewer;
}

const isTyped = (field) =>
  field.type === "radio" ? field.checked !== field.defaultChecked : field.value !== field.defaultValue;

const isSame = (file, other) => file.name === other?.name && file.size === other.size;

async function clear() {
  const base = await shelf;
  await base?.delete("answers", KEY).catch(() => null);
  location.reload();
}

// What is shown ------------------------------------------------------------------------------------------------------

function showPhoto(file) {
  photo = file;
  if (!$("photo")) return;
  $("kept-photo").hidden = !file;
  $("kept-photo-image").hidden = true;
  if (!file) return;
  $("kept-photo-name").textContent = file.name;
  drawPhoto(file);
}

// Drawn, not linked: the site's policy lets no picture come from anywhere but the site. A kind of file that this
// browser cannot open (many cannot open HEIC) shows its name alone; the server opens it.
async function drawPhoto(file) {
  const canvas = $("kept-photo-image");
  const picture = await createImageBitmap(file, { resizeWidth: 480, resizeQuality: "medium" }).catch(() => null);
  if (!picture || file !== photo) return;
  canvas.width = picture.width;
  canvas.height = picture.height;
  canvas.getContext("2d").drawImage(picture, 0, 0);
  canvas.hidden = false;
  picture.close();
}

function showKit() {
  const chosen = form.querySelector("[name=kit]:checked");
  if (!chosen) return;
  if ($("shown")) $("shown").src = chosen.dataset.shows;
  // The colours go along to another template, and stay through a reload.
  const others = document.querySelectorAll('.first-shown a[href*="kit="]');
  for (const link of others) link.href = inKit(link.href, chosen.value);
  if (askedFor.has("kit")) history.replaceState(history.state, "", inKit(location.href, chosen.value));
}

function inKit(address, kit) {
  const there = new URL(address);
  there.searchParams.set("kit", kit);
  return there.href;
}

function showCount(field) {
  const most = Number(field.dataset.most);
  const over = field.value.trim().length - most;
  const count = $(`count-${field.name}`);
  count.hidden = over <= 0;
  count.classList.toggle("over", over > 0);
  count.textContent = over > 0 ? `A little long for a heading: ${over} letters fewer would fit.` : "";
}

function showFaults(faults) {
  for (const place of form.querySelectorAll(".fault")) {
    const name = place.id.replace("fault-", "");
    place.hidden = !(name in faults);
    place.textContent = faults[name] ?? "";
    $(name)?.[name in faults ? "setAttribute" : "removeAttribute"]("aria-invalid", "true");
  }
  $(Object.keys(faults)[0])?.focus();
}

function say(words, link) {
  const place = $("send-problem");
  place.hidden = !words;
  place.replaceChildren(words ?? "");
  if (link) place.append(" ", element("a", link));
}

// Sending ------------------------------------------------------------------------------------------------------------

const CANNOT = {
  line: "There is no connection. Your answers are on this device and go by themselves when it is back.",
  busy: "The site does not answer just now. Your answers are on this device: try again in a minute.",
};

async function newToken() {
  const page = new DOMParser().parseFromString(await (await fetch(location.href)).text(), "text/html");
  const token = page.querySelector("#questions [name=csrf_token]")?.value;
  if (token) form.elements.csrf_token.value = token;
  return Boolean(token);
}

async function post() {
  const body = new FormData(form);
  if (photo) body.set("photo", photo, photo.name);
  const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } });
  return { status: answer.status, said: await answer.json().catch(() => ({})) };
}

async function send() {
  if (sending) return;
  sending = true;
  $("send").disabled = true;
  $("kept").textContent = photo ? "Sending your answers and the photo…" : "Sending your answers…";
  say();
  await keep();
  try {
    let { status, said } = await post();
    if (said.code === "csrf" && (await newToken())) ({ status, said } = await post());
    await arrived(status, said);
  } catch {
    say(CANNOT.line);
    addEventListener("online", send, { once: true });
  }
  sending = false;
  $("send").disabled = false;
  if (!made) $("kept").textContent = "";
}

async function arrived(status, said) {
  showFaults(said.faults ?? {});
  if (status === 200 && said.url) {
    made = said.url;
    photo = null;
    await keep();
    location.assign(said.url);
  } else if (status === 401) {
    const back = encodeURIComponent(location.pathname + location.search);
    say("Your sign-in has ended. Your answers are on this device.", {
      href: `/sign-in?next=${back}`,
      textContent: "Sign in again, and send them.",
    });
  } else if (said.message) say(`${said.message} ${said.remedy ?? ""}`);
  else say(CANNOT.busy);
}

// The page -----------------------------------------------------------------------------------------------------------

function choose(input) {
  const [file] = input.files;
  const tooLarge = file && file.size > Number(form.dataset.uploadMb) * 2 ** 20;
  showPhoto(tooLarge ? null : (file ?? null));
  const words = `That is ${Math.round((file?.size ?? 0) / 2 ** 20)} MB; ${form.dataset.uploadMb} MB is the most. Choose a smaller picture.`;
  showFaults(tooLarge ? { photo: words } : {});
  if (tooLarge) input.value = "";
}

function answered() {
  if (made) {
    made = "";
    form.elements.op_id.value = [...crypto.getRandomValues(new Uint32Array(4))].map((part) => part.toString(36)).join("-");
    $("made-before").hidden = true;
  }
  keep();
}

form.addEventListener("input", (event) => {
  if (event.target.dataset.most) showCount(event.target);
  if (event.target.name === "kit") showKit();
  if (event.target.type === "file") choose(event.target);
  answered();
});

form.addEventListener("submit", (event) => {
  event.preventDefault();
  send();
});

$("drop-photo")?.addEventListener("click", () => {
  $("photo").value = "";
  showPhoto(null);
  keep();
  $("photo").focus();
});

form.querySelector("[data-clear]").addEventListener("click", clear);

if ($("photo")?.files.length) choose($("photo"));
if (await restore()) answered();
for (const field of fields) if (field.dataset.most) showCount(field);
showKit();
