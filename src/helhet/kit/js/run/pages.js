// The pages of runs, kept for when there is no network: one box for each person, since a browser may have several.
const FIRST = "helhet-runs";

export const boxOf = (user) => caches.open(`${FIRST} ${user}`);

// Drops what was kept for others than this person; for everybody when nobody is named.
export async function forgetOthers(user) {
  if (!globalThis.caches) return;
  for (const name of await caches.keys()) if (name.startsWith(FIRST) && !(user && name.endsWith(` ${user}`))) await caches.delete(name);
}
