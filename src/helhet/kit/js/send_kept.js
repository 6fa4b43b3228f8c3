// Answers of a run whose page was left without network are sent from whichever page its person opens next. What is refused
// stays, and is shown where the run is.
import { open } from "./run/kept.js";
import { freshen } from "./run/pages.js";
import { nextOf, send } from "./run/sending.js";
import { tell } from "./toasts.js";
import { say } from "./words.js";
import { LOCK, note, waits } from "./run/waiting.js";

const placeOf = (entry) => /^.*\/runs\/\d+\//.exec(new URL(entry.url).pathname)[0];
const user = document.body.dataset.user;
const token = () => document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";

async function sendWaiting() {
  const kept = await open();
  const own = async () => (await kept.all()).filter((entry) => entry.user === user);
  for (let entry; (entry = nextOf(await own())); ) {
    const answer = await send(entry, token());
    if (answer.how === "sent") await kept.put({ ...entry, sent: true });
    else if (answer.how !== "refused") return;
    else await kept.put({ ...entry, refused: answer.message, todo: answer.todo });
    const says = answer.how === "refused" ? "runRefused" : answer.told.waits ? "runWaits" : "";
    if (says) tell(say(says), placeOf(entry));
  }
  // Dropped only when the kept page of the run shows them.
  const sent = (await own()).filter((entry) => entry.sent);
  for (const path of new Set(sent.map(placeOf))) await freshen(path, user);
  for (const entry of sent) await kept.drop(entry);
  note(user, false);
}

const sendAlone = () => waits(user) && navigator.locks.request(LOCK, { ifAvailable: true }, (held) => held && sendWaiting());

if (navigator.locks && !document.getElementById("hh-run")) {
  sendAlone();
  addEventListener("online", sendAlone);
}
