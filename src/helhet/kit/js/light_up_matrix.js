// In a matrix, the column under the pointer or the focus lights up, as the row does by itself.
function light(cell) {
  for (const lit of document.querySelectorAll(".hh-lit")) lit.classList.remove("hh-lit");
  const table = cell?.closest("table[data-matrix]");
  if (!table || cell.cellIndex < 1) return;
  for (const row of table.rows) row.cells[cell.cellIndex]?.classList.add("hh-lit");
}

for (const name of ["pointerover", "focusin"]) {
  document.addEventListener(name, (event) => {
    const cell = event.target.closest?.("table[data-matrix] :is(td, th)");
    if (cell || document.querySelector(".hh-lit")) light(cell);
  });
}
