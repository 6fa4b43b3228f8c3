// Where things stand: a lane for each group, a column for each step from the start; what is there already stays.
export const WIDTH = 184;
export const HEIGHT = 44;
const COLUMN = WIDTH + 28;
const ROW = HEIGHT + 14;
const BETWEEN_STEPS = 72;
const BETWEEN_LANES = 58;
// How high a cell of many is to its width: the one is taken that makes the whole most like a page.
const TALL = [3.4, 1.8, 1, 0.5, 0.25, 0.12];
const PAGE = 1.7;

const laneOf = (item, grouping) => (grouping === "none" ? "" : (grouping === "service" ? item.service : item.group) ?? "");
const rowsOf = (tall) => (count) => Math.max(6, Math.ceil(Math.sqrt(count * tall)));

// All of it anew: `{reference: {x, y}}`.
export function arranged(items, grouping) {
  const tries = TALL.map((tall) => asLanes(items, grouping, rowsOf(tall)));
  const unlike = (one) => Math.abs(Math.log(one.width / one.height / PAGE));
  return tries.reduce((best, one) => (unlike(one) < unlike(best) ? one : best)).places;
}

function asLanes(items, grouping, rowsFor) {
  const lanes = new Map();
  for (const item of items) {
    const lane = laneOf(item, grouping);
    if (!lanes.has(lane)) lanes.set(lane, new Map());
    const steps = lanes.get(lane);
    if (!steps.has(item.layer)) steps.set(item.layer, []);
    steps.get(item.layer).push(item);
  }
  const wide = new Map();
  for (const steps of lanes.values())
    for (const [step, some] of steps) wide.set(step, Math.max(wide.get(step) ?? 1, Math.ceil(some.length / rowsFor(some.length))));
  const left = new Map();
  let x = 0;
  for (const step of [...wide.keys()].sort((one, other) => one - other)) {
    left.set(step, x);
    x += wide.get(step) * COLUMN + BETWEEN_STEPS;
  }
  const nearest = (steps) => Math.min(...[...steps.keys()].map(Math.abs));
  const ordered = [...lanes].sort(([name, steps], [other, others]) => nearest(steps) - nearest(others) || name.localeCompare(other));
  const places = {};
  let top = 0;
  for (const [, steps] of ordered) {
    const high = Math.max(...[...steps.values()].map((some) => Math.min(some.length, rowsFor(some.length))));
    for (const [step, some] of steps) {
      const rows = rowsFor(some.length);
      const lower = top + ((high - Math.min(some.length, rows)) * ROW) / 2;
      some.forEach((item, place) => {
        places[item.reference] = { x: left.get(step) + Math.floor(place / rows) * COLUMN, y: lower + (place % rows) * ROW };
      });
    }
    top += high * ROW + BETWEEN_LANES;
  }
  return { places, width: x, height: top };
}

// What is new beside what has its place: near its neighbours, on its side of them, where nothing stands.
export function placedNear(items, links, known, grouping) {
  const places = { ...known };
  const taken = new Set(Object.values(places).map(slot));
  const lanes = new Map();
  for (const item of items) if (places[item.reference]) addTo(lanes, laneOf(item, grouping), places[item.reference].y);
  const around = new Map();
  for (const link of links) {
    addTo(around, link.item, [link.provider, 1]);
    addTo(around, link.provider, [link.item, -1]);
  }
  let lowest = Math.max(0, ...Object.values(places).map((at) => at.y)) + BETWEEN_LANES;
  let left = items.filter((item) => !places[item.reference]);
  while (left.length) {
    const ready = left.filter((item) => (around.get(item.reference) ?? []).some(([other]) => places[other]));
    for (const item of ready.length ? ready : left.slice(0, 1)) {
      const near = (around.get(item.reference) ?? []).filter(([other]) => places[other]);
      const x = near.length ? mean(near.map(([other, side]) => places[other].x + side * (COLUMN + BETWEEN_STEPS))) : 0;
      const lane = laneOf(item, grouping);
      if (!lanes.has(lane)) addTo(lanes, lane, grouping === "none" ? mean(near.map(([other]) => places[other].y)) : (lowest += ROW + BETWEEN_LANES));
      const at = free(x, mean(lanes.get(lane)), taken);
      places[item.reference] = at;
      addTo(lanes, lane, at.y);
      lowest = Math.max(lowest, at.y);
    }
    left = left.filter((item) => !places[item.reference]);
  }
  return places;
}

const mean = (numbers) => (numbers.length ? numbers.reduce((sum, one) => sum + one, 0) / numbers.length : 0);
const slot = ({ x, y }) => `${Math.round(x / COLUMN)}:${Math.round(y / ROW)}`;
const addTo = (map, key, value) => (map.has(key) ? map.get(key).push(value) : map.set(key, [value]));

function free(x, y, taken) {
  const column = Math.round(x / COLUMN);
  const row = Math.round(y / ROW);
  for (let away = 0; ; away += 1)
    for (const [aside, down] of [[0, away], [0, -away], [Math.floor(away / 8), away % 8]]) {
      const key = `${column + aside}:${row + down}`;
      if (!taken.has(key)) {
        taken.add(key);
        return { x: (column + aside) * COLUMN, y: (row + down) * ROW };
      }
    }
}
