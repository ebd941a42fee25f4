// "Copy all the words": the whole leaflet as text, and as HTML for a word processor, on the clipboard.

import { announce } from "../announce.js";
import { copied } from "../clipboard.js";
import { element } from "../element.js";
import { fieldOf } from "../fields/fields.js";
import { studio } from "../store.js";
import * as prose from "../text/prose.js";

const SAID_MS = 4000;

export function build(tools) {
  const button = element(
    "button",
    { type: "button", class: "quiet", onclick: () => copy(button) },
    "Copy all the words",
  );
  tools.append(button);
}

async function copy(button) {
  const { text, html } = allWords();
  say(button, (await copied(text, html)) ? "Copied" : "Could not copy: the browser does not allow it");
}

function say(button, words) {
  const was = "Copy all the words";
  button.textContent = words;
  announce(words);
  setTimeout(() => (button.textContent = was), SAID_MS);
}

// Every zone with its label, under its panel, as the fields show it now.
function allWords() {
  const text = [studio.state.leaflet.title];
  const html = [`<h1>${prose.escaped(studio.state.leaflet.title)}</h1>`];
  const labels = new Map(studio.state.leaflet.format.panels.map((panel) => [panel.key, panel.label]));
  let panel;
  for (const zone of studio.zones.values()) {
    const blocks = blocksOf(zone);
    if (!blocks.length) continue;
    if (zone.panel !== panel) {
      panel = zone.panel;
      text.push(`\n${labels.get(panel).toUpperCase()}`);
      html.push(`<h2>${prose.escaped(labels.get(panel))}</h2>`);
    }
    text.push(
      `\n${zone.label}`,
      ...blocks.map((block) => (block.bullet ? `- ${prose.plainOf(block)}` : prose.plainOf(block))),
    );
    html.push(`<h3>${prose.escaped(zone.label)}</h3>`, prose.html(blocks));
  }
  return { text: `${text.join("\n")}\n`, html: html.join("") };
}

const plainBlock = (text, strong = false) => ({ bullet: false, runs: [{ text, strong, em: false, href: "" }] });

const READERS = {
  line: (_zone, value) => [plainBlock(value)],
  rich: (_zone, value) => prose.read(prose.parsed(value)),
  items: (zone, value) =>
    value.flatMap((item) =>
      zone.fields.map((field, at) => plainBlock(item[field.key] ?? "", at === 0 && zone.fields.length > 1)),
    ),
  picture: (_zone, value) => [plainBlock(value.alt ?? "")],
  qr: (_zone, value) => [plainBlock(value.label), plainBlock(value.url)],
  chart: (_zone, value) => [
    ...value.labels.map((label, at) => plainBlock(`${label}: ${value.numbers[at]}`)),
    plainBlock(value.source),
  ],
  choice: (zone, value) => [plainBlock(zone.options.find((option) => option.key === value)?.label ?? "")],
};

function blocksOf(zone) {
  if (zone.is_system) return [plainBlock(studio.state.filled[zone.key] ?? "")];
  const value = fieldOf(zone.key)?.read();
  if (!value) return [];
  return READERS[zone.kind](zone, value).filter((block) => prose.plainOf(block).trim());
}
