// The pages of runs and what they are dressed with, kept for when there is no network: one box for each edition of the
// product, whose files do not fit another's pages, and for each person, since a browser may have several.
const FIRST = "helhet-runs";
const RUN = /\/runs\/\d+\/$/;

export const boxName = (edition, user) => `${FIRST} ${edition} ${user}`;
const boxes = async () => (await caches.keys()).filter((name) => name.startsWith(FIRST));
const pathOf = (request) => new URL(request.url).pathname;

// Drops what was kept for others than this person; for everybody when nobody is named.
export async function forgetOthers(user) {
  if (!globalThis.caches) return;
  for (const name of await boxes()) if (!(user && name.endsWith(` ${user}`))) await caches.delete(name);
}

export async function forgetPage(path) {
  for (const name of await boxes()) await (await caches.open(name)).delete(path);
}

export async function keepPage(name, path, answer) {
  await forgetPage(path);
  await (await caches.open(name)).put(path, answer);
}

// The page as it is now, where it was kept.
export async function freshen(path, user) {
  if (!globalThis.caches) return;
  for (const name of await boxes()) {
    if (!name.endsWith(` ${user}`) || !(await (await caches.open(name)).match(path))) continue;
    const answer = await fetch(path, { credentials: "same-origin" }).catch(() => undefined);
    if (answer?.ok && !answer.redirected) await keepPage(name, path, answer);
    else await forgetPage(path);
  }
}

export async function keepFiles(name, files) {
  const box = await caches.open(name);
  for (const file of files) if (!(await box.match(file))) await box.add(file).catch(() => undefined);
}

// Fetches the pages of older editions anew and drops their boxes; without network they stay as they are, and whole.
export async function renew(name, user) {
  for (const old of await boxes()) {
    if (old === name || !old.endsWith(` ${user}`)) continue;
    const kept = (await (await caches.open(old)).keys()).map(pathOf).filter((path) => RUN.test(path));
    for (const path of kept) {
      const answer = await fetch(path, { credentials: "same-origin" }).catch(() => undefined);
      if (!answer || answer.status >= 500) return;
      if (answer.ok && !answer.redirected) await keepPage(name, path, answer);
    }
    await caches.delete(old);
  }
}
