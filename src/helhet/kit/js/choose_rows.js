// Chosen rows: the box in the head, a span with Shift, the count in the bar, and "all that match".
let last = null;

const boxes = (form) => [...form.querySelectorAll("tbody .hh-selcol input[type=checkbox]")];

function show(form) {
  const all = boxes(form);
  const chosen = all.filter((box) => box.checked).length;
  const head = form.querySelector("[data-select-all]");
  if (head) {
    head.checked = chosen > 0 && chosen === all.length;
    head.indeterminate = chosen > 0 && chosen < all.length;
  }
  const every = form.querySelector("[data-all]");
  if (every && chosen < all.length) every.checked = false;
  const count = form.querySelector("[data-count]");
  if (count) count.textContent = chosen;
}

document.addEventListener("click", (event) => {
  const box = event.target;
  const form = box.closest?.("form.hh-list");
  if (!form) return;
  if (box.matches("[data-select-all]")) for (const each of boxes(form)) each.checked = box.checked;
  else if (box.matches("[data-all]") && box.checked) for (const each of boxes(form)) each.checked = true;
  else if (box.matches("tbody .hh-selcol input")) {
    const all = boxes(form);
    const [from, to] = [all.indexOf(last), all.indexOf(box)].sort((a, b) => a - b);
    if (event.shiftKey && from >= 0) for (const each of all.slice(from, to + 1)) each.checked = box.checked;
    last = box;
  } else return;
  show(form);
});

document.addEventListener("reset", (event) => event.target.matches("form.hh-list") && setTimeout(() => show(event.target)));
for (const form of document.querySelectorAll("form.hh-list")) show(form);
