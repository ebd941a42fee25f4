// What Word, Outlook and Google Docs say in styles that HTML would say in tags.
//
// Word writes a list as paragraphs: `mso-list:l0 level1 lfo1`, with the bullet or the number as text in a span whose
// style is `mso-list:Ignore` (Microsoft Office HTML and XML Reference, "mso-list").

const NUMBER = /^\s*\(?(?:\d{1,3}|[a-z]|[ivxlc]{1,6})[.):]/i;

const styled = (node) => node.dataset?.style ?? "";

// "" for a bullet, "3." for a number, undefined for an element that is no item of a list.
export function markerOf(node) {
  if (!/^(P|H[1-6]|DIV)$/.test(node.nodeName)) return undefined;
  const listed = /mso-list:\s*(?!none|ignore)\S/i.test(styled(node));
  if (!listed && !/^MsoList(Bullet|Number)/.test(node.className)) return undefined;
  const shown =
    node.querySelector("[data-style*='mso-list:Ignore' i], [data-style*='mso-list: Ignore' i]")?.textContent ?? "";
  if (NUMBER.test(shown)) return shown.trim();
  return "";
}

// Markers (they come back as ours), comments, tracked deletions, and whatever the page itself does not show.
export function hides(node) {
  const style = styled(node);
  if (
    /mso-list:\s*ignore|mso-hide:\s*all|display:\s*none|visibility:\s*hidden|mso-element:\s*(comment|footnote|header|footer)/i.test(
      style,
    )
  )
    return true;
  if (node.nodeName === "DEL") return node.hasAttribute("datetime") || node.hasAttribute("cite");
  return node.hidden === true || /^Mso(CommentReference|CommentText)/.test(node.className);
}

// Addresses that somebody's mail or search engine put in front of the real one.
const DETOURS = [
  [/^https:\/\/[\w.-]+\.safelinks\.protection\.outlook\.com\//i, "url"],
  [/^https:\/\/www\.google\.[\w.]+\/url\?/i, "q"],
  [/^https:\/\/l\.facebook\.com\/l\.php\?/i, "u"],
];

export function unwrapLink(href) {
  const found = DETOURS.find(([start]) => start.test(href));
  if (!found) return href;
  try {
    return new URL(href).searchParams.get(found[1]) || href;
  } catch {
    return href;
  }
}
