// The geometry of a picture in its zone, and how sharply it prints: the same rules as leaflets/domain/press/picture.py, which
// has the last word. Lengths are millimetres, pixels those of the original.

export const MOST_ZOOM = 8;
const MM_PER_INCH = 25.4;
const TOO_SMALL_SHARE = 2 / 3; // GWG 2015 draws the line between soft (225 ppi) and unusable (150 ppi) here

const within = (least, value, most) => Math.min(Math.max(value, least), most);

export const focusOf = (value) => (Array.isArray(value?.focus) ? value.focus : [0.5, 0.5]);
export const zoomOf = (value) => within(1, Number(value?.zoom) || 1, MOST_ZOOM);

// The part of a picture that a frame shows, {left, top, width, height} in pixels.
export function cropTo({ width_px, height_px }, frame, [across, down], zoom) {
  const aspect = frame.width_mm / frame.height_mm;
  const closer = within(1, zoom, MOST_ZOOM);
  const width = Math.min(width_px, height_px * aspect) / closer;
  const height = Math.min(height_px, width_px / aspect) / closer;
  const left = within(0, across * width_px - width / 2, width_px - width);
  const top = within(0, down * height_px - height / 2, height_px - height);
  return { left, top, width, height };
}

// What a crop of any size and place comes to: the nearest focus and zoom that there are.
export function framed(picture, frame, box) {
  const zoom = within(1, cropTo(picture, frame, [0.5, 0.5], 1).width / box.width, MOST_ZOOM);
  const middle = [(box.left + box.width / 2) / picture.width_px, (box.top + box.height / 2) / picture.height_px];
  const crop = cropTo(picture, frame, middle, zoom);
  return {
    zoom,
    focus: [(crop.left + crop.width / 2) / picture.width_px, (crop.top + crop.height / 2) / picture.height_px],
  };
}

export const placedPpi = (picture, frame, zoom) =>
  (cropTo(picture, frame, [0.5, 0.5], zoom).width / frame.width_mm) * MM_PER_INCH;

// "good", "soft" or "too-small", judged in whole pixels an inch as they are said.
export function sharpness(ppi, minPpi) {
  const said = Math.round(ppi);
  if (said >= minPpi) return "good";
  return said >= minPpi * TOO_SMALL_SHARE ? "soft" : "too-small";
}

const WORDS = {
  good: () => "Good for print",
  soft: (ppi) => `Will look soft: ${ppi} ppi`,
  "too-small": (ppi, zoom) => `Too small (${ppi} ppi): ${zoom > 1 ? "show more of it, or " : ""}choose another`,
};

// How a picture of the shelf prints in a zone: {kind, words, ppi}.
export function sharpIn(zone, picture, zoom) {
  const ppi = placedPpi(picture, zone.frame, zoom);
  const kind = sharpness(ppi, zone.min_ppi);
  return { kind, ppi, words: WORDS[kind](Math.round(ppi), zoom) };
}
