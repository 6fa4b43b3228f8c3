// What was answered is kept in the browser until the server has said that it has it, and until a page shows it. What the
// browser's store does not take (full, closed, a private window) is kept in the page, and said to be so.
const asked = (request) =>
  new Promise((done, failed) => {
    request.onsuccess = () => done(request.result);
    request.onerror = () => failed(request.error);
  });

async function openStore() {
  const opening = indexedDB.open("helhet-runs", 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore("answers", { keyPath: "seq", autoIncrement: true });
  return asked(opening);
}

export async function open() {
  const store = await openStore().catch(() => undefined);
  // By number, what stands in the page in place of what the store has; undefined where it is dropped.
  const loose = new Map();
  let count = 0;
  const within = (mode, act) =>
    new Promise((done, failed) => {
      const turn = store.transaction("answers", mode);
      const request = act(turn.objectStore("answers"));
      turn.oncomplete = () => done(request.result);
      turn.onerror = turn.onabort = () => failed(turn.error);
    });
  const taken = (act) => within("readwrite", act).then(() => true, () => false);
  const onlyHere = () => [...loose.values()].filter((entry) => entry?.loose);

  return {
    // One that stands in the page is followed by others there: they are sent in the order in which they were given.
    add: async (entry) => {
      if (!onlyHere().length && (await taken((answers) => answers.add(entry)))) return;
      const seq = `page-${++count}`;
      loose.set(seq, { ...entry, seq, loose: true });
    },
    put: async (entry) => {
      if (!entry.loose && (await taken((answers) => answers.put(entry)))) loose.delete(entry.seq);
      else loose.set(entry.seq, entry);
    },
    drop: async (entry) => {
      if (entry.loose || (await taken((answers) => answers.delete(entry.seq)))) loose.delete(entry.seq);
      else loose.set(entry.seq, undefined);
    },
    all: async () => {
      const held = await within("readonly", (answers) => answers.getAll()).catch(() => []);
      return [...held.map((entry) => (loose.has(entry.seq) ? loose.get(entry.seq) : entry)).filter(Boolean), ...onlyHere()];
    },
    onlyHere,
  };
}

// Works also where a page is not served with TLS, unlike crypto.randomUUID.
export function newKey() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
