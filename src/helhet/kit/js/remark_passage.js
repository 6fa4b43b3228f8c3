// Whoever chooses words in a text with data-remark-url is offered to remark on them; the form knows them already.
const AROUND = 60;
const area = document.querySelector("[data-remark-url]");

function offer() {
  document.getElementById("hh-remark-here")?.remove();
  const chosen = getSelection();
  const quote = chosen.toString().trim();
  if (!quote || quote.length > 1000 || !area.contains(chosen.anchorNode) || !area.contains(chosen.focusNode)) return;
  const range = chosen.getRangeAt(0);
  const before = range.cloneRange();
  before.setStart(area, 0);
  before.setEnd(range.startContainer, range.startOffset);
  const after = range.cloneRange();
  after.setStart(range.endContainer, range.endOffset);
  after.setEnd(area, area.childNodes.length);
  const url = new URL(area.dataset.remarkUrl, location.href);
  url.searchParams.set("quote", quote);
  url.searchParams.set("before", before.toString().slice(-AROUND));
  url.searchParams.set("after", after.toString().slice(0, AROUND));
  const link = document.createElement("a");
  link.id = "hh-remark-here";
  link.className = "btn hh-remark-here";
  link.href = url.href;
  link.textContent = area.dataset.remarkLabel;
  const { left, bottom } = range.getBoundingClientRect();
  link.style.left = `${left + scrollX}px`;
  link.style.top = `${bottom + scrollY + 6}px`;
  document.body.append(link);
}

if (area) {
  area.addEventListener("pointerup", () => setTimeout(offer));
  area.addEventListener("keyup", offer);
}
