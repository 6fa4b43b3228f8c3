// A run on a phone: each answer is kept first and sent then, in order, as often as it takes; the page goes on meanwhile.
// How the run ended goes the same way, behind the answers that wait.
import { newKey, open } from "../run/kept.js";
import { boxName, forgetPage, keepFiles, keepPage, renew } from "../run/pages.js";
import { nextOf, send } from "../run/sending.js";
import { LOCK, note } from "../run/waiting.js";
import { applying, holding, next, taken } from "../run/walk.js";

const RETRY_MS = [2_000, 4_000, 8_000, 15_000, 30_000];
const page = () => document.getElementById("hh-run");
const part = (name) => document.getElementById(`hh-run-${name}`);
const told = () => JSON.parse(document.getElementById("hh-run-data").textContent);
const token = () => document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";
const choices = () => [...page().querySelectorAll("[data-choice]")];
const clock = (at) => new Date(at).toLocaleTimeString("sv-SE", { hour: "2-digit", minute: "2-digit" }).replace(":", ".");
const me = page().dataset.user;
const box = boxName(page().dataset.edition, me);
let kept;
let data = told();
let answers = {};
let tries = 0;
let waiting;
let busy = false;
let again = false;
let trouble = "";
let isLoose = false;
let isKeeping = false;

// What another person answered in this browser is neither shown nor sent here: it waits until he signs in again.
const own = async () => (await kept.all()).filter((entry) => entry.user === me);
const mine = async () => (await own()).filter((entry) => entry.run === data.run);

const took = (entry) => taken(data.steps.find((step) => step.id === entry.step), entry);

async function lay() {
  answers = { ...data.answers };
  for (const entry of await mine()) {
    if (entry.kind === "answer" && !entry.refused) answers[entry.step] = took(entry);
  }
}

// ---- what is shown ---------------------------------------------------------------------------------------------
const isBad = (step) => ["failed", "refused"].includes(answers[step.id]?.state);

function markDone(id) {
  const line = page().querySelector(`[data-step="${CSS.escape(id)}"]`);
  if (!line) return;
  const list = part("done").querySelector("ol");
  if (!list.querySelector(`[data-done="${CSS.escape(id)}"]`)) {
    const row = document.createElement("li");
    row.className = "hh-step done";
    row.dataset.done = id;
    const sign = (isBad({ id }) ? document.querySelector("#hh-run-marks .over") : document.querySelector("#hh-run-marks .good")).cloneNode(true);
    const words = document.createElement("span");
    words.textContent = line.querySelector("h2").textContent + (answers[id].value ? `: ${answers[id].value}` : "");
    row.append(sign, words);
    list.append(row);
  }
  line.hidden = true;
  line.querySelector("fieldset").disabled = true;
}

function sayDone(done) {
  const bad = done.filter(isBad).length;
  part("done").hidden = done.length === 0;
  part("count").textContent = page().dataset.sayDone.replace("{n}", done.length - bad);
  part("bad").textContent = bad ? page().dataset.sayBad.replace("{n}", bad) : "";
  const summary = part("done").querySelector("summary");
  summary.replaceChild(document.querySelector(`#hh-run-marks .${bad ? "over" : "good"}`).cloneNode(true), summary.firstElementChild);
}

// What the server would refuse is not offered.
function offerEnds(by, done) {
  if (!part("held")) return;
  part("held").hidden = by === undefined;
  if (by) part("held").textContent = part("held").dataset.say.replace("{title}", by.title);
  const outcomes = by ? ["failed"] : done.some(isBad) ? ["deviations", "failed"] : ["worked", "deviations", "failed"];
  for (const button of part("ending").querySelectorAll("[name=outcome]")) {
    button.hidden = button.disabled = !outcomes.includes(button.value);
    button.classList.toggle("btn-primary", button.value === outcomes[0]);
  }
}

function openStep(now) {
  for (const line of page().querySelectorAll("[data-step]")) {
    const isNow = now !== undefined && line.dataset.step === now.id;
    line.classList.toggle("now", isNow);
    line.toggleAttribute("aria-current", isNow);
    const whole = line.querySelector("fieldset");
    whole.hidden = whole.disabled = !isNow;
    line.querySelector(".hh-brief").hidden = isNow;
    if (!isNow) continue;
    for (const button of part("acts").querySelectorAll("[data-for]")) {
      const isApproval = line.dataset.approval === "yes";
      const fits = { plain: !isApproval, approval: isApproval, optional: line.dataset.optional === "yes" }[button.dataset.for];
      button.hidden = button.disabled = !fits;
    }
  }
  part("acts").hidden = now === undefined;
  if (now === undefined) part("ending").open = true;
}

