// Builds src/helhet/kit/static/built/ from the locked npm packages and our own scripts. Same input, same bytes.
import { build } from "esbuild";
import { copyFile, mkdir, readFile, readdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const packages = join(here, "node_modules");
const kit = join(here, "..", "src", "helhet", "kit");
const finished = join(kit, "static", "built");
const target = finished + ".new";
const SUBSETS = ["latin-ext", "latin"];
const STROKE = "1.7";

// Static file storage follows source map comments and fails when the map is not there.
const withoutMap = (text) => text.replace(/\/\*# sourceMappingURL=.*?\*\/|\/\/# sourceMappingURL=.*$/gm, "").trimEnd() + "\n";

async function styles() {
  const tabler = await readFile(join(packages, "@tabler/core/dist/css/tabler.min.css"), "utf8");
  await writeFile(join(target, "tabler.min.css"), withoutMap(tabler));
}

async function fonts() {
  const folder = join(packages, "@fontsource-variable/inter");
  const source = await readFile(join(folder, "opsz.css"), "utf8");
  const faces = [];
  await mkdir(join(target, "files"), { recursive: true });
  for (const subset of SUBSETS) {
    const face = source.match(new RegExp(`/\\* inter-${subset}-opsz-normal \\*/\\s*(@font-face \\{[^}]*\\})`));
    if (!face) throw new Error(`The Inter package has no subset ${subset} with optical sizes.`);
    faces.push(face[1].replace("font-display: swap", "font-display: fallback"));
    const file = `inter-${subset}-opsz-normal.woff2`;
    await copyFile(join(folder, "files", file), join(target, "files", file));
  }
  await writeFile(join(target, "inter.css"), faces.join("\n") + "\n");
}

// The same outline icons as Tabler's own package, in one file where that one has eleven thousand.
async function icons() {
  const names = JSON.parse(await readFile(join(here, "icons.json"), "utf8"));
  const drawings = JSON.parse(await readFile(join(packages, "@iconify-json/tabler/icons.json"), "utf8")).icons;
  const symbols = Object.entries(names).map(([name, icon]) => {
    if (!drawings[icon]) throw new Error(`icons.json: ${name} asks for "${icon}", which is no outline icon of Tabler.`);
    // The symbol says once for all its parts how they are drawn.
    const drawing = drawings[icon].body.replace(/ (?:fill="none"|stroke(?:-width|-linecap|-linejoin)?="[^"]*")/g, "");
    return (
      `<symbol id="${name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="${STROKE}" ` +
      `stroke-linecap="round" stroke-linejoin="round">${drawing}</symbol>`
    );
  });
  await writeFile(join(target, "icons.svg"), `<svg xmlns="http://www.w3.org/2000/svg">\n${symbols.join("\n")}\n</svg>\n`);
}

async function scripts() {
  const htmx = await readFile(join(packages, "htmx.org/dist/htmx.min.js"), "utf8");
  await writeFile(join(target, "htmx.min.js"), withoutMap(htmx));
  const common = { bundle: true, minify: true, format: "iife", target: "es2022", charset: "utf8", nodePaths: [packages], legalComments: "inline" };
  await build({ ...common, entryPoints: [join(kit, "js", "main.js")], outfile: join(target, "helhet.js") });
  const folder = join(kit, "js", "pages");
  const pages = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith(".js")).sort();
  if (pages.length) {
    await build({ ...common, entryPoints: pages.map((name) => join(folder, name)), outdir: join(target, "pages") });
  }
}

// The licences of what travels in the product.
async function licences() {
  const texts = [];
  for (const name of ["@tabler/core", "@iconify-json/tabler", "@fontsource-variable/inter", "cytoscape", "htmx.org"]) {
    const about = JSON.parse(await readFile(join(packages, name, "package.json"), "utf8"));
    const text = await readFile(join(packages, name, "LICENSE"), "utf8").catch(() => `Licence: ${about.license}\n`);
    texts.push(`${name} ${about.version}\n\n${text.trim()}\n`);
  }
  await writeFile(join(target, "licences.txt"), texts.join("\n----\n\n"));
}

await rm(target, { recursive: true, force: true });
await mkdir(target, { recursive: true });
await Promise.all([styles(), fonts(), icons(), scripts(), licences()]);
const versions = JSON.parse(await readFile(join(here, "package.json"), "utf8")).devDependencies;
await writeFile(join(target, "manifest.json"), JSON.stringify(versions, null, 2) + "\n");
await rm(finished, { recursive: true, force: true });
await rename(target, finished);
