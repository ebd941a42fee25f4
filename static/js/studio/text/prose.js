// Rich text as values, as leaflets/domain/words/prose.py knows it: blocks, each a paragraph or an item of a list, of runs in
// one style. Blocks are read from any DOM (the editor's, or what somebody pasted) and written as the one HTML that is
// stored: p, ul, li, strong, em, a and br.
//
//   block  {bullet: true | false, runs: [{text, strong, em, href}]}     a line break in a paragraph is "\n"

const named = (tags) => new Set(tags.trim().split(/\s+/));
const BLOCKS = named(`
  P DIV H1 H2 H3 H4 H5 H6 BLOCKQUOTE SECTION ARTICLE PRE TR DT DD LI UL OL DL TABLE TBODY THEAD TFOOT FIGURE
  FIGCAPTION HEADER FOOTER MAIN NAV ASIDE ADDRESS HR FORM FIELDSET DETAILS SUMMARY CENTER CAPTION`);
const SILENT = named(`
  HEAD TITLE STYLE X-STYLE SCRIPT META LINK NOSCRIPT TEMPLATE IFRAME OBJECT EMBED SVG MATH CANVAS VIDEO AUDIO
  BUTTON INPUT SELECT TEXTAREA OPTION XML`);
const LINK = /^(https?|mailto|tel):/i;
const PLAIN = { strong: false, em: false, href: "" };

// What a paste may know more about an element than its tag says; see office.js. Each gives undefined for "nothing".
const NO_MARKER = () => undefined;

export function read(
  root,
  { collapse = true, markerOf = NO_MARKER, hides = () => false, unwrapLink = (href) => href } = {},
) {
  const blocks = [];
  const lists = []; // one for each open list: {next: number or null for bullets, style}
  let runs = [];
  let item = null; // the marker of the item that is being read: "" is a bullet, "3." a number; null is no item

  const end = () => {
    const settled = settle(runs, collapse);
    runs = [];
    const marker = item;
    item = null;
    if (!settled.length) return;
    if (marker) settled.unshift({ ...PLAIN, text: `${marker} ` });
    blocks.push({ bullet: marker === "", runs: merge(settled) });
  };
  const add = (text, style) => text && runs.push({ ...style, text });

  const walk = (node, style) => {
    if (node.nodeType === Node.TEXT_NODE)
      return add(collapse ? node.data.replace(/[ \t\r\n\f]+/g, " ") : node.data, style);
    if (node.nodeType !== Node.ELEMENT_NODE && node.nodeType !== Node.DOCUMENT_FRAGMENT_NODE) return undefined;
    const tag = node.nodeName.toUpperCase();
    if (SILENT.has(tag) || hides(node)) return undefined;
    if (tag === "BR") return add("\n", style);
    const marker = markerOf(node);
    const isBlock = BLOCKS.has(tag) || marker !== undefined;
    const inItem = item !== null && tag !== "LI" && marker === undefined;
    if (isBlock && !(inItem && isSoft(tag))) end();
    else if (isBlock && runs.length) add("\n", style);
    if (tag === "UL" || tag === "OL") lists.push(listOf(node, tag));
    if (tag === "LI") item = nextMarker(lists.at(-1));
    if (marker !== undefined) item = marker;
    const own = styleOf(node, tag, style, unwrapLink);
    for (const child of node.childNodes) walk(child, own);
    if (tag === "UL" || tag === "OL") lists.pop();
    if (tag === "TD" || tag === "TH") add(" ", PLAIN);
    if (isBlock && !(inItem && isSoft(tag))) end();
    return undefined;
  };
  walk(root, PLAIN);
  end();
  return blocks;
}

const isSoft = (tag) => tag !== "UL" && tag !== "OL" && tag !== "TABLE" && tag !== "TR"; // a paragraph within an item

function listOf(node, tag) {
  const next = tag === "OL" ? Number.parseInt(node.getAttribute("start"), 10) || 1 : null;
  const first = node.querySelector(":scope > li");
  const type =
    node.getAttribute("type") ?? styleSaid(node, "list-style-type") ?? (first && styleSaid(first, "list-style-type"));
  return { next, letters: /^(a|lower-(alpha|latin))$/.test(type ?? "") };
}

function nextMarker(list) {
  if (!list || list.next === null) return "";
  const number = list.next++;
  return list.letters && number <= 26 ? `${String.fromCharCode(96 + number)}.` : `${number}.`;
}

function styleOf(node, tag, outer, unwrapLink) {
  if (node.nodeType !== Node.ELEMENT_NODE) return outer;
  const weight = styleSaid(node, "font-weight") ?? "";
  const slant = styleSaid(node, "font-style") ?? "";
  const href = tag === "A" ? unwrapLink(node.getAttribute("href") ?? "").trim() : "";
  const heading = /^H[1-6]$/.test(tag);
  return {
    strong: weight
      ? /^bold/.test(weight) || Number(weight) >= 600
      : outer.strong || tag === "B" || tag === "STRONG" || heading || tag === "TH",
    em: slant ? /^(italic|oblique)/.test(slant) : outer.em || tag === "I" || tag === "EM",
    href: LINK.test(href) ? href : outer.href,
  };
}

