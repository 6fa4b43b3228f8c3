// What is written is kept in this browser until it is saved, with what it was begun from, so that a lost session or
// network loses nothing and a text that comes back late meets the other writer's on the merge page.
const NAMES = ["title", "text", "note", "version", "published", "document_version"];
const words = document.getElementById("write-words").dataset;
const told = document.getElementById("write-told");

const keyOf = (form) => `helhet:write:${form.dataset.write}`;
const values = (form) => Object.fromEntries(NAMES.map((name) => [name, form.elements[name].value]));

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
  for (const name of NAMES) form.elements[name].value = kept[name];
  const drop = document.createElement("button");
  drop.type = "button";
  drop.className = "hh-link";
  drop.textContent = words.drop;
  drop.addEventListener("click", () => {
    localStorage.removeItem(keyOf(form));
    for (const name of NAMES) form.elements[name].value = began[name];
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
  const isSame = kept && ["title", "text", "note"].every((name) => kept[name] === began[name]);
  const isOwnAnswer = form.hasAttribute("data-meeting") || document.querySelector("main [role=alert]");
  if (isSame) localStorage.removeItem(keyOf(form));
  else if (kept && !isOwnAnswer) restore(form, kept, began);
  let timer = 0;
  form.addEventListener("input", () => {
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
