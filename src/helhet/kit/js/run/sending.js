import { say } from "../words.js";

// The entry to send next. One that was refused holds back only how its run ended: else that could never be mended.
export function nextOf(entries) {
  const held = new Set(entries.filter((entry) => entry.refused).map((entry) => entry.run));
  return entries.find((entry) => !entry.sent && !entry.refused && !(entry.kind === "end" && held.has(entry.run)));
}

const TOO_LARGE = 413;
const PATIENCE_MS = 15_000;
// A photo takes its time on a weak connection: slower than this (bytes in a millisecond) it is given up and sent anew.
const SLOWEST = 8;
const patience = (fields) => PATIENCE_MS + fields.reduce((sum, [, value]) => sum + (value.size ?? 0), 0) / SLOWEST;

// Sends one kept answer: "sent", "later" (no network, or a server that cannot now), "signed-out",
// "other" (another person has signed in here since), or a refusal.
export async function send(entry, token) {
  const form = new FormData();
  for (const [name, value] of entry.fields) form.append(name, value);
  form.set("csrfmiddlewaretoken", token);
  let answer;
  try {
    answer = await fetch(entry.url, {
      method: "POST", body: form, credentials: "same-origin", headers: { Accept: "application/json" },
      signal: AbortSignal.timeout(patience(entry.fields)),
    });
  } catch {
    return { how: "later" };
  }
  const isJson = (answer.headers.get("Content-Type") ?? "").startsWith("application/json");
  if (answer.ok && isJson && !answer.redirected) return { how: "sent", told: await answer.json() };
  if (answer.status >= 500 || answer.status === 429 || answer.status === 408) return { how: "later" };
  // A proxy says in a page of its own that something is too large, and will say so as often as it is sent.
  if ((!isJson && answer.status !== TOO_LARGE) || answer.status === 401) return { how: "signed-out" };
  const { message, todo = "", field } = (await answer.json().catch(() => null)) ?? {};
  if (answer.status === 403 && field === "user") return { how: "other" };
  // Without a word it would not count as refused, and would be sent for ever.
  return { how: "refused", message: message || say("refused").replace("{status}", answer.status), todo };
}
