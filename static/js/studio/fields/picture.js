// A picture in its zone: what will be printed of it, how sharply, where it comes from, and what it shows. Files come by
// a drop, a paste, the gallery, the camera or the shelf; arrivals.js brings them here. The value keeps focus and zoom;
// crop.js changes them.

import { element } from "../element.js";
import { arrivals } from "../pictures/arrivals.js";
import { cropTo, focusOf, sharpIn, zoomOf } from "../pictures/framing.js";
import { arrivalWords } from "../pictures/progress.js";
import { address, shelf } from "../pictures/shelf.js";
import { studio } from "../store.js";
import { box } from "./text.js";

const TALLEST_REM = 18;
// No `capture`: a telephone then offers its gallery and its camera, not the camera alone.
const ACCEPT = "image/*,.heic,.heif,.tif,.tiff";

export function make(zone, { id, labelledby, describedby, changed, mayEdit, language }) {
  let value = null;
  const image = element("img", { alt: "" });
  image.draggable = false; // it would be dropped as a file
  const gap = element("p", { class: "picture-gap" }, mayEdit ? "Drop a photo here, paste one, or choose it below." : "No picture yet.");
  const frame = element("div", { class: "picture-frame" }, image, gap);
  const shape = zone.frame.width_mm / zone.frame.height_mm;
  frame.style.aspectRatio = shape;
  frame.style.maxWidth = `${TALLEST_REM * shape}rem`; // and not a height, which would bend the shape
  const sharp = element("p", { class: "picture-sharp" });
  const input = element("input", { type: "file", accept: ACCEPT, hidden: true, tabIndex: -1 });
  const button = (words, onclick, more = {}) => element("button", { type: "button", onclick, disabled: !mayEdit, ...more }, words);
  const choose = button("Choose or take a photo", () => input.click(), { id, "aria-describedby": `${labelledby} ${describedby}` });
  const pick = button("From the shelf", fromShelf);
  const crop = button("Crop", cropped, { class: "picture-crop" });
  const out = button("Take it out", () => set(null), { class: "quiet" });
  const alt = box({ id: `${id}-alt`, changed, mayEdit, language });
  const shows = element("div", { class: "part picture-alt" }, element("label", { htmlFor: `${id}-alt` }, "What it shows"), alt.input);
  const known = element("p", { class: "small soft picture-known" });
  const noTool = element("p", { class: "fault warning small", role: "alert", hidden: true }, "This needs the line to us once, and there is none just now. Try again when it is back; nothing is lost.");
  const coming = element("ul", { class: "plain picture-coming", "aria-label": `Pictures on their way to “${zone.label}”` });
  const whole = element(
    "div",
    { class: "picture-field", role: "group", "aria-labelledby": labelledby },
    frame,
    element("div", { class: "picture-beside" }, sharp, element("div", { class: "picture-ways", hidden: !mayEdit }, choose, pick, crop, out), noTool, input, coming, shows, known),
  );

  input.addEventListener("change", () => {
    if (input.files.length) arrivals.add([...input.files], zone.key);
    input.value = ""; // the same file may be chosen again
  });
  frame.addEventListener("dblclick", () => !crop.hidden && cropped());
  studio.on("pictures", show);
  studio.on("arrivals", showComing);
  if (mayEdit) arrivals.placesFor(zone.key, place);

  const read = () => value && { ...value, alt: alt.read() };

  function set(next) {
    value = next;
    alt.write(next?.alt ?? "");
    show();
    changed({ paste: true }); // a step of its own
  }

  function place(picture) {
    set({ picture: picture.picture, focus: [0.5, 0.5], zoom: 1, alt: picture.alt || "" });
  }

  async function fromShelf() {
    const { choosePicture } = await tool(import("../pictures/picker.js"));
    const picture = await choosePicture?.(zone, value?.picture);
    if (picture) place(picture);
  }

  async function cropped() {
    const picture = shelf.find(value.picture);
    const { crop: ask } = await tool(import("../pictures/crop.js"));
    const chosen = await ask?.(zone, picture, value);
    if (chosen) set({ ...read(), ...chosen });
  }

  // A dialog is loaded when it is first wanted, which takes the line.
  async function tool(loading) {
    const loaded = await loading.catch(() => ({}));
    noTool.hidden = Object.keys(loaded).length > 0;
    return loaded;
  }

  function show() {
    const picture = value?.picture ? shelf.find(value.picture) : undefined;
    const ready = picture?.state === "ready";
    image.hidden = !ready;
    gap.hidden = ready;
    for (const [part, there] of [[crop, ready], [out, value], [shows, value]]) part.hidden = !there;
    choose.textContent = value ? "Choose or take another" : "Choose or take a photo";
    if (ready) paint(picture);
    else gap.textContent = value?.picture ? missing(picture) : mayEdit ? "Drop a photo here, paste one, or choose it below." : "No picture yet.";
    const { kind, words } = ready ? sharpIn(zone, picture, zoomOf(value)) : { kind: "", words: "" };
    sharp.dataset.sharp = kind;
    sharp.textContent = words;
    showKnown(picture);
  }

  function paint(picture) {
    const box = cropTo(picture, zone.frame, focusOf(value), zoomOf(value));
    if (image.getAttribute("src") !== picture.src) image.src = picture.src;
    image.alt = alt.read() || picture.name;
    image.style.width = `${(picture.width_px / box.width) * 100}%`;
    image.style.left = `${(-box.left / box.width) * 100}%`;
    image.style.top = `${(-box.top / box.height) * 100}%`;
  }

  function showKnown(picture) {
    known.replaceChildren();
    if (!picture) return;
    const page = element("a", { href: `${address()}/${picture.picture}` }, picture.name);
    if (picture.taken_off) {
      known.append(element("strong", { class: "fault warning" }, `${picture.taken_off.by} took this picture off the shelf.`), " Nothing prints with it: choose another, or put it back on the page of ", page, ".");
    } else known.append(page, picture.rights ? "" : " · nobody has said yet why we may print it");
  }

  function showComing() {
    const rows = arrivals.of(zone.key).map((arrival) => arrivalWords(arrival, { use: () => useNow(arrival) }));
    if (rows.length || coming.childElementCount) coming.replaceChildren(...rows);
  }

  function useNow(arrival) {
    arrivals.dismiss(arrival.id);
    place(shelf.find(arrival.picture));
  }

  return {
    element: whole,
    read,
    write(next) {
      value = next && typeof next === "object" && !Array.isArray(next) ? next : null;
      alt.write(value?.alt ?? "");
      if (value?.picture && !shelf.find(value.picture)) shelf.read().catch(() => {});
      show();
      showComing();
    },
    focus: () => choose.focus({ preventScroll: true }),
    texts: () => (value ? [alt.text("what the picture shows")] : []),
  };
}

const missing = (picture) => {
  if (!shelf.isRead) return "Looking for the picture…";
  if (!picture) return "This picture is not here any more. Choose another.";
  return picture.state === "received" ? "It is being prepared for print…" : `${picture.reason} Choose another.`;
};