// What a style attribute says of one property. The site's policy forbids styles in pages, and a parsed document is
// bound by it: `parsed` has put them aside as data.
function styleSaid(node, property) {
  const found = node.dataset?.style?.match(new RegExp(`(?:^|;)\\s*${property}\\s*:\\s*([\\w-]+)`, "i"));
  return found?.[1].toLowerCase();
}

// Spaces between styles settled, no break at either end, no break with a space beside it.
function settle(runs, collapse) {
  const out = [];
  for (const run of runs) {
    let { text } = run;
    if (collapse) {
      const before = out.at(-1)?.text.at(-1) ?? "\n";
      if (/[ \n]/.test(before)) text = text.replace(/^ +/, "");
      if (text === "\n" && before === " ") out[out.length - 1] = { ...out.at(-1), text: out.at(-1).text.slice(0, -1) };
    }
    if (text) out.push({ ...run, text });
  }
  const blank = collapse ? /[ \n]/ : /\n/;
  while (out.length && blank.test(out[0].text[0])) shorten(out, 0, (text) => text.slice(1));
  while (out.length && blank.test(out.at(-1).text.at(-1))) shorten(out, out.length - 1, (text) => text.slice(0, -1));
  return out.some((run) => run.text.replace(/[\u200b\s]/g, "")) ? out : [];
}

function shorten(runs, at, cut) {
  const text = cut(runs[at].text);
  if (text) runs[at] = { ...runs[at], text };
  else runs.splice(at, 1);
}

const sameStyle = (one, other) => one.strong === other.strong && one.em === other.em && one.href === other.href;

export function merge(runs) {
  const out = [];
  for (const run of runs) {
    if (!run.text) continue;
    if (out.length && sameStyle(out.at(-1), run))
      out[out.length - 1] = { ...out.at(-1), text: out.at(-1).text + run.text };
    else out.push({ ...run });
  }
  return out;
}

export const plainOf = (block) => block.runs.map((run) => run.text).join("");
export const plain = (blocks) => blocks.map(plainOf).join("\n");

const MARKS = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
export const escaped = (text) => text.replace(/[&<>]/g, (mark) => MARKS[mark]).replace(/\n/g, "<br>");
const quoted = (text) => text.replace(/[&<>"]/g, (mark) => MARKS[mark]);

export function inline(runs) {
  return grouped(runs, "href", (linked, href) => {
    const inner = grouped(linked, "strong", (weighted, strong) => {
      const words = weighted.map((run) => (run.em ? `<em>${escaped(run.text)}</em>` : escaped(run.text))).join("");
      return strong ? `<strong>${words}</strong>` : words;
    });
    return href ? `<a href="${quoted(href)}">${inner}</a>` : inner;
  });
}

function grouped(runs, key, write) {
  let out = "";
  for (let start = 0, end; start < runs.length; start = end) {
    end = start + 1;
    while (end < runs.length && runs[end][key] === runs[start][key]) end += 1;
    out += write(runs.slice(start, end), runs[start][key]);
  }
  return out;
}

export function html(blocks) {
  let out = "";
  blocks.forEach((block, at) => {
    const words = inline(block.runs);
    if (!block.bullet) out += `<p>${words}</p>`;
    else out += `${blocks[at - 1]?.bullet ? "" : "<ul>"}<li>${words}</li>${blocks[at + 1]?.bullet ? "" : "</ul>"}`;
  });
  return out;
}

// HTML in a document of its own, in which nothing loads, runs or is styled.
export function parsed(markup) {
  const inert = markup
    .replace(/<(\/?)style\b/gi, "<$1x-style")
    .replace(/<[a-z][^<>]*>/gi, (tag) => tag.replace(/(\s|["'])(style|on\w+)(\s*=)/gi, "$1data-$2$3"));
  return new DOMParser().parseFromString(inert, "text/html").body;
}

// A block with changes [{start, end, words}] made in its words; new words take the style of what they replace.
export function spliced(block, changes) {
  let runs = block.runs;
  for (const { start, end, words } of [...changes].sort((one, other) => other.start - one.start)) {
    const [before, rest] = cut(runs, start);
    const [gone, after] = cut(rest, end - start);
    const style = gone[0] ?? before.at(-1) ?? PLAIN;
    runs = merge([...before, { strong: style.strong, em: style.em, href: style.href, text: words }, ...after]);
  }
  return { ...block, runs };
}

function cut(runs, at) {
  const before = [];
  const after = [];
  for (const run of runs) {
    const here = Math.max(0, Math.min(at, run.text.length));
    if (here) before.push({ ...run, text: run.text.slice(0, here) });
    if (here < run.text.length) after.push({ ...run, text: run.text.slice(here) });
    at -= run.text.length;
  }
  return [before, after];
}
