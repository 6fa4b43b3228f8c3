// Completion in the filter field, and in fields that ask for things. data-complete-url answers JSON for ?complete=TEXT&at=PLACE:
// {"from": 0, "to": 4, "choices": [{"text": "kind:", "label": "kind:", "hint": "Typ"}]}; from and to bound what the text replaces.
const WAIT_MS = 120;
let timer = 0;
let asked = 0;

function listOf(field) {
  let list = document.getElementById("hh-complete");
  if (!list) {
    list = document.createElement("ul");
    list.id = "hh-complete";
    list.className = "hh-complete";
    list.setAttribute("role", "listbox");
    list.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      const choice = event.target.closest("li");
      if (choice) take(list.previousElementSibling, choice);
    });
  }
  if (list.previousElementSibling !== field) {
    list.setAttribute("aria-label", field.getAttribute("aria-label") ?? field.labels[0]?.textContent ?? "");
    field.after(list);
  }
  return list;
}

// A field of several lines is no combobox: it opens nothing, and says what is chosen alone.
function isOpen(field, open) {
  if (open) field.setAttribute("aria-controls", "hh-complete");
  else field.removeAttribute("aria-controls");
  if (field.tagName === "INPUT") field.setAttribute("aria-expanded", String(open));
}

function close(field) {
  document.getElementById("hh-complete")?.remove();
  isOpen(field, false);
  field.removeAttribute("aria-activedescendant");
}

function take(field, choice) {
  const { from, to, text } = choice.dataset;
  field.setRangeText(text, Number(from), Number(to), "end");
  close(field);
  field.focus();
  ask(field);
}

function part(text, css) {
  const span = document.createElement("span");
  if (css) span.className = css;
  span.textContent = text;
  return span;
}

function show(field, answer) {
  if (!answer.choices.length || document.activeElement !== field) return close(field);
  const list = listOf(field);
  list.replaceChildren(
    ...answer.choices.map((choice, place) => {
      const line = document.createElement("li");
      line.id = `hh-complete-${place}`;
      line.setAttribute("role", "option");
      line.setAttribute("aria-selected", "false");
      Object.assign(line.dataset, { from: answer.from, to: answer.to, text: choice.text });
      line.append(part(choice.label ?? choice.text), part(choice.hint ?? "", "hh-second"));
      return line;
    }),
  );
  field.removeAttribute("aria-activedescendant");
  isOpen(field, true);
}

function ask(field) {
  clearTimeout(timer);
  timer = setTimeout(async () => {
    const mine = ++asked;
    const url = new URL(field.dataset.completeUrl, location.href);
    url.searchParams.set("complete", field.value);
    url.searchParams.set("at", field.selectionStart);
    const response = await fetch(url, { headers: { Accept: "application/json" } }).catch(() => null);
    if (response?.ok && mine === asked) show(field, await response.json());
  }, WAIT_MS);
}

function move(field, step) {
  const lines = [...listOf(field).children];
  const now = lines.findIndex((line) => line.getAttribute("aria-selected") === "true");
  const next = (now + step + lines.length) % lines.length;
  lines.forEach((line, place) => line.setAttribute("aria-selected", String(place === next)));
  field.setAttribute("aria-activedescendant", lines[next].id);
}

function onKey(event) {
  const list = document.getElementById("hh-complete");
  if (!list) return;
  const chosen = list.querySelector('[aria-selected="true"]');
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    move(event.target, event.key === "ArrowDown" ? 1 : upwards(chosen));
  } else if ((event.key === "Enter" && chosen) || (event.key === "Tab" && chosen)) {
    event.preventDefault();
    take(event.target, chosen);
  } else if (event.key === "Escape") {
    event.preventDefault();
    close(event.target);
  }
}

// Upwards from no choice at all lands on the last line.
const upwards = (chosen) => (chosen ? -1 : 0);

function prepare(field) {
  if (field.hasAttribute("aria-autocomplete")) return;
  if (field.tagName === "INPUT") field.setAttribute("role", "combobox");
  field.setAttribute("aria-autocomplete", "list");
  close(field);
  field.addEventListener("input", () => ask(field));
  field.addEventListener("keydown", onKey);
  field.addEventListener("blur", () => close(field));
  if (field.dataset.errorAt !== undefined) {
    field.focus();
    field.setSelectionRange(Number(field.dataset.errorAt), field.value.length);
  }
}

for (const field of document.querySelectorAll("[data-complete-url]")) prepare(field);
// Those that come into the page later, such as a field that is edited in its place.
document.addEventListener("focusin", (event) => {
  if (event.target.matches("[data-complete-url]")) prepare(event.target);
});
