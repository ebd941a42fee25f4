// Live counts against the limits: "34 of 60 characters".

const words = (text) => (text.trim().match(/\S+/g) ?? []).filter((word) => /[\p{L}\p{N}]/u.test(word)).length;

function recount(counter) {
  const field = document.getElementById(counter.dataset.countOf);
  if (!field) return;
  const limit = Number(counter.dataset.limit);
  const unit = counter.dataset.unit;
  const number = unit === "words" ? words(field.value) : [...field.value].length;
  const over = number - limit;
  counter.textContent = over > 0 ? `${number} of ${limit} ${unit}: take out ${over}` : `${number} of ${limit} ${unit}`;
  counter.classList.toggle("over", over > 0);
}

document.addEventListener("input", (event) => {
  const counter = document.querySelector(`[data-count-of="${CSS.escape(event.target.id)}"]`);
  if (counter) recount(counter);
});

// What was typed before this script came is counted too.
document.querySelectorAll("[data-count-of]").forEach(recount);
