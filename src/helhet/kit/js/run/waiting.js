// Whether answers of a person wait in this browser, told to pages that otherwise would not open its store.
const KEY = "helhet:runs-wait";

export function note(user, waits) {
  try {
    if (waits) localStorage.setItem(KEY, user);
    else if (localStorage.getItem(KEY) === user) localStorage.removeItem(KEY);
  } catch {
    // Where nothing is kept, nothing waits.
  }
}

export function waits(user) {
  try {
    return Boolean(user) && localStorage.getItem(KEY) === user;
  } catch {
    return false;
  }
}

// Held by each page of a run while it is open: it sends, and shows what it sends.
export const LOCK = "helhet-runs";
