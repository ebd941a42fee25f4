// Says that a file is too large before it travels for minutes only to be refused, and that one which is not still
// has to be saved.

document.addEventListener("change", (event) => {
  const input = event.target;
  if (input.type !== "file") return;
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
});
