// The focal point of a picture: by click, by drag, by arrow keys. The two number fields stay the truth.

const clamp = (value, low, high) => Math.min(Math.max(value, low), high);

function fieldsOf(stage) {
  const name = stage.dataset.focal;
  return ["focus_x", "focus_y"].map((part) => document.querySelector(`[name="${CSS.escape(`${name}.${part}`)}"]`));
}

// The same rule as the press: the largest crop of the frame's shape, its middle as near to the point as edges allow.
function draw(stage) {
  const svg = stage.querySelector("svg");
  const { width, height } = svg.viewBox.baseVal;
  const [across, down] = fieldsOf(stage).map((field) => clamp(Number(field.value) || 0, 0, 100) / 100);
  const frame = Number(stage.dataset.frame);
  const cropWidth = Math.min(width, height * frame);
  const cropHeight = Math.min(height, width / frame);
  const left = clamp(across * width - cropWidth / 2, 0, width - cropWidth);
  const top = clamp(down * height - cropHeight / 2, 0, height - cropHeight);
  svg.querySelector(".cut-off").setAttribute(
    "d",
    `M0 0H${width}V${height}H0Z M${left} ${top}V${top + cropHeight}H${left + cropWidth}V${top}Z`,
  );
  const point = svg.querySelector(".point");
  point.setAttribute("cx", across * width);
  point.setAttribute("cy", down * height);
  stage.setAttribute("aria-valuenow", Math.round(across * 100));
  stage.setAttribute("aria-valuetext", `${Math.round(across * 100)} % across, ${Math.round(down * 100)} % down`);
}

function move(stage, across, down) {
  fieldsOf(stage).forEach((field, axis) => {
    field.value = Math.round(clamp([across, down][axis], 0, 100));
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
}

const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

function prepare(stage) {
  if (stage.tabIndex === 0) return;
  stage.tabIndex = 0;
  stage.setAttribute("role", "slider");
  stage.setAttribute("aria-label", "Focal point of the picture; the arrow keys move it");
  stage.setAttribute("aria-valuemin", 0);
  stage.setAttribute("aria-valuemax", 100);
  const follow = (event) => {
    const box = stage.querySelector("svg").getBoundingClientRect();
    move(stage, ((event.clientX - box.left) / box.width) * 100, ((event.clientY - box.top) / box.height) * 100);
  };
  stage.addEventListener("pointerdown", (event) => {
    stage.setPointerCapture(event.pointerId);
    follow(event);
  });
  stage.addEventListener("pointermove", (event) => {
    if (stage.hasPointerCapture(event.pointerId)) follow(event);
  });
  stage.addEventListener("keydown", (event) => {
    const step = STEPS[event.key];
    if (!step) return;
    event.preventDefault();
    const [across, down] = fieldsOf(stage).map((field) => Number(field.value));
    const size = event.shiftKey ? 10 : 2;
    move(stage, across + step[0] * size, down + step[1] * size);
  });
  draw(stage);
}

const prepareAll = () => document.querySelectorAll("[data-focal]").forEach(prepare);

document.addEventListener("input", (event) => {
  const stage = event.target.closest(".placed")?.querySelector("[data-focal]");
  if (stage) draw(stage);
});
document.addEventListener("htmx:afterSettle", prepareAll);
prepareAll();
