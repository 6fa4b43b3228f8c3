// Icons of the sprite as pictures that a canvas can draw.
const drawings = new Map();

export async function loadIcons(address) {
  const text = await (await fetch(address)).text();
  for (const symbol of new DOMParser().parseFromString(text, "image/svg+xml").querySelectorAll("symbol")) drawings.set(symbol.id, symbol);
}

export function iconMarkup(name, colour) {
  const symbol = drawings.get(name) ?? drawings.get("estate");
  if (!symbol) return "";
  return `<g fill="none" stroke="${colour}" stroke-width="1.7" stroke-linecap="round" stroke-linejoin="round">${symbol.innerHTML}</g>`;
}

export const iconAddress = (name, colour) =>
  `data:image/svg+xml;utf8,${encodeURIComponent(`<svg xmlns="http://www.w3.org/2000/svg" width="32" height="32" viewBox="0 0 24 24">${iconMarkup(name, colour)}</svg>`)}`;
