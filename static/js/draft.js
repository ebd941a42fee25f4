// Words are kept on this device until the server has said that it has them: neither a line that is down nor a closed
// tab loses any. What an earlier page left behind is offered again, zone by zone, and nothing is put back by itself.
//
// Each page that was opened writes drafts of its own, so that two tabs do not overwrite each other. A draft is
// {base, fields, at, sent}: the version of the zone that was typed over, the words, when, and whether they were sent.

const form = document.getElementById("words");
const page = form?.elements.namedItem("page")?.value;
const PREFIX = `draft ${form?.dataset.leaflet} `;
const keyOf = (zone, ofPage) => `${PREFIX}${zone} ${ofPage}`;

// A private window may have no storage: then the page itself is the only place, and the bar says so.
function stored(act) {
  try {
    return act(localStorage);
  } catch {
    return undefined;
  }
}

const keep = (key, draft) => stored((storage) => (storage.setItem(key, JSON.stringify(draft)), true)) ?? false;
const drop = (key) => stored((storage) => storage.removeItem(key));

function drafts() {
  const keys = stored((storage) => Object.keys(storage)) ?? [];
  const found = keys
    .filter((key) => key.startsWith(PREFIX))
    .map((key) => ({ key, ...stored((storage) => JSON.parse(storage.getItem(key))) }))
    .filter((draft) => draft.fields);
  for (const draft of found) [draft.zone, draft.page] = draft.key.slice(PREFIX.length).split(" ");
  return found.sort((one, other) => one.at - other.at);
}

const areaOf = (zone) => document.getElementById(`zone-${zone}`);
const zoneAround = (element) => element.closest?.(".zone")?.id.replace(/^zone-/, "");

function fieldsOf(zone) {
  const name = `z.${zone}`;
  return [...form.elements].filter(
    (field) => field.type !== "file" && (field.name === name || field.name.startsWith(`${name}.`)),
  );
}

// What the fields hold, empty ones left out: a spare row that nobody filled is no words. `before` is as they came.
function words(zone, before = false) {
  const held = {};
  for (const field of fieldsOf(zone)) {
    const choice = field.type === "radio";
    if (choice && !(before ? field.defaultChecked : field.checked)) continue;
    const text = before && !choice ? field.defaultValue : field.value;
    if (text.trim()) held[field.name] = text;
  }
  return held;
}

const alike = (one, other) => {
  const said = (fields) =>
    JSON.stringify(Object.entries(fields).map(([name, text]) => [name, text.trim().replace(/\s+/g, " ")]).sort());
  return said(one) === said(other);
};

function note(zone) {
  const base = form.elements.namedItem(`base.${zone}`);
  return !base || keep(keyOf(zone, page), { base: base.value, fields: words(zone), at: Date.now(), sent: false });
}

function putBack(draft) {
  const present = () => new Set(fieldsOf(draft.zone).map((field) => field.name));
  const more = document.querySelector(`[data-more-rows="${draft.zone}"]`);
  const missing = () => Object.keys(draft.fields).some((name) => !present().has(name));
  for (let rows = 0; more && missing() && rows < 99; rows += 1) more.click();
  form.elements.namedItem(`base.${draft.zone}`).value = draft.base;
  for (const field of fieldsOf(draft.zone)) {
    const text = draft.fields[field.name] ?? "";
    if (field.type === "radio") field.checked = field.value === text;
    else field.value = text;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

function offer(draft) {
  const box = document.getElementById("draft-offer").content.firstElementChild.cloneNode(true);
  box.id = `draft-${draft.zone}-${draft.page}`;
  const typed = new Date(draft.at).toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "short" });
  box.querySelector("[data-when]").textContent = typed;
  box.querySelector("[data-text]").textContent = Object.values(draft.fields).join("\n");
  const done = () => {
    drop(draft.key);
    box.remove();
    tell();
  };
  box.querySelector("[data-put-back]").addEventListener("click", () => {
    putBack(draft);
    done();
    fieldsOf(draft.zone).find((field) => field.type !== "hidden")?.focus();
  });
  box.querySelector("[data-drop]").addEventListener("click", () => {
    done();
    areaOf(draft.zone).querySelector("input:not([type=hidden]), textarea")?.focus();
  });
  areaOf(draft.zone).append(box);
}

// The bar, beside Save, leads to the first offer.
function tell() {
  const first = document.querySelector(".draft");
  const bar = document.querySelector("[data-drafts]");
  bar.hidden = !first;
  if (first) bar.querySelector("a").href = `#${first.id}`;
}

function look() {
  const acknowledged = (form.dataset.acknowledged ?? "").split(" ");
  const offered = new Set();
  for (const draft of drafts().reverse()) {
    if (!areaOf(draft.zone) || draft.page === page || areaOf(draft.zone).dataset.kept === "no") continue;
    const text = `${draft.zone} ${JSON.stringify(draft.fields)}`;
    const saved = draft.sent && acknowledged.includes(draft.page);
    if (saved || offered.has(text) || alike(draft.fields, words(draft.zone, true))) {
      drop(draft.key);
    } else {
      offered.add(text);
      offer(draft);
    }
  }
  tell();
}

function sending(event) {
  if (navigator.onLine) {
    for (const draft of drafts()) if (draft.page === page) keep(draft.key, { ...draft, sent: true });
    return;
  }
  event.preventDefault();
  event.stopImmediatePropagation();
  const zones = [...form.querySelectorAll(".zone")].map(zoneAround);
  const kept = zones.filter((zone) => !alike(words(zone), words(zone, true))).every(note);
  const told = document.querySelector("[data-offline]");
  told.textContent = kept ? told.dataset.kept : told.dataset.open;
  told.hidden = false;
}

if (form?.elements.namedItem("then")) {
  look();
  form.addEventListener("input", (event) => {
    const zone = zoneAround(event.target);
    if (zone) note(zone);
  });
  document.addEventListener("click", (event) => {
    // rows.js has taken the row out by now: only its button still knows of which list.
    const button = event.target.closest?.("[data-drop-row], [data-more-rows]");
    if (button) note(button.value.split(":")[1]);
  });
  document.addEventListener("submit", sending, true);
  window.addEventListener("online", () => {
    document.querySelector("[data-offline]").hidden = true;
  });
}
