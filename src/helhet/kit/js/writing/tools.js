// The buttons above the text: each puts its Markdown where the cursor stands.
const words = document.getElementById("write-words").dataset;
const told = document.getElementById("write-told");

export function put(area, text, from = area.selectionStart, to = area.selectionEnd) {
  area.focus();
  area.setSelectionRange(from, to);
  // The old command is the one way that the browser can undo.
  if (!document.execCommand("insertText", false, text)) area.setRangeText(text, from, to, "end");
  area.dispatchEvent(new Event("input", { bubbles: true }));
}

function lines(area, before) {
  const from = area.value.lastIndexOf("\n", area.selectionStart - 1) + 1;
  const chosen = area.value.slice(from, area.selectionEnd);
  put(area, chosen.split("\n").map((line) => before + line).join("\n"), from, area.selectionEnd);
}

function around(area, sign) {
  const { selectionStart: from, selectionEnd: to } = area;
  put(area, `${sign}${area.value.slice(from, to)}${sign}`);
  area.setSelectionRange(from + sign.length, to + sign.length);
}

// Keeps the file and writes where it stands; how many signs before the cursor the words begin that say what a picture
// shows, 0 for any other file, null when it was refused.
async function send(form, area, file) {
  told.textContent = words.sending;
  const body = new FormData();
  body.append("file", file);
  const headers = { Accept: "application/json", "X-CSRFToken": form.elements.csrfmiddlewaretoken.value };
  const answer = await fetch(form.dataset.pictureUrl, { method: "POST", body, headers }).catch(() => null);
  if (!answer?.ok) {
    const said = await answer?.json().catch(() => null);
    told.textContent = [words.failed, said?.message].filter(Boolean).join(" ");
    return null;
  }
  const kept = await answer.json();
  const name = kept.name.replace(/[\\[\]]/g, "\\$&");
  put(area, kept.is_picture ? `![${words.describe}](${kept.url})` : `[${name}](${kept.url})`);
  told.textContent = words.done;
  return kept.is_picture ? words.describe.length + kept.url.length + 3 : 0;
}

async function sendAll(form, area, files) {
  for (const [place, file] of [...files].entries()) {
    if (place) put(area, "\n\n");
    const back = await send(form, area, file);
    if (back === null) return;
    // Of a single picture the words that ask for a description are chosen, so that writing takes their place.
    const from = area.selectionEnd - back;
    if (back && files.length === 1) area.setSelectionRange(from, from + words.describe.length);
  }
}

export function giveTools(form) {
  const area = form.elements.text;
  const bar = form.querySelector("[role=toolbar]");
  const file = document.getElementById("write-file");
  const deeds = {
    heading: () => lines(area, "## "),
    bold: () => around(area, "**"),
    list: () => lines(area, "- "),
    check: () => lines(area, "- [ ] "),
    table: (button) => put(area, `\n| ${button.dataset.cells} | ${button.dataset.cells} |\n| --- | --- |\n|  |  |\n`),
    thing: () => put(area, "[["),
    picture: () => file.click(),
  };
  bar.hidden = false;
  const buttons = [...bar.querySelectorAll("button")];
  buttons.forEach((button, place) => (button.tabIndex = place ? -1 : 0));
  bar.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button) deeds[button.dataset.tool](button);
  });
  bar.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const now = buttons.indexOf(document.activeElement);
    const next = buttons[(now + step + buttons.length) % buttons.length];
    buttons.forEach((button) => (button.tabIndex = button === next ? 0 : -1));
    next.focus();
  });
  file.addEventListener("change", () => {
    sendAll(form, area, [...file.files]);
    file.value = "";
  });
  area.addEventListener("paste", (event) => {
    // A spreadsheet copies its cells as words and as a picture of them: the words are meant.
    const { files, types } = event.clipboardData;
    if (!files.length || types.includes("text/plain")) return;
    event.preventDefault();
    sendAll(form, area, [...files]);
  });
  area.addEventListener("drop", (event) => {
    if (!event.dataTransfer.files.length) return;
    event.preventDefault();
    sendAll(form, area, [...event.dataTransfer.files]);
  });
}
