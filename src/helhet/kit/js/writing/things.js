// After [[ the things whose reference or name begins as what follows are offered.
import { put } from "./tools.js";

const OPEN = /\[\[([^\[\]\n]{0,100})$/;
const WAIT_MS = 150;
const words = document.getElementById("write-words").dataset;
const list = document.getElementById("write-choices");

export function offerThings(form) {
  const area = form.elements.text;
  let timer = 0;
  let asked = 0;
  const begun = () => OPEN.exec(area.value.slice(0, area.selectionStart));

  function close() {
    list.hidden = true;
    list.replaceChildren();
    area.removeAttribute("aria-activedescendant");
  }

  function take(line) {
    const from = area.selectionStart - begun()[1].length;
    put(area, `${line.dataset.reference}]]`, from, area.selectionStart);
    close();
  }

  function show(choices) {
    list.replaceChildren(
      ...choices.map(({ text, label, hint: told }, place) => {
        const line = document.createElement("li");
        line.id = `write-choice-${place}`;
        line.setAttribute("role", "option");
        line.setAttribute("aria-selected", "false");
        line.dataset.reference = text;
        const hint = document.createElement("span");
        hint.className = "hh-second";
        hint.textContent = told;
        line.append(label, " ", hint);
        return line;
      }),
    );
    list.hidden = !choices.length;
    document.getElementById("write-told").textContent = choices.length ? "" : words.none;
  }

  async function ask(text) {
    const mine = ++asked;
    const url = new URL(form.dataset.thingsUrl, location.href);
    url.searchParams.set("complete", text);
    const answer = await fetch(url, { headers: { Accept: "application/json" } }).catch(() => null);
    if (answer?.ok && mine === asked && begun()) show((await answer.json()).choices);
  }

  function move(step) {
    const all = [...list.children];
    const now = all.findIndex((line) => line.getAttribute("aria-selected") === "true");
    const next = (now + step + all.length + (now < 0 && step < 0 ? 1 : 0)) % all.length;
    all.forEach((line, place) => line.setAttribute("aria-selected", String(place === next)));
    area.setAttribute("aria-activedescendant", all[next].id);
    all[next].scrollIntoView({ block: "nearest" });
  }

  area.setAttribute("aria-autocomplete", "list");
  area.setAttribute("aria-controls", list.id);
  area.addEventListener("input", () => {
    clearTimeout(timer);
    const text = begun()?.[1].trim();
    if (!text) return close();
    timer = setTimeout(() => ask(text), WAIT_MS);
  });
  area.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    const chosen = list.querySelector('[aria-selected="true"]');
    if (event.key === "ArrowDown" || event.key === "ArrowUp") move(event.key === "ArrowDown" ? 1 : -1);
    else if (event.key === "Escape") close();
    else if ((event.key === "Enter" || event.key === "Tab") && chosen) take(chosen);
    else return;
    event.preventDefault();
  });
  area.addEventListener("blur", close);
  list.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    const line = event.target.closest("li");
    if (line) take(line);
  });
}
