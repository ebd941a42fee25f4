// A place by a few letters: what fits is listed under the field as it is written (WAI-ARIA, editable combobox with list
// autocomplete). Without this script the button beside the field shows the same list.

const WAIT_MS = 120;
const KEYS = { ArrowDown: down, ArrowUp: up, Enter: take, Escape: leave, Tab: close };

for (const field of document.querySelectorAll(".place-picker")) begin(field);

function begin(field) {
  const input = field.querySelector("input[name=where]");
  const list = element("ul", { id: `${input.id}-list`, role: "listbox" });
  list.setAttribute("aria-label", "What fits");
  const said = element("p", { className: "picker-said small soft" });
  const popup = element("div", { className: "picker-popup", hidden: true });
  const status = element("p", { className: "unseen", role: "status" });
  const chosen = element("input", { type: "hidden", name: "place" });
  const picker = { field, input, popup, list, said, status, chosen, active: -1, asked: 0, timer: 0 };
  adopt(picker);
  for (const [name, value] of [
    ["role", "combobox"], ["aria-autocomplete", "list"], ["aria-expanded", "false"], ["aria-controls", list.id],
  ]) input.setAttribute(name, value);
  field.querySelector("button[name=find]").remove();
  popup.append(list, said);
  input.parentElement.append(popup);
  field.append(chosen, status);
  input.addEventListener("input", () => written(picker));
  input.addEventListener("keydown", (event) => pressed(picker, event));
  input.addEventListener("blur", () => close(picker));
  popup.addEventListener("pointerdown", (event) => event.preventDefault()); // the field keeps the focus
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) choose(picker, option);
  });
}

// What the server showed as chosen stays chosen; other offers stay to be pressed until something else is written.
function adopt({ field, chosen }) {
  const pressed = field.querySelector(".picker-offers input:checked");
  if (!pressed) return;
  chosen.value = pressed.value;
  field.querySelector(".picker-offers").remove();
}

function written(picker) {
  picker.field.querySelector(".picker-offers")?.remove();
  picker.chosen.value = "";
  picker.input.removeAttribute("aria-invalid");
  clearTimeout(picker.timer);
  if (picker.input.value.trim()) picker.timer = setTimeout(() => ask(picker), WAIT_MS);
  else close(picker);
}

async function ask(picker) {
  const asked = ++picker.asked;
  const address = new URL(picker.field.dataset.source, location.href);
  address.searchParams.set("q", picker.input.value);
  const answer = await fetch(address, { headers: { Accept: "application/json" } }).catch(() => null);
  if (asked !== picker.asked || document.activeElement !== picker.input) return;
  const found = answer?.ok ? await answer.json() : { places: [], count: 0, isAway: true };
  if (asked === picker.asked) show(picker, found);
}

function show(picker, { places, count, near, isAway }) {
  const more = count - places.length;
  picker.active = -1;
  picker.input.removeAttribute("aria-activedescendant");
  picker.list.replaceChildren(...places.map((place, number) => option(picker, place, number)));
  if (isAway) say(picker, "The list is out of reach. Write the whole name: it is looked up when you send this.");
  else if (!places.length) say(picker, "Nothing here is called that.");
  else if (near) say(picker, "Nothing is called that: these are like it.");
  else say(picker, more ? `And ${more} more: write on.` : "");
  open(picker, true);
  if (places.length && !near) picker.status.textContent = `${count} ${count === 1 ? "fits" : "fit"}. Down to choose.`;
}

function option(picker, { key, name, detail }, number) {
  const row = element("li", { id: `${picker.list.id}-${number}`, role: "option" });
  row.dataset.key = key;
  row.dataset.name = name;
  row.setAttribute("aria-selected", "false");
  row.append(element("span", { textContent: name }), " ", element("span", { className: "small soft", textContent: detail }));
  return row;
}

function pressed(picker, event) {
  if (event.isComposing || event.ctrlKey || event.metaKey) return;
  KEYS[event.key]?.(picker, event);
}

function down(picker, event) {
  event.preventDefault();
  if (picker.popup.hidden) ask(picker);
  else point(picker, picker.active + 1);
}

function up(picker, event) {
  event.preventDefault();
  if (!picker.popup.hidden) point(picker, picker.active - 1);
}

function take(picker, event) {
  const option = picker.list.children[picker.active];
  if (picker.popup.hidden || !option) return;
  event.preventDefault();
  choose(picker, option);
}

function leave(picker, event) {
  if (picker.popup.hidden) return;
  event.preventDefault();
  close(picker);
}

// Down from the last leads back to the field itself, and up from the field to the last.
function point(picker, wanted) {
  const options = [...picker.list.children];
  picker.active = wanted >= options.length ? -1 : wanted < -1 ? options.length - 1 : wanted;
  options.forEach((each, number) => each.setAttribute("aria-selected", String(number === picker.active)));
  const here = options[picker.active];
  if (here) picker.input.setAttribute("aria-activedescendant", here.id);
  else picker.input.removeAttribute("aria-activedescendant");
  here?.scrollIntoView({ block: "nearest" });
}

function choose(picker, option) {
  picker.input.value = option.dataset.name;
  picker.chosen.value = option.dataset.key;
  picker.status.textContent = `${option.textContent} is chosen.`;
  close(picker);
}

function open(picker, isOpen) {
  const options = picker.list.children.length;
  picker.popup.hidden = !isOpen;
  picker.list.hidden = !options;
  picker.input.setAttribute("aria-expanded", String(isOpen && options > 0));
  if (!isOpen) picker.input.removeAttribute("aria-activedescendant");
}

function close(picker) {
  clearTimeout(picker.timer);
  picker.asked += 1;
  picker.active = -1;
  open(picker, false);
}

function say(picker, sentence) {
  picker.said.textContent = sentence;
  picker.said.hidden = !sentence;
  picker.status.textContent = sentence;
}

function element(name, { role, ...said }) {
  const made = Object.assign(document.createElement(name), said);
  if (role) made.setAttribute("role", role);
  return made;
}
