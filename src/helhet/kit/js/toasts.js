// Toasts go by themselves, stay while they are pointed at or focused or when they lead on, and tell when a request failed.
import { say } from "./words.js";

const STAYS_MS = 10_000;
const pile = () => document.getElementById("hh-toasts");

function leave(toast) {
  if (toast.querySelector("a") && toast.querySelector("[data-close-toast]")) return;
  const wait = () => setTimeout(() => (toast.matches(":hover, :focus-within") ? wait() : toast.remove()), STAYS_MS);
  wait();
}

export function tell(text, address = "") {
  const toast = document.createElement("div");
  toast.className = "hh-toast hh-failed";
  toast.append(address ? Object.assign(document.createElement("a"), { href: address, textContent: text }) : text);
  pile()?.append(toast);
}

new MutationObserver((changes) => {
  for (const change of changes) for (const node of change.addedNodes) if (node.nodeType === Node.ELEMENT_NODE) leave(node);
}).observe(pile(), { childList: true });
for (const toast of pile().children) leave(toast);

document.addEventListener("click", (event) => event.target.closest("[data-close-toast]")?.closest(".hh-toast").remove());

document.addEventListener("htmx:response:error", (event) => {
  if (event.detail.ctx.response.status >= 500) tell(say("failed"));
});
document.addEventListener("htmx:error", (event) => {
  if (!event.detail.ctx?.response) tell(say("offline"));
});
