// Plain text as blocks: from WhatsApp with its *stars*, from a PDF with its hard line ends, from a notepad or a letter.

import { merge } from "./prose.js";

const BULLET = /^\s*(?:[•·▪◦‣●○■□➢✓✔–—]|[-*](?=\s)|o(?=\s{2,}|\t))\s*/u;
const NUMBERED = /^\s*\(?\d{1,2}[.)]\s/;
// "[22:10, 21/11/2026] Ann: " before each message that is copied from WhatsApp.
const SENDER = /^\[\d{1,2}[:.]\d{2}(?::\d{2})?,? [^\]]{6,20}\] [^:\n]{1,60}: /;
const LIGATURES = { ﬀ: "ff", ﬁ: "fi", ﬂ: "fl", ﬃ: "ffi", ﬄ: "ffl", ﬅ: "st", ﬆ: "st" };
// What keeps its hyphen when a line ends with it; any other word was divided by the typesetter.
const PREFIXES = `
  self well ill non ex half part full long short high low co anti pre post twenty thirty forty fifty sixty seventy
  eighty ninety door year six two three four five`;
const KEEPS_HYPHEN = new RegExp(`(^|[\\s(])(${PREFIXES.trim().split(/\s+/).join("|")})-$`, "i");
const MANY_LINES = 3;
const WRAPS_FROM = 28; // characters in the longest line of a block that a page, not a person, has broken

export function blocksOfPlain(text) {
  const readable = text.replace(/[ﬀ-ﬆ]/g, (one) => LIGATURES[one]).replace(/\u00a0/g, " ");
  const blocks = [];
  for (const stretch of readable.split(/\n[ \t]*\n+/)) {
    for (const line of joined(stretch.split("\n").filter((line) => line.trim()))) {
      const said = line.replace(SENDER, "");
      const bullet = BULLET.test(said) && said.replace(BULLET, "").trim() !== "";
      const words = (bullet ? said.replace(BULLET, "") : said).trim().replace(/[ \t]+/g, " ");
      if (words) blocks.push({ bullet, runs: marked(words) });
    }
  }
  return blocks;
}

// Lines of one stretch without an empty line, with those put together again that a page has broken.
function joined(lines) {
  const width = Math.max(0, ...lines.map((line) => line.trimEnd().length));
  const wrapped = lines.length >= MANY_LINES && width >= WRAPS_FROM && width <= 140;
  const out = [];
  lines.forEach((line, at) => {
    const before = out.at(-1);
    if (at && !startsAnew(line) && goesOn(lines[at - 1], line, wrapped ? width : 0))
      out[out.length - 1] = join(before, line);
    else out.push(line.trimEnd());
  });
  return out;
}

const startsAnew = (line) => BULLET.test(line) || NUMBERED.test(line) || SENDER.test(line);

// A line goes on in the next when it ends in a divided word, or when the next line's first word had no room in it.
function goesOn(line, next, width) {
  if (/[\p{L}][-‐\u00ad]$/u.test(line.trimEnd()) && /^\s*\p{Ll}/u.test(next)) return true;
  if (!width) return false;
  const first = next.trim().split(/\s/)[0].length;
  const full = line.trimEnd().length + 1 + first > width * 0.88;
  return full || (/^\s*\p{Ll}/u.test(next) && !/[.!?:;]["”’)]?$/.test(line.trimEnd()));
}

function join(before, next) {
  const words = next.trim();
  if (/[‐\u00ad]$/.test(before)) return before.slice(0, -1) + words;
  if (/\p{L}-$/u.test(before) && /^\p{Ll}/u.test(words))
    return (KEEPS_HYPHEN.test(before) ? before : before.slice(0, -1)) + words;
  return `${before} ${words}`;
}

// *bold* and _italic_ as telephones write them: marks at the edge of words, on one line, with no space inside them.
const MARK =
  /(?<![\p{L}\p{N}*_~])(?:\*(?=\S)([^*\n]*[^*\s])\*|_(?=\S)([^_\n]*[^_\s])_|~(?=\S)([^~\n]*[^~\s])~)(?![\p{L}\p{N}*_~])/gu;

function marked(text, style = { strong: false, em: false, href: "" }) {
  const runs = [];
  let at = 0;
  for (const found of text.matchAll(MARK)) {
    const [whole, strong, em, struck] = found;
    runs.push({ ...style, text: text.slice(at, found.index) });
    const inner = { ...style, strong: style.strong || strong !== undefined, em: style.em || em !== undefined };
    runs.push(...marked(strong ?? em ?? struck, inner));
    at = found.index + whole.length;
  }
  runs.push({ ...style, text: text.slice(at) });
  return merge(runs);
}
