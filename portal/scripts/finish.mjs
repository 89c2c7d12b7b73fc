// finish.mjs: what follows the bundler. Writes a .br and a .gz beside each file, so that the server only chooses,
// and measures what a first visit downloads: the build fails when that is above the budget.
import { readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const BUDGET_KIB = 250;
const dist = fileURLToPath(new URL("../dist/", import.meta.url));
const COMPRESSIBLE = /\.(js|css|html|svg|json|webmanifest|txt)$/;

function compress(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) compress(path);
    else if (COMPRESSIBLE.test(entry.name)) {
      const bytes = readFileSync(path);
      writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }));
      writeFileSync(
        `${path}.br`,
        brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } }),
      );
    }
  }
}

// A first visit loads the entry, one language, the frame and one page with its own texts, each with everything it
// imports.
function closure(manifest, start) {
  const files = new Set();
  const visit = (key) => {
    const chunk = manifest[key];
    if (!chunk || files.has(chunk.file)) return;
    files.add(chunk.file);
    (chunk.imports ?? []).forEach(visit);
  };
  start.forEach(visit);
  return [...files].filter((file) => file.endsWith(".js"));
}

// The parts of the texts that the tables of pages load with a page.
const table = ["pages", "doors"]
  .map((file) => readFileSync(new URL(`../src/app/${file}.ts`, import.meta.url), "utf8"))
  .join("\n");
function textsOf(page) {
  const name = page.replace(/^src\//, "@/").replace(/\.tsx$/, "");
  const found = new RegExp(`withText\\(\\[([^\\]]*)\\],\\s*import\\("${name}"\\)`).exec(table);
  return found ? found[1].split(",").map((part) => part.trim().replaceAll('"', "")) : [];
}

const gzipKib = (file) => gzipSync(readFileSync(join(dist, file)), { level: 9 }).length / 1024;

function measure(manifest) {
  const entry = Object.keys(manifest).find((key) => manifest[key].isEntry);
  const texts = Object.keys(manifest).filter((key) => /src\/text\/\w+\.json$/.test(key));
  const frame = Object.keys(manifest).filter((key) => key.endsWith("app/Shell.tsx"));
  const pages = Object.keys(manifest).filter((key) => /src\/nouns\/.*Page\.tsx$/.test(key));
  if (!entry || texts.length === 0 || frame.length === 0 || pages.length === 0) {
    throw new Error("the bundle has lost its entry, texts, frame or pages: the budget would measure nothing");
  }
  const loads = texts.flatMap((text) =>
    pages.map((page) => {
      const own = textsOf(page).map((part) => text.replace(/\.json$/, `/${part}.json`));
      const files = closure(manifest, [entry, text, ...own, ...frame, page]);
      return { page, kib: files.reduce((sum, file) => sum + gzipKib(file), 0) };
    }),
  );
  return loads.sort((a, b) => b.kib - a.kib)[0];
}

const manifestPath = join(dist, ".vite/manifest.json");
const heaviest = measure(JSON.parse(readFileSync(manifestPath, "utf8")));
rmSync(join(dist, ".vite"), { recursive: true });
compress(dist);
const size = `${heaviest.kib.toFixed(1)} KiB gzip JavaScript (${heaviest.page})`;
const line = `portal first load: ${size}, limit ${BUDGET_KIB}`;
if (heaviest.kib > BUDGET_KIB) {
  console.error(`${line}: too heavy`);
  process.exit(1);
}
console.log(line);
