// The map: draws what the server tells, asks it for more, and keeps where things stand.
import cytoscape from "cytoscape";
import { colours, whenTheyChange } from "../map/colours.js";
import { elements, groupOf, looks } from "../map/drawing.js";
import { loadIcons } from "../map/icons.js";
import { arranged, placedNear } from "../map/layout.js";
import { asSvg } from "../map/svg.js";

const board = document.getElementById("hh-map");
const shown = document.getElementById("hh-map-shown");
const chosen = document.getElementById("hh-map-chosen");
const before = [];
let data;
let places = {};
let cy;
let picked = "";

const told = () => JSON.parse(document.getElementById("hh-map-data").textContent);
const button = (act) => document.querySelector(`[data-map-act="${act}"]`);
const asPoints = (pairs) => Object.fromEntries(Object.entries(pairs).map(([name, [x, y]]) => [name, { x, y }]));

function keepPlaces() {
  for (const node of cy.nodes(":childless")) if (node.data("reference")) places[node.id()] = { ...node.position() };
}

function draw({ fit = false } = {}) {
  const began = performance.now();
  const known = Object.fromEntries(data.items.filter((item) => places[item.reference]).map((item) => [item.reference, places[item.reference]]));
  places = { ...places, ...(Object.keys(known).length ? placedNear(data.items, data.links, known, data.grouping) : arranged(data.items, data.grouping)) };
  cy.batch(() => {
    cy.elements().remove();
    cy.add(elements(data, places));
  });
  board.dataset.nodes = cy.nodes(":childless").length;
  board.dataset.drawnMs = Math.round(performance.now() - began);
  if (fit) whole();
  nameLanes();
  for (const form of document.querySelectorAll("[data-map-save], [data-map-form]")) bringUpToDate(form);
}

// From afar the names of groups are what can be read.
function nameLanes() {
  cy.nodes(":parent").style("font-size", Math.min(44, Math.max(12, 12 / cy.zoom())));
}

function whole() {
  cy.fit(undefined, 24);
  if (cy.zoom() > 1.1) {
    cy.zoom(1.1);
    cy.center();
  }
}

function bringUpToDate(form) {
  for (const [name, value] of new URLSearchParams(data.query)) {
    let field = form.querySelector(`input[name="${name}"]`);
    if (!field) {
      field = Object.assign(document.createElement("input"), { type: "hidden", name });
      form.append(field);
    }
    if (field.type === "hidden") field.value = value;
  }
}

// Ask the server for the map with something done to it; what stands keeps its place.
async function ask(changes, { remember = true } = {}) {
  keepPlaces();
  const query = new URLSearchParams(data.query);
  for (const [name, value] of Object.entries(changes)) query.set(name, value);
  const kept = { query: data.query, places: { ...places } };
  const answer = await fetch(`${data.address}?${query}`, { headers: { "HX-Request": "true" } });
  const text = await answer.text();
  if (answer.status >= 500) return;
  shown.innerHTML = text;
  data = told();
  if (remember && answer.ok) before.push(kept);
  button("undo").disabled = !before.length;
  document.getElementById("hh-map-says").innerHTML = document.getElementById("hh-map-said").innerHTML;
  history.replaceState(null, "", data.address + data.query);
  draw();
  choose(data.items.some((item) => item.reference === picked) ? picked : "");
}

async function undo() {
  const last = before.pop();
  if (!last) return;
  data.query = last.query;
  await ask({}, { remember: false });
  places = last.places;
  draw();
}

function choose(reference) {
  picked = reference;
  const item = data.items.find((one) => one.reference === reference);
  chosen.hidden = !item;
  cy.edges().removeClass("near");
  if (!item) return;
  cy.getElementById(reference).connectedEdges().addClass("near");
  const fill = (name) => chosen.querySelector(`[data-fill="${name}"]`);
  Object.assign(fill("name"), { textContent: item.name, href: item.url });
  fill("reference").textContent = item.reference;
  fill("facts").textContent = [item.group_name ?? data.words.none, item.criticality, item.state].filter(Boolean).join(" · ");
  fill("badges").replaceChildren(...item.badges.map((badge) => Object.assign(document.createElement("a"), { textContent: `⚑ ${badge.label} `, href: badge.url })));
  if (fill("error")) fill("error").textContent = "";
  for (const name of ["more_needs", "more_needed_by"]) fill(name).textContent = item[name] ? `+${item[name]}` : "";
  button("needs").disabled = !item.more_needs;
  button("dependants").disabled = !item.more_needed_by;
  for (const field of chosen.querySelectorAll("[data-fill-value]")) field.value = item[field.dataset.fillValue];
}

const other = () => chosen.querySelector("details[open] input[name=provider]");

function tapped(event) {
  const node = event.target;
  if (node === cy) return choose("");
  if (!node.isNode()) return undefined;
  if (node.data("key") !== undefined) return node.isParent() && event.position.y > node.boundingBox({ includeLabels: false }).y1 + 14 ? choose("") : fold(node.data("key"));
  if (picked && picked !== node.id() && other()) return (other().value = node.id());
  const item = data.items.find((one) => one.reference === node.id());
  const again = picked === node.id();
  choose(node.id());
  return again && item.more_needs + item.more_needed_by ? ask({ open: node.id() }) : undefined;
}

