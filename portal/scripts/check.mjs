// check.mjs: a text that the code asks for by name exists. (That both languages have the same texts, and that none
// stands in the markup, is checked with the rules of the whole repository, in tests/checks.)
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseSync } from "vite";

const src = fileURLToPath(new URL("../src/", import.meta.url));
const faults = [];

function flat(node, path = "", out = new Set()) {
  for (const [name, value] of Object.entries(node)) {
    const key = path ? `${path}.${name}` : name;
    if (typeof value === "string") out.add(key.replace(/_(one|other)$/, ""));
    else flat(value, key, out);
  }
  return out;
}
const files = ["en.json", ...readdirSync(join(src, "text/en")).map((file) => `en/${file}`)];
const texts = new Set(
  files.flatMap((file) => [...flat(JSON.parse(readFileSync(join(src, "text", file), "utf8")))]),
);

function visit(node, see) {
  if (!node || typeof node !== "object") return;
  if (Array.isArray(node)) return node.forEach((one) => visit(one, see));
  if (typeof node.type === "string") see(node);
  for (const value of Object.values(node)) if (typeof value === "object") visit(value, see);
}

for (const path of readdirSync(src, { recursive: true })) {
  if (!/\.tsx?$/.test(path) || path.includes("generated")) continue;
  const code = readFileSync(join(src, path), "utf8");
  visit(parseSync(path, code).program, (node) => {
    if (node.type !== "CallExpression" || node.callee?.name !== "t") return;
    const key = node.arguments[0];
    if (key?.type !== "Literal" || texts.has(key.value)) return;
    faults.push(`${path}:${code.slice(0, node.start).split("\n").length}: no text "${key.value}"`);
  });
}

if (faults.length > 0) {
  console.error(faults.join("\n"));
  process.exit(1);
}
