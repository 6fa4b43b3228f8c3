// The map as a drawing of its own: text stays text, in the colours of the page.
import { HEIGHT, WIDTH } from "./layout.js";
import { iconMarkup } from "./icons.js";

const NAMESPACE = "http://www.w3.org/2000/svg";
const MARGIN = 24;
const DASHES = { degrades: "6 4", none: "1 4" };

function part(parent, name, attributes, text) {
  const made = document.createElementNS(NAMESPACE, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (text !== undefined) made.textContent = text;
  parent.append(made);
  return made;
}

export function asSvg(cy, title, shades) {
  const box = cy.elements().boundingBox();
  const [x, y, width, height] = [box.x1 - MARGIN, box.y1 - MARGIN, box.w + 2 * MARGIN, box.h + 2 * MARGIN].map(Math.round);
  const svg = document.createElementNS(NAMESPACE, "svg");
  for (const [key, value] of Object.entries({ width, height, viewBox: `${x} ${y} ${width} ${height}`, "font-family": "Inter, 'Segoe UI', sans-serif" })) svg.setAttribute(key, value);
  part(svg, "title", {}, title);
  part(svg, "rect", { x, y, width, height, fill: shades.paper });
  for (const node of cy.nodes(":parent")) {
    const at = node.boundingBox({ includeLabels: false });
    part(svg, "rect", { x: at.x1, y: at.y1, width: at.w, height: at.h, rx: 6, fill: shades.sunken });
    part(svg, "text", { x: at.x1 + 8, y: at.y1 - 6, "font-size": 12, fill: shades["ink-2"] }, node.data("label"));
  }
  for (const edge of cy.edges()) line(svg, edge, shades);
  for (const node of cy.nodes(":childless")) thing(svg, node, shades);
  return new XMLSerializer().serializeToString(svg);
}

function line(svg, edge, shades) {
  const [from, to] = [edge.sourceEndpoint(), edge.targetEndpoint()];
  if (![from.x, from.y, to.x, to.y].every(Number.isFinite)) return;
  const middle = (from.x + to.x) / 2;
  const drawn = part(svg, "path", { d: `M${from.x} ${from.y}C${middle} ${from.y} ${middle} ${to.y} ${to.x} ${to.y}`, fill: "none", stroke: shades.edge, "stroke-width": 1.2 });
  if (DASHES[edge.data("criticality")]) drawn.setAttribute("stroke-dasharray", DASHES[edge.data("criticality")]);
  const turn = to.x < from.x ? 1 : -1;
  part(svg, "path", { d: `M${to.x} ${to.y}l${7 * turn} -3.5v7z`, fill: shades.edge });
  if (edge.data("label")) part(svg, "text", { x: middle, y: (from.y + to.y) / 2 - 4, "font-size": 10, "text-anchor": "middle", fill: shades["ink-3"] }, edge.data("label"));
}

function thing(svg, node, shades) {
  const { x, y } = node.position();
  const [left, top] = [x - WIDTH / 2, y - HEIGHT / 2];
  const group = part(svg, "g", {});
  part(group, "title", {}, `${node.data("name")} ${node.data("reference") ?? ""}`);
  part(group, "rect", { x: left, y: top, width: WIDTH, height: HEIGHT, rx: 4, fill: node.data("start") ? shades["accent-tint"] : shades.paper, stroke: node.data("start") ? shades.accent : shades["rule-strong"], "stroke-width": node.data("critical") ? 3 : 1 });
  const sign = part(group, "svg", { x: left + 8, y: y - 8, width: 16, height: 16, viewBox: "0 0 24 24" });
  sign.innerHTML = iconMarkup(node.data("icon"), shades["ink-3"]);
  const [name, second] = node.data("label").split("\n");
  part(group, "text", { x: left + 32, y: y - 3, "font-size": 12, "font-weight": 600, fill: shades.ink }, name);
  part(group, "text", { x: left + 32, y: y + 12, "font-size": 11, fill: shades["ink-2"] }, second ?? "");
}
