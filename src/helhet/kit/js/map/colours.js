// The page's own colours, light or dark, as the drawing needs them: worked out by the browser from the tokens.
const TOKENS = ["paper", "sunken", "rule", "rule-strong", "edge", "ink", "ink-2", "ink-3", "accent", "accent-tint", "due", "over"];

export function colours() {
  const probe = document.createElement("span");
  document.body.append(probe);
  const found = {};
  for (const name of TOKENS) {
    probe.style.color = `var(--hh-${name})`;
    found[name] = getComputedStyle(probe).color;
  }
  probe.remove();
  return found;
}

export function whenTheyChange(then) {
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", then);
  new MutationObserver(then).observe(document.documentElement, { attributeFilter: ["data-bs-theme"] });
}