function fold(key) {
  const closed = new Set(data.closed);
  if (!closed.delete(key)) closed.add(key);
  return ask({ closed: [...closed].join(",") });
}

function give(name, address) {
  Object.assign(document.createElement("a"), { download: name, href: address }).click();
}

const fileName = (ending) => `${data.words.title.replace(/[^\p{L}\p{N}]+/gu, "-").slice(0, 60)}.${ending}`;

const acts = {
  undo,
  fit: whole,
  tidy: () => {
    keepPlaces();
    before.push({ query: data.query, places });
    button("undo").disabled = false;
    places = {};
    draw({ fit: true });
  },
  foldall: () => ask({ closed: data.closed.length ? "" : [...new Set(data.items.map((item) => groupOf(item, data.grouping) || "-"))].join(",") }).then(whole),
  close: () => choose(""),
  needs: () => ask({ open: picked, way: "needs" }),
  dependants: () => ask({ open: picked, way: "dependants" }),
  hide: () => ask({ hide: picked }),
  svg: () => give(fileName("svg"), URL.createObjectURL(new Blob([asSvg(cy, data.words.title, colours())], { type: "image/svg+xml" }))),
  png: () => give(fileName("png"), URL.createObjectURL(cy.png({ output: "blob", full: true, scale: 2, maxWidth: 8000, maxHeight: 8000, bg: colours().paper }))),
  print: () => window.print(),
};

const KEYS = { "+": () => cy.zoom(cy.zoom() * 1.2), "-": () => cy.zoom(cy.zoom() / 1.2), ArrowLeft: () => cy.panBy({ x: 60, y: 0 }), ArrowRight: () => cy.panBy({ x: -60, y: 0 }), ArrowUp: () => cy.panBy({ x: 0, y: 60 }), ArrowDown: () => cy.panBy({ x: 0, y: -60 }) };

// From the list: the box is brought to the middle, and what can be done with it is told.
function chooseFromList(reference) {
  const node = cy.getElementById(reference);
  if (node.nonempty()) {
    cy.elements().unselect();
    node.select();
    cy.center(node);
  }
  choose(reference);
  board.scrollIntoView({ block: "center" });
  chosen.focus();
}

async function connect(form) {
  const answer = await fetch(form.action, { method: "POST", body: new FormData(form), headers: { Accept: "application/json" } });
  if (answer.ok) return ask({ add: form.elements.provider.value }).then(() => (form.elements.provider.value = ""));
  const refusal = await answer.json().catch(() => ({}));
  chosen.querySelector('[data-fill="error"]').textContent = [refusal.message, refusal.todo].filter(Boolean).join(" ");
}

function listen() {
  document.addEventListener("click", (event) => {
    const asked = event.target.closest("[data-map-choose]");
    if (asked) chooseFromList(asked.dataset.mapChoose);
    const act = event.target.closest("[data-map-act]")?.dataset.mapAct;
    if (act) acts[act]();
  });
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.matches("[data-map-form]")) {
      event.preventDefault();
      const asked = event.submitter?.name ? { [event.submitter.name]: event.submitter.value } : Object.fromEntries([...form.querySelectorAll("input:not([type=hidden])")].map((field) => [field.name, field.value]));
      ask(asked);
    } else if (form.matches("[data-map-save]")) {
      keepPlaces();
      bringUpToDate(form);
      const standing = data.items.map((item) => [item.reference, places[item.reference]]).filter(([, at]) => at);
      if (form.matches("[data-map-connect]")) {
        event.preventDefault();
        connect(form);
      }
      form.elements.places.value = JSON.stringify(Object.fromEntries(standing.map(([name, at]) => [name, [Math.round(at.x), Math.round(at.y)]])));
    }
  });
  board.addEventListener("keydown", (event) => {
    if (event.key === "z" && (event.ctrlKey || event.metaKey)) undo();
    else if (KEYS[event.key]) KEYS[event.key]();
    else return;
    event.preventDefault();
  });
  cy.on("tap", tapped);
  cy.on("zoom", nameLanes);
  let stood;
  cy.on("grab", "node", () => {
    keepPlaces();
    stood = { query: data.query, places: { ...places } };
  });
  cy.on("dragfree", "node", () => {
    before.push(stood);
    button("undo").disabled = false;
  });
  cy.on("tapend", "node", keepPlaces);
  whenTheyChange(() => cy.style(looks(colours())));
}

async function begin() {
  data = told();
  places = asPoints(data.places);
  await loadIcons(data.icons);
  cy = cytoscape({
    container: board, style: looks(colours()), layout: { name: "preset" }, minZoom: 0.05, maxZoom: 3, boxSelectionEnabled: false, selectionType: "single",
    textureOnViewport: false, hideEdgesOnViewport: data.items.length > 200, pixelRatio: Math.min(2, window.devicePixelRatio),
  });
  draw({ fit: true });
  listen();
  board.dataset.ready = "";
}

if (board && board.offsetParent) begin();
