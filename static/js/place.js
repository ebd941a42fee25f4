// Saving leads back to the same place on the page, not to its top. A proof on a small screen is at the top: there
// the browser's own way is right.

const KEY = `place ${location.pathname}`;
const form = document.getElementById("words");

form?.addEventListener("submit", (event) => {
  const then = event.submitter?.value ?? "save";
  const beside = matchMedia("(min-width: 64rem)").matches;
  if (then === "save" || (then === "proof" && beside)) sessionStorage.setItem(KEY, String(scrollY));
});

const kept = sessionStorage.getItem(KEY);
sessionStorage.removeItem(KEY);
if (kept !== null && !location.hash) scrollTo({ top: Number(kept), behavior: "instant" });
