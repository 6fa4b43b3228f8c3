// Ctrl-K: the dialog, its hits by htmx, and the arrow keys among them.
const dialog = document.getElementById("hh-palette");
const field = dialog?.querySelector("input[role=combobox]");
const hits = () => [...dialog.querySelectorAll("[role=option]")];

export function openPalette() {
  if (!dialog || dialog.open) return;
  dialog.showModal();
  field.select();
  field.dispatchEvent(new CustomEvent("palette"));
}

function choose(hit) {
  for (const other of hits()) other.setAttribute("aria-selected", String(other === hit));
  if (hit) {
    field.setAttribute("aria-activedescendant", hit.id);
    hit.scrollIntoView({ block: "nearest" });
  } else field.removeAttribute("aria-activedescendant");
}

function onKey(event) {
  const all = hits();
  const now = all.findIndex((hit) => hit.getAttribute("aria-selected") === "true");
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    const step = event.key === "ArrowDown" ? 1 : -1;
    choose(all[(now + step + all.length) % all.length]);
  } else if (event.key === "Enter" && now >= 0) {
    event.preventDefault();
    location.assign(all[now].href);
  } else if (event.key === "Escape") {
    event.preventDefault();
    dialog.close();
  }
}

if (dialog) {
  field.addEventListener("keydown", onKey);
  dialog.addEventListener("htmx:after:swap", () => choose(hits()[0]));
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      event.preventDefault();
      openPalette();
    }
  });
  document.addEventListener("click", (event) => event.target.closest("[data-open-palette]") && openPalette());
}
