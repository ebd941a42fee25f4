// Building the page by script: `element("button", { type: "button", class: "quiet", onclick }, "Words")`. A property
// that the element has is set (value, hidden, onclick); any other is an attribute (class, aria-…, data-…). Nothing is
// ever parsed as HTML here.

export function element(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (name in made && !name.startsWith("aria") && name !== "list") made[name] = value;
    else made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.flat().filter((child) => child !== undefined && child !== null));
  return made;
}

export const unseen = (words) => element("span", { class: "unseen" }, words);