async function show() {
  await lay();
  const here = applying(data.steps, answers);
  const now = next(data.steps, answers);
  for (const line of page().querySelectorAll("[data-step]")) line.hidden = !here.some((step) => step.id === line.dataset.step);
  for (const row of part("done").querySelectorAll("[data-done]")) if (!answers[row.dataset.done]) row.remove();
  for (const step of here) if (answers[step.id]) markDone(step.id);
  const done = here.filter((step) => answers[step.id]);
  sayDone(done);
  if (part("acts")) openStep(now);
  offerEnds(holding(data.steps, answers), done);
  const all = await mine();
  const isEnding = all.some((entry) => entry.kind === "end" && !entry.refused);
  for (const one of choices()) one.hidden = all.some((entry) => entry.kind === "choice" && entry.about === one.dataset.choice && !entry.refused);
  for (const name of ["acts", "ending"]) if (part(name)) part(name).hidden = isEnding || (name === "acts" && now === undefined);
  const bar = part("bar");
  bar.replaceChildren(
    ...here.map((step) => Object.assign(document.createElement("li"), { className: isBad(step) ? "over" : answers[step.id] ? "done" : step === now ? "now" : "" })),
  );
  const told = (text, n) => text.replace("{n}", n).replace("{all}", here.length);
  bar.setAttribute("aria-label", told(bar.dataset.say, done.length));
  const place = part("place");
  if (place) place.hidden = now === undefined;
  if (place && now) place.textContent = told(place.dataset.say, here.indexOf(now) + 1);
  await tell();
}

async function tell() {
  note(me, (await own()).some((entry) => !entry.sent && !entry.refused && !entry.loose));
  const all = await mine();
  const left = all.filter((entry) => !entry.sent && !entry.refused);
  const words = page().dataset;
  const sentence = { "signed-out": words.saySignIn, other: words.sayOther, later: left.length === 1 ? words.sayOne : words.sayMany }[trouble] ?? words.saySending;
  const net = part("net");
  isLoose ||= kept.onlyHere().length > 0;
  net.hidden = !left.length && !isLoose;
  net.dataset.left = left.length;
  const told = left.some((entry) => entry.loose) ? words.sayLoose : left.length ? sentence : words.saySentAtOnce;
  net.querySelector("span").textContent = net.hidden ? "" : told.replace("{n}", left.length).replace("{at}", clock(left.at(-1)?.at ?? 0));
  const refused = all.find((entry) => entry.refused);
  part("refused").hidden = !refused;
  if (refused) {
    part("refused").querySelector("b").textContent = `${refused.title}: ${refused.refused}`;
    part("refused").querySelector("p").textContent = refused.todo;
  }
}

// ---- keeping and sending ---------------------------------------------------------------------------------------
async function flush() {
  again = true;
  if (busy) return;
  busy = true;
  clearTimeout(waiting);
  try {
    while (again) {
      again = false;
      await sendAll();
    }
  } finally {
    busy = false;
    await tell();
  }
}

async function sendAll() {
  let isRefused = false;
  for (;;) {
    const entry = nextOf(await own());
    if (!entry) break;
    const answer = await send(entry, token());
    trouble = ["later", "signed-out", "other"].includes(answer.how) ? answer.how : "";
    if (answer.how === "sent") {
      tries = 0;
      await kept.put({ ...entry, sent: true });
      if (entry.run === data.run && entry.kind === "end") return void location.reload();
    } else if (answer.how === "refused") {
      await kept.put({ ...entry, refused: answer.message, todo: answer.todo });
      await show();
      isRefused = true;
      continue;
    } else {
      if (answer.how === "signed-out") await refresh();
      waiting = setTimeout(flush, RETRY_MS[Math.min(tries++, RETRY_MS.length - 1)]);
      return;
    }
    await tell();
  }
  // What was refused is held against the run as it is now.
  if (isRefused || (await mine()).some((entry) => entry.sent)) await refresh();
}

