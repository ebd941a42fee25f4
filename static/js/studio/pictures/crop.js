// The crop of a picture for its zone, in the zone's own shape, as a dialog: dragged and resized on the picture
// (cropperjs), or moved by three sliders and by the arrow keys. One rule, framing.js, says which crops there are.

import "../../../vendor/cropperjs-2.2.0/cropper.js"; // defines its elements
import { element } from "../element.js";
import { cropTo, focusOf, framed, MOST_ZOOM, sharpIn, zoomOf } from "./framing.js";

const NEAR_PX = 0.5;
const HANDLES = ["nw", "ne", "se", "sw"];
const TALLEST = 0.52; // of the window
const TALLEST_LOW = 0.32; // of a low one, so that the sliders have room below
const LOW_PX = 704;
const STEP = 0.02;

// Resolves to {focus, zoom}, or to nothing when it was left as it was.
export function crop(zone, picture, value) {
  let now = framed(picture, zone.frame, cropTo(picture, zone.frame, focusOf(value), zoomOf(value)));
  const selection = element("cropper-selection", { movable: true, resizable: true, zoomable: true, precise: true });
  selection.setAttribute("aspect-ratio", zone.frame.width_mm / zone.frame.height_mm);
  selection.append(
    element("cropper-grid", { role: "grid", bordered: true, covered: true }),
    element("cropper-handle", { action: "move", "theme-color": "transparent" }),
    ...HANDLES.map((corner) => element("cropper-handle", { action: `${corner}-resize`, "theme-color": "transparent" })),
  );
  const image = element("cropper-image", { src: picture.src, alt: picture.alt || picture.name, "initial-center-size": "contain" });
  const canvas = element("cropper-canvas", { background: false }, image, element("cropper-shade", { hidden: true }), selection);
  const desk = element("div", { class: "crop-desk", tabIndex: 0, role: "group", "aria-label": "The crop on the picture. The arrow keys move it, plus and minus enlarge it." }, canvas);
  const sharp = element("p", { class: "picture-sharp", role: "status" });
  const sliders = {
    zoom: slider("Closer", 1, MOST_ZOOM, 0.05, (zoom) => to({ ...now, zoom })),
    across: slider("Left to right", 0, 1, 0.005, (share) => to({ ...now, focus: [share, now.focus[1]] })),
    down: slider("Top to bottom", 0, 1, 0.005, (share) => to({ ...now, focus: [now.focus[0], share] })),
  };
  const dialog = element(
    "dialog",
    { class: "crop", "aria-labelledby": "crop-title" },
    element("h2", { id: "crop-title" }, `What is printed in “${zone.label}”`),
    desk,
    element("div", { class: "crop-ways" }, Object.values(sliders).map(({ label }) => label), sharp),
    element(
      "footer",
      { class: "actions" },
      element("button", { type: "button", class: "first", onclick: () => dialog.close("use") }, "Use this crop"),
      element("button", { type: "button", onclick: () => to({ focus: [0.5, 0.5], zoom: 1 }) }, "As much as fits"),
      element("button", { type: "button", class: "quiet", onclick: () => dialog.close() }, "Leave it as it was"),
    ),
  );
  document.body.append(dialog);

  let scale = 1; // screen pixels in one pixel of the picture
  let setting = false;

  function fit() {
    const wide = desk.clientWidth;
    scale = Math.min(wide / picture.width_px, (innerHeight * (innerHeight <= LOW_PX ? TALLEST_LOW : TALLEST)) / picture.height_px);
    canvas.style.width = `${picture.width_px * scale}px`;
    canvas.style.height = `${picture.height_px * scale}px`;
    image.$center?.("contain");
    draw();
  }

  function to(wish) {
    now = framed(picture, zone.frame, cropTo(picture, zone.frame, wish.focus, wish.zoom));
    draw();
  }

  function draw() {
    const box = cropTo(picture, zone.frame, now.focus, now.zoom);
    setting = true;
    selection.$change(box.left * scale, box.top * scale, box.width * scale, box.height * scale);
    setting = false;
    const told = sharpIn(zone, picture, now.zoom);
    sharp.dataset.sharp = told.kind;
    if (sharp.textContent !== told.words) sharp.textContent = told.words;
    sliders.zoom.show(now.zoom, `${now.zoom.toFixed(1)} times`);
    sliders.across.show(now.focus[0], `${Math.round(now.focus[0] * 100)} %`);
    sliders.down.show(now.focus[1], `${Math.round(now.focus[1] * 100)} %`);
  }

  // A drag on the picture: taken when there is such a crop, else the nearest is.
  selection.addEventListener("change", (event) => {
    if (setting) return;
    const { x, y, width, height } = event.detail;
    const box = { left: x / scale, top: y / scale, width: width / scale, height: height / scale };
    if (!(box.width > 0)) return event.preventDefault();
    const near = framed(picture, zone.frame, box);
    const there = cropTo(picture, zone.frame, near.focus, near.zoom);
    now = near;
    if (Object.keys(there).every((side) => Math.abs(there[side] - box[side]) * scale < NEAR_PX)) queueMicrotask(draw);
    else {
      event.preventDefault();
      draw();
    }
  });
  desk.addEventListener("keydown", (event) => {
    const moved = keyed(event.key, now, event.shiftKey ? 5 * STEP : STEP);
    if (!moved) return;
    event.preventDefault();
    to(moved);
  });

  return new Promise((resolve) => {
    const watch = new ResizeObserver(fit);
    dialog.addEventListener("close", () => {
      watch.disconnect();
      dialog.remove();
      resolve(dialog.returnValue === "use" ? now : undefined);
    });
    dialog.showModal();
    image.$ready?.(fit);
    watch.observe(desk);
    desk.focus();
  });
}

function keyed(key, { focus: [across, down], zoom }, step) {
  const share = step / zoom;
  return {
    ArrowLeft: { focus: [across - share, down], zoom },
    ArrowRight: { focus: [across + share, down], zoom },
    ArrowUp: { focus: [across, down - share], zoom },
    ArrowDown: { focus: [across, down + share], zoom },
    "+": { focus: [across, down], zoom: zoom * (1 + 5 * step) },
    "=": { focus: [across, down], zoom: zoom * (1 + 5 * step) },
    "-": { focus: [across, down], zoom: zoom / (1 + 5 * step) },
  }[key];
}

function slider(words, min, max, step, moved) {
  const input = element("input", { type: "range", min, max, step });
  input.addEventListener("input", () => moved(Number(input.value)));
  return {
    label: element("label", { class: "crop-slider" }, element("span", {}, words), input),
    show(value, said) {
      input.value = value;
      input.setAttribute("aria-valuetext", said);
    },
  };
}
