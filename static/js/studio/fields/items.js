// A list of things that all have the same parts: three promises, each with a heading and a sentence.

import { element, unseen } from "../element.js";
import { rows } from "./rows.js";
import { box } from "./text.js";

let made = 0;

export function make(zone, { id, labelledby, describedby, changed, mayEdit, language }) {
  const row = () => {
    const number = (made += 1);
    let rest = {}; // parts that this version of the design does not show: kept as they are
    const parts = zone.fields.map((field) => ({
      field,
      box: box({ id: `${id}-${number}-${field.key}`, changed, mayEdit, language }),
    }));
    return {
      parts: parts.map(({ field, box: { input } }) =>
        element(
          "div",
          { class: "part" },
          element("label", { class: "small", htmlFor: input.id }, field.label, unseen("")),
          input,
        ),
      ),
      isEmpty: () => parts.every((part) => !part.box.read().trim()),
      read: () => ({ ...rest, ...Object.fromEntries(parts.map((part) => [part.field.key, part.box.read()])) }),
      write(value) {
        const known = new Set(zone.fields.map((field) => field.key));
        rest = Object.fromEntries(Object.entries(value ?? {}).filter(([key]) => !known.has(key)));
        for (const part of parts)
          part.box.write(typeof value?.[part.field.key] === "string" ? value[part.field.key] : "");
      },
      focus: () => parts[0]?.box.input.focus({ preventScroll: true }),
      texts: (at) => parts.map((part) => part.box.text(`${at}, ${part.field.label.toLowerCase()}`)),
    };
  };
  const list = rows({
    make: row,
    noun: "item",
    most: zone.max_items,
    fewest: zone.min_items,
    required: zone.required,
    mayEdit,
    changed,
    labels: { "aria-labelledby": labelledby, "aria-describedby": describedby },
  });
  return {
    element: list.element,
    read: list.read,
    write: (value) => list.write(Array.isArray(value) ? value : []),
    focus: list.focus,
    texts: list.texts,
  };
}
