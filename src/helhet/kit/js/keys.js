// Keys outside of fields: / searches, ? explains, g and a letter goes, j and k walk the rows, x chooses one.
const GO_WITHIN_MS = 1500;
let goingUntil = 0;

const rows = () => [...document.querySelectorAll("[data-rows] > tbody > tr, ol[data-rows] > li")];
const linkOf = (row) => row.querySelector("a.hh-thing, a");
const here = () => rows().findIndex((row) => row.contains(document.activeElement));
const typing = (target) => target.matches("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");

function walk(step) {
  const all = rows();
  const now = here();
  const next = now < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(all.length - 1, Math.max(0, now + step));
  const link = all[next] && linkOf(all[next]);
  link?.focus();
  link?.scrollIntoView({ block: "nearest" });
}

function search() {
  const field = document.querySelector("[data-filter]") ?? document.querySelector("[data-search]");
  field?.focus();
  field?.select();
}

function explain() {
  const help = document.getElementById("hh-keys");
  if (help && !help.open) help.showModal();
}

const DEEDS = {
  "/": search,
  "?": explain,
  j: () => walk(1),
  k: () => walk(-1),
  x: () => rows()[here()]?.querySelector("input[type=checkbox]")?.click(),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (typing(event.target) || document.querySelector("dialog[open]")) return;
  if (Date.now() < goingUntil) {
    goingUntil = 0;
    const place = document.querySelector(`.hh-side [data-key="${CSS.escape(event.key)}"]`);
    if (place) {
      event.preventDefault();
      location.assign(place.href);
      return;
    }
  }
  if (event.key === "g") goingUntil = Date.now() + GO_WITHIN_MS;
  else if (DEEDS[event.key]) {
    event.preventDefault();
    DEEDS[event.key]();
  }
});

document.addEventListener("click", (event) => event.target.closest("[data-open-keys]") && explain());
