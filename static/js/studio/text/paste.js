// What the clipboard holds, as words for a field. Paragraphs, bold, italics, lists and links stay; everything else of
// Word, Google Docs, Outlook, WhatsApp, a PDF or a web page goes. HTML is read in a document of its own in which
// nothing loads or runs.

import { element } from "../element.js";
import { tidyLine, tidyText, wordsIn } from "./characters.js";
import { hides, markerOf, unwrapLink } from "./office.js";
import { blocksOfPlain } from "./plain.js";
import * as prose from "./prose.js";

// As the server judges (leaflets/domain/words/values.py, MAX_VALUE_CHARS): six times a full side of A4 is a mistake.
const MOST_CHARS = 20_000;
// More HTML than this is read in no time that anybody waits for, and is fonts and pictures, not words.
const MOST_HTML = 1_000_000;

// So many elements that nobody closed make a tree that takes minutes to build.
const MOST_OPEN = 2000;
const NEVER_CLOSED = "br|img|hr|meta|link|input|col|wbr|source|p|li|td|th|tr|dd|dt|option";
const OPENED = new RegExp(`<(?!(?:${NEVER_CLOSED})\\b)[a-z]`, "gi");
const CLOSED = new RegExp(`</(?!(?:${NEVER_CLOSED})\\b)[a-z]`, "gi");

// A picture alone is for dropping.js, wherever it is pasted.
export const isPicture = (clipboard) => clipboard.files.length > 0 && !clipboard.types.includes("text/plain");

// For one line: {text} or {no: why not}.
export function pastedLine(clipboard) {
  const plain = clipboard.getData("text/plain");
  if (tooMuch(plain)) return { no: refusal(plain) };
  const blocks = plain.trim() ? blocksOfPlain(tidyText(plain)) : (blocksOfHtml(clipboard.getData("text/html")) ?? []);
  const text = tidyLine(prose.plain(blocks));
  if (tooMuch(text)) return { no: refusal(text) };
  return text ? { text } : { no: NO_WORDS };
}

// For text with paragraphs: {blocks} or {no: why not}. `unstyled` takes the plain words (Ctrl+Shift+V).
export function pastedProse(clipboard, { unstyled = false } = {}) {
  const plain = clipboard.getData("text/plain");
  if (tooMuch(plain)) return { no: refusal(plain) };
  const markup = unstyled ? "" : clipboard.getData("text/html");
  const blocks = (worthReading(markup, plain) && blocksOfHtml(markup)) || blocksOfPlain(tidyText(plain));
  const words = prose.plain(blocks);
  if (tooMuch(words)) return { no: refusal(words) };
  return blocks.length ? { blocks } : { no: NO_WORDS };
}

const NO_WORDS = "There were no words on the clipboard. A picture goes into a picture’s place.";

const tooMuch = (text) => text.length > MOST_CHARS;

// Code editors and some PDF readers wrap plain words in one styled block that says less than the words themselves.
const worthReading = (markup, plain) =>
  markup && !(plain.trim() && /<meta[^>]*(vscode|Cocoa HTML Writer)/i.test(markup.slice(0, 2000)));

// undefined when there is nothing in it, or too much of it.
export function blocksOfHtml(markup) {
  if (!markup || markup.length > MOST_HTML || many(markup, OPENED) - many(markup, CLOSED) > MOST_OPEN) return undefined;
  const blocks = prose.read(prose.parsed(markup), { markerOf, hides, unwrapLink });
  const tidied = blocks
    .map((block) => ({
      ...block,
      runs: prose.merge(block.runs.map((run) => ({ ...run, text: tidyText(run.text.replace(/\u00a0/g, " ")) }))),
    }))
    .filter((block) => prose.plainOf(block).trim());
  return tidied.length ? tidied : undefined;
}

const many = (text, what) => text.match(what)?.length ?? 0;

function refusal(text) {
  const about = wordsIn(text.slice(0, 2_000_000));
  const many =
    text.length > 2_000_000
      ? "More than two million characters"
      : `About ${(Math.round(about / 100) * 100).toLocaleString("en-GB")} words`;
  const why = "were on the clipboard, and a leaflet holds a few hundred.";
  return `${many} ${why} Copy just the part you need and paste again; nothing was changed here.`;
}

// Says beside a field why nothing was pasted; takes it back when there is nothing to say.
export function saidNo(field, why) {
  const place = field.closest(".zone-field");
  place?.querySelector(".paste-said")?.remove();
  if (why && place) place.append(element("p", { class: "fault paste-said", role: "alert" }, why));
}
