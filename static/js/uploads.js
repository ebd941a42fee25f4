// Says that a file is too large before it travels for minutes only to be refused, and that one which is not still
// has to be saved.

function weigh(input) {
  const most = Number(input.form.dataset.uploadMb);
  const size = [...input.files].reduce((sum, file) => sum + file.size, 0) / 2 ** 20;
  const words =
    size > most
      ? `That is ${Math.round(size)} MB, and ${most} MB is the most we take at once. Choose a smaller picture.`
      : "";
  input.setCustomValidity(words);
  if (words) input.reportValidity();
  const chosen = document.querySelector(`[data-chosen="${CSS.escape(input.id)}"]`);
  if (chosen) chosen.hidden = Boolean(words) || input.files.length === 0;
}

document.addEventListener("change", (event) => {
  if (event.target.type === "file") weigh(event.target);
});

// What was chosen before this script came is weighed too.
document.querySelectorAll("input[type=file]").forEach((input) => input.files.length && weigh(input));
