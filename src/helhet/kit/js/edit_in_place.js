// A field that was opened where it stands gets the focus; Esc closes it unsaved.
document.addEventListener("htmx:after:swap", () => {
  const field = document.querySelector("[data-inplace] :is(input:not([type=hidden]), select, textarea):not([data-met])");
  if (!field) return;
  field.dataset.met = "";
  field.focus();
  field.select?.();
});

document.addEventListener("keydown", (event) => {
  const form = event.key === "Escape" && event.target.closest("[data-inplace]");
  // The first closes what is offered in the field.
  if (!form || event.defaultPrevented) return;
  event.preventDefault();
  form.querySelector("[data-cancel]").click();
});
