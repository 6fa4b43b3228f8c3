// From what the server tells to what Cytoscape draws.
import { HEIGHT, WIDTH, arranged } from "./layout.js";
import { iconAddress } from "./icons.js";

const LONGEST = 22;
const cut = (text, most = LONGEST) => (text.length > most ? `${text.slice(0, most - 1).trimEnd()}…` : text);
const filled = (text, values) => Object.entries(values).reduce((told, [name, value]) => told.replace(`%(${name})s`, value), text);

export const groupOf = (item, grouping) => (grouping === "none" ? null : ((grouping === "service" ? item.service : item.group) ?? ""));
const nameOf = (item, data) => (data.grouping === "service" ? item.service_name : item.group_name) ?? data.words.none;

// The second line of a box: its reference, what goes on with it, and how much more stands around it.
function secondLine(item, words) {
  const more = item.more_needs + item.more_needed_by;
  const parts = [item.reference, item.badges.length ? `⚑ ${item.badges[0].label}` : item.criticality && item.is_critical ? item.criticality : item.state];
  if (more) parts.push(`+${more}`);
  return cut(parts.filter(Boolean).join(" · "), 27);
}

// Groups that are all folded stand close together, in the order of their steps from the start.
function whereFolded(groups) {
  const nearest = (items) => items.reduce((best, item) => (Math.abs(item.layer) < Math.abs(best) ? item.layer : best), items[0].layer);
  return arranged([...groups].map(([group, { items }]) => ({ reference: group, layer: nearest(items) })), "none");
}

export function elements(data, places) {
  const closed = new Set(data.closed);
  const nodes = [];
  const groups = new Map();
  const standsFor = new Map();
  for (const item of data.items) {
    const group = groupOf(item, data.grouping);
    if (group !== null && !groups.has(group)) groups.set(group, { name: nameOf(item, data), items: [] });
    if (group !== null) groups.get(group).items.push(item);
    if (group !== null && closed.has(group || "-")) {
      standsFor.set(item.reference, `group ${group}`);
      continue;
    }
    standsFor.set(item.reference, item.reference);
    nodes.push({
      group: "nodes",
      data: {
        id: item.reference, parent: group === null ? undefined : `lane ${group}`, reference: item.reference, name: item.name, icon: item.icon,
        label: `${cut(item.name)}\n${secondLine(item, data.words)}`, start: item.is_start || undefined, critical: item.is_critical || undefined,
        flagged: item.badges.length ? item.badges[0].mark || "due" : undefined,
      },
      position: { ...places[item.reference] },
    });
  }
  const close = nodes.length ? undefined : whereFolded(groups);
  for (const [group, { name, items }] of groups) {
    if (closed.has(group || "-")) {
      const at = items.map((item) => places[item.reference]);
      const middle = (axis) => at.reduce((sum, one) => sum + one[axis], 0) / at.length;
      nodes.push({
        group: "nodes",
        data: { id: `group ${group}`, key: group || "-", name, icon: "groups", label: `${cut(name)}\n${filled(data.words.items, { count: items.length })}`, folded: true },
        position: close ? { ...close[group] } : { x: middle("x"), y: middle("y") },
      });
    } else nodes.push({ group: "nodes", data: { id: `lane ${group}`, key: group || "-", name, label: `${name}  −` } });
  }
  return [...nodes, ...lines(data, standsFor)];
}

function lines(data, standsFor) {
  const found = new Map();
  for (const link of data.links) {
    const [source, target] = [standsFor.get(link.item), standsFor.get(link.provider)];
    if (source === target) continue;
    const doubt = link.standing === "questioned" ? data.words.questioned : link.is_seen ? "" : data.words.unseen;
    const told = [link.type_name, doubt].filter(Boolean).join(" · ");
    const id = `${source} > ${target}`;
    const known = found.get(id);
    if (known) {
      known.count += 1;
      if (link.criticality === "hard") known.criticality = "hard";
      if (known.label !== told) known.several = true;
      continue;
    }
    const set = link.least ? filled(data.words.least, { least: link.least, of: link.of }) : "";
    found.set(id, { id, source, target, criticality: link.criticality, count: 1, label: told, set });
  }
  const many = found.size > 120;
  return [...found.values()].map((line) => ({
    group: "edges",
    data: { id: line.id, source: line.source, target: line.target, criticality: line.criticality, label: line.set || (line.count > 1 ? String(line.count) : many || line.several ? "" : line.label) },
  }));
}

export const looks = (shades) => [
  {
    selector: "node:childless",
    style: {
      shape: "round-rectangle", "corner-radius": 4, width: WIDTH, height: HEIGHT, "background-color": shades.paper, "border-color": shades["rule-strong"], "border-width": 1,
      label: "data(label)", color: shades.ink, "font-family": "Inter Variable, Segoe UI, sans-serif", "font-size": 12, "font-weight": 500, "text-wrap": "wrap",
      "text-max-width": WIDTH - 36, "text-justification": "left", "text-halign": "right", "text-valign": "center", "text-margin-x": 32 - WIDTH, "line-height": 1.25,
      "background-image": (node) => iconAddress(node.data("icon"), shades["ink-3"]), "background-width": 16, "background-height": 16, "background-position-x": 8,
      "background-position-y": "50%", "min-zoomed-font-size": 5,
    },
  },
  { selector: "node[?folded]", style: { "background-color": shades.sunken, "border-style": "dashed", "border-color": shades.edge } },
  { selector: "node[?critical]", style: { "border-width": 3, "border-color": shades.edge } },
  { selector: "node[?flagged]", style: { "border-color": shades.due, "border-width": 2, "border-style": "double" } },
  { selector: "node[?start]", style: { "background-color": shades["accent-tint"], "border-color": shades.accent, "border-width": 2 } },
  {
    selector: "node:parent",
    style: {
      shape: "round-rectangle", "corner-radius": 6, "background-color": shades.sunken, "background-opacity": 1, "border-width": 0, padding: 10, "compound-sizing-wrt-labels": "exclude", label: "data(label)", color: shades["ink-2"],
      "font-family": "Inter Variable, Segoe UI, sans-serif", "font-size": 12, "text-valign": "top", "text-halign": "center", "text-margin-y": -4, "min-zoomed-font-size": 5,
    },
  },
  {
    selector: "edge",
    style: {
      width: 1.2, "line-color": shades.edge, "target-arrow-color": shades.edge, "target-arrow-shape": "triangle", "arrow-scale": 0.7, "curve-style": "bezier", label: "data(label)",
      "font-size": 10, "font-family": "Inter Variable, Segoe UI, sans-serif", color: shades["ink-2"], "text-background-color": shades.paper, "text-background-opacity": 0.9, "text-background-padding": 2, "min-zoomed-font-size": 7,
    },
  },
  { selector: "edge[criticality = 'degrades']", style: { "line-style": "dashed" } },
  { selector: "edge[criticality = 'none']", style: { "line-style": "dotted", "target-arrow-shape": "vee" } },
  { selector: "node:selected", style: { "border-color": shades.accent, "border-width": 3 } },
  { selector: ".near", style: { "line-color": shades.accent, "target-arrow-color": shades.accent, width: 2 } },
];
