// What was answered is kept in the browser until the server has said that it has it, and until a page shows it.
const asked = (request) =>
  new Promise((done, failed) => {
    request.onsuccess = () => done(request.result);
    request.onerror = () => failed(request.error);
  });

export async function open() {
  const opening = indexedDB.open("helhet-runs", 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore("answers", { keyPath: "seq", autoIncrement: true });
  const store = await asked(opening);
  const within = (mode, act) =>
    new Promise((done, failed) => {
      const turn = store.transaction("answers", mode);
      const request = act(turn.objectStore("answers"));
      turn.oncomplete = () => done(request.result);
      turn.onerror = turn.onabort = () => failed(turn.error);
    });
  return {
    add: (entry) => within("readwrite", (answers) => answers.add(entry)),
    put: (entry) => within("readwrite", (answers) => answers.put(entry)),
    drop: (seq) => within("readwrite", (answers) => answers.delete(seq)),
    all: () => within("readonly", (answers) => answers.getAll()),
  };
}

// Works also where a page is not served with TLS, unlike crypto.randomUUID.
export function newKey() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
