// What a zone holds, as plain text: for copying out, and for showing two texts side by side.

import { studio } from "../store.js";

const BLOCKS = "p, li, h1, h2, h3, h4, blockquote, pre, div";

export function asText(zone, value) {
  const { kind, fields, options } = studio.zones.get(zone) ?? {};
  if (value === null || value === undefined) return "";
  if (kind === "rich") return fromHtml(value);
  if (kind === "items") {
    return value.map((item) => fields.map(({ key }) => item[key]).filter(Boolean).join("\n")).join("\n\n");
  }
  if (kind === "qr") return [value.label, value.url].filter(Boolean).join("\n");
  if (kind === "choice") return options.find(({ key }) => key === value)?.label ?? value;
  if (kind === "chart") {
    const bars = value.labels.map((label, index) => `${label}: ${value.numbers[index] ?? ""}`);
    return [...bars, value.source].filter(Boolean).join("\n");
  }
  if (kind === "picture") return `Picture: ${value.alt || "not described yet"}`;
  return typeof value === "string" ? value : JSON.stringify(value, null, 1); // a zone that the template has no more
}

// Kinds whose two texts can be put one after the other.
export const joins = {
  line: (one, other) => `${one} ${other}`,
  rich: (one, other) => `${one}${other}`,
  items: (one, other) => [...one, ...other],
};

export const labelOf = (zone) => studio.zones.get(zone)?.label ?? zone;

function fromHtml(html) {
  const page = new DOMParser().parseFromString(html, "text/html"); // inert: nothing in it is loaded or run
  for (const line of page.querySelectorAll("br")) line.replaceWith("\n");
  for (const item of page.querySelectorAll("li")) item.prepend("• ");
  for (const block of page.querySelectorAll(BLOCKS)) block.append(block.tagName === "LI" ? "\n" : "\n\n");
  return page.body.textContent.replace(/\n{3,}/g, "\n\n").trim();
}