// The server's own page is kept for a reload without network. What it shows need not be kept any longer.
async function refresh() {
  const seen = (await mine()).filter((entry) => entry.sent);
  const answer = await fetch(location.pathname, { credentials: "same-origin" }).catch(() => undefined);
  if (!answer?.ok || answer.redirected) return;
  const text = await answer.clone().text();
  const read = new DOMParser().parseFromString(text, "text/html");
  const found = read.getElementById("hh-run-data");
  if (!found || read.getElementById("hh-run").dataset.user !== me) return;
  // Who has signed in again, in another tab, has another token.
  const fresher = read.querySelector("[name=csrfmiddlewaretoken]")?.value ?? token();
  for (const field of document.getElementsByName("csrfmiddlewaretoken")) field.value = fresher;
  if (globalThis.caches) await keepPage(box, location.pathname, answer).catch(() => undefined);
  const fresh = JSON.parse(found.textContent);
  // Against what the server had and has taken: what waits to be sent may differ for long.
  const known = { ...data.answers, ...Object.fromEntries(seen.filter((entry) => entry.kind === "answer").map((entry) => [entry.step, took(entry)])) };
  for (const entry of seen) await kept.drop(entry);
  const isOther =
    fresh.ended !== data.ended ||
    String(fresh.choices) !== String(choices().map((one) => one.dataset.choice)) ||
    Object.keys({ ...known, ...fresh.answers }).some((id) => fresh.answers[id]?.state !== known[id]?.state);
  data = fresh;
  if (isOther && !kept.onlyHere().length) location.reload();
  else await show();
}

async function keepRun() {
  if (!globalThis.caches || !navigator.serviceWorker) return;
  if (data.ended) return void (await forgetPage(location.pathname));
  await navigator.serviceWorker.register(page().dataset.worker);
  const files = performance.getEntriesByType("resource").map((one) => one.name).filter((name) => name.startsWith(`${location.origin}/`) && /\/static\//.test(name));
  await keepFiles(box, files);
  await refresh();
  await renew(box, me);
}

async function keep(event) {
  const form = event.target.closest("[data-run-send]");
  if (!form) return;
  event.preventDefault();
  if (isKeeping) return;
  isKeeping = true;
  try {
    await keepAnswer(form, event.submitter);
    await show();
  } finally {
    isKeeping = false;
  }
  document.querySelector(".hh-step.now")?.scrollIntoView({ block: "start" });
  await flush();
}

async function keepAnswer(form, submitter) {
  const sent = new FormData(form, submitter);
  const at = new Date().toISOString();
  sent.set("key", newKey());
  sent.set("said_at", at);
  sent.delete("csrfmiddlewaretoken");
  if (sent.get("photo") instanceof File && !sent.get("photo").size) sent.delete("photo");
  const step = data.steps.find((one) => one.id === sent.get("step"));
  const title = step?.title ?? submitter?.textContent.trim() ?? "";
  const photo = sent.get("photo");
  const kind = form.dataset.runSend;
  // Another word on how it ended, or another choice, takes the place of the one that was refused.
  if (kind !== "answer") for (const entry of await mine()) if (entry.kind === kind && entry.refused) await kept.drop(entry);
  await kept.add({
    user: me, run: data.run, url: form.action, kind, step: step?.id ?? "", state: sent.get("state") ?? "",
    value: sent.get("value") || (photo ? photo.name : ""), title, at, about: sent.get("choose") ?? "", fields: [...sent],
  });
}

async function act(event) {
  const name = event.target.closest("[data-run-act]")?.dataset.runAct;
  const refused = name && (await mine()).find((entry) => entry.refused);
  if (!refused) return;
  if (name === "drop") {
    await kept.drop(refused);
    if (!kept.onlyHere().length) return void location.reload();
    await flush();
    return void (await show());
  }
  for (const entry of await mine()) if (entry.refused) await kept.put({ ...entry, refused: "", todo: "" });
  await flush();
  await show();
}

async function begin() {
  // A form that was sent before this script was here, and was refused, is answered at an address that takes only forms.
  if (location.pathname !== data.url) history.replaceState(null, "", data.url);
  navigator.locks?.request(LOCK, { mode: "shared" }, () => new Promise(() => {}));
  kept = await open();
  await show();
  document.addEventListener("submit", keep);
  document.addEventListener("click", act);
  addEventListener("beforeunload", (event) => kept.onlyHere().some((entry) => !entry.sent) && event.preventDefault());
  addEventListener("online", flush);
  document.addEventListener("visibilitychange", () => document.hidden || flush());
  await flush();
  // A browser that keeps no pages sends answers all the same.
  await keepRun().catch(() => undefined);
  page().dataset.ready = "";
}

begin();
