// What is written is kept in this browser until it is saved, with what it was begun from, so that a lost session or
// network loses nothing and a text that comes back late meets the other writer's on the merge page.
const NUMBERS = new Set(["version", "published", "document_version"]);
const words = document.getElementById("write-words").dataset;
const told = document.getElementById("write-told");

// Each writer's own: another who signs in at the same machine is not shown what was written here.
const keyOf = (form) => `helhet:write:${form.dataset.writer}:${form.dataset.write}`;
const isTick = (field) => field.type === "checkbox" || field.type === "radio";
const fieldsOf = (form) =>
  [...form.elements].filter(
    (field) =>
      field.name && !["csrfmiddlewaretoken", "how"].includes(field.name) && !["file", "submit"].includes(field.type),
  );
const nameOf = (field) => (isTick(field) ? `${field.name}=${field.value}` : field.name);
const values = (form) =>
  Object.fromEntries(fieldsOf(form).map((field) => [nameOf(field), isTick(field) ? field.checked : field.value]));

// What is folded away opens where it holds what was restored.
function unfold(field) {
  for (let fold = field.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
}

function put(form, kept) {
  const left = { ...kept };
  for (const field of fieldsOf(form)) {
    const name = nameOf(field);
    if (!(name in left)) continue;
    if (left[name] !== (isTick(field) ? field.checked : field.value)) unfold(field);
    if (isTick(field)) field.checked = left[name];
    else field.value = left[name];
    delete left[name];
  }
  // Rows that the form has no place for any more are sent all the same.
  for (const [name, value] of Object.entries(left)) {
    if (value === false || value === "") continue;
    const field = document.createElement("input");
    field.type = "hidden";
    field.name = value === true ? name.slice(0, name.lastIndexOf("=")) : name;
    field.value = value === true ? name.slice(name.lastIndexOf("=") + 1) : value;
    field.dataset.kept = "";
    form.append(field);
  }
}

function read(form) {
  try {
    return JSON.parse(localStorage.getItem(keyOf(form)) ?? "null");
  } catch {
    return null;
  }
}

function keep(form) {
  try {
    localStorage.setItem(keyOf(form), JSON.stringify(values(form)));
    told.textContent = words.kept;
  } catch {
    // Private windows and full disks keep nothing; then the page says nothing of keeping.
    told.textContent = "";
  }
}

function restore(form, kept, began) {
  put(form, kept);
  const drop = document.createElement("button");
  drop.type = "button";
  drop.className = "hh-link";
  drop.textContent = words.drop;
  drop.addEventListener("click", () => {
    localStorage.removeItem(keyOf(form));
    for (const field of form.querySelectorAll("[data-kept]")) field.remove();
    put(form, began);
    told.textContent = "";
    form.elements.text.dispatchEvent(new Event("input", { bubbles: true }));
    localStorage.removeItem(keyOf(form));
    form.elements.text.focus();
  });
  told.replaceChildren(words.restored, " ", drop);
}

export function keepWriting(form) {
  const began = values(form);
  const kept = read(form);
  const isSame = kept && Object.keys({ ...kept, ...began }).every((name) => NUMBERS.has(name) || kept[name] === began[name]);
  const isOwnAnswer = form.hasAttribute("data-meeting") || document.querySelector("main [role=alert]");
  if (isSame) localStorage.removeItem(keyOf(form));
  else if (kept && !isOwnAnswer) restore(form, kept, began);
  let timer = 0;
  form.addEventListener("input", (event) => {
    // Choosing a file writes nothing yet, and what is said of it must stand.
    if (event.target.type === "file") return;
    clearTimeout(timer);
    timer = setTimeout(() => keep(form), 300);
  });
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    keep(form);
    const home = new URL("..", new URL(form.action, location.href)).pathname;
    sessionStorage.setItem("helhet:sent", JSON.stringify({ key: keyOf(form), home }));
  });
}
