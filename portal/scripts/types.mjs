// types.mjs: from the OpenAPI document of the server to what the portal compiles against.
//
//   routes.ts    the types: one interface per schema, and per route its path, query, body and answer
//   inputs/      what a form needs to know at run time: per route that takes a body, its fields and their bounds
//   sorts.ts     per list route, the columns it sorts by
//
// The document is the file named by YAGURA_OPENAPI, else the one the build of the server left, else the answer of
// `build/release/bin/yagura openapi`. Nothing here is committed: the server is the only place where a shape is told.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const at = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));

function readDocument() {
  const named = process.env.YAGURA_OPENAPI;
  if (named) return readFileSync(named, "utf8");
  for (const path of ["../build/openapi.json", "openapi.json"]) {
    if (existsSync(at(path))) return readFileSync(at(path), "utf8");
  }
  const binary = at("../build/release/bin/yagura");
  if (!existsSync(binary)) {
    throw new Error("no OpenAPI document: build the server first, or name a file in YAGURA_OPENAPI");
  }
  return execFileSync(binary, ["openapi"], { encoding: "utf8", maxBuffer: 64 << 20 });
}

const document = JSON.parse(readDocument());
const schemas = document.components?.schemas ?? {};
const pascal = (name) => name.replace(/(^|[^A-Za-z0-9]+)([A-Za-z0-9])/g, (_, __, c) => c.toUpperCase());
const quoted = (name) => (/^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name));

function resolve(schema) {
  let seen = schema;
  for (let hops = 0; seen?.$ref && hops < 10; hops += 1) seen = schemas[seen.$ref.split("/").pop()];
  return seen ?? {};
}

/* ---- a JSON Schema as a TypeScript type ---- */
function typeOf(schema, input = false) {
  if (!schema || schema === true) return "unknown";
  if (schema.$ref) return pascal(schema.$ref.split("/").pop());
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) return [...new Set(choices.map((choice) => typeOf(choice, input)))].join(" | ");
  if (schema.allOf) return schema.allOf.map((part) => typeOf(part, input)).join(" & ");
  if (schema.enum) return schema.enum.map((word) => JSON.stringify(word)).join(" | ");
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  const kinds = Array.isArray(schema.type) ? schema.type : [schema.type];
  return [...new Set(kinds.map((kind) => typeOfKind(kind, schema, input)))].join(" | ");
}

function typeOfKind(kind, schema, input) {
  switch (kind) {
    case "string":
      return "string";
    case "integer":
    case "number":
      return "number";
    case "boolean":
      return "boolean";
    case "null":
      return "null";
    case "array":
      return `Array<${typeOf(schema.items, input)}>`;
    case "object":
      return typeOfObject(schema, input);
    default:
      return schema.properties ? typeOfObject(schema, input) : "unknown";
  }
}

// The schemas call every member that may be left out nullable; what has an identity always tells it.
const withoutNull = (schema) =>
  Array.isArray(schema.type) ? { ...schema, type: schema.type.filter((kind) => kind !== "null") } : schema;

function typeOfObject(schema, input) {
  if (!schema.properties) return "Record<string, unknown>";
  const required = new Set(schema.required ?? []);
  const rows = Object.entries(schema.properties).map(([name, declared]) => {
    const field = name === "id" ? withoutNull(declared) : declared;
    // An answer always carries every member of its shape; only what we send may leave something out.
    const optional = input && !required.has(name) ? "?" : "";
    const prose = field.description ? `/** ${field.description.replaceAll("*/", "* /")} */ ` : "";
    return `${prose}${quoted(name)}${optional}: ${typeOf(field, input)}`;
  });
  return `{ ${rows.join("; ")} }`;
}

/* ---- the routes ---- */
const METHODS = ["get", "post", "put", "delete", "patch"];
const jsonOf = (content) =>
  Object.entries(content ?? {}).find(([kind]) => /^application\/(.*\+)?json/.test(kind))?.[1]?.schema;

function* operations() {
  for (const [rawPath, item] of Object.entries(document.paths ?? {})) {
    const path = rawPath.replace(/^\/api\/v1/, "");
    for (const method of METHODS) {
      if (item[method]) {
        const parameters = [...(item.parameters ?? []), ...(item[method].parameters ?? [])];
        yield { name: `${method.toUpperCase()} ${path}`, operation: item[method], parameters };
      }
    }
  }
}

const success = (operation) =>
  Object.entries(operation.responses ?? {}).find(([status]) => status.startsWith("2"))?.[1];
const bodyOf = (operation) => jsonOf(operation.requestBody?.content);

function typeOfParameters(parameters, where) {
  // An argument of a listing may have the name of one of its filters.
  const rows = [
    ...new Map(parameters.filter((one) => one.in === where).map((one) => [one.name, one])).values(),
  ];
  if (rows.length === 0) return "Record<never, never>";
  const fields = rows.map((one) => {
    const optional = where === "path" ? "" : "?";
    return `${quoted(one.name)}${optional}: ${where === "path" ? "string | number" : "unknown"}`;
  });
  return `{ ${fields.join("; ")} }`;
}

/* ---- what a listing sorts by and filters: the words of its query string ---- */
const PAGING = new Set(["limit", "cursor", "total", "q", "sort"]);
const OPERATORS = /\.(ne|gte|gt|lte|lt|contains|absent)$/;

function listingOf(parameters) {
  const query = parameters.filter((one) => one.in === "query");
  const sort = query.find((one) => one.name === "sort")?.schema?.enum;
  if (!sort) return undefined;
  const names = query.map((one) => one.name).filter((name) => !PAGING.has(name) && !OPERATORS.test(name));
  return { sorts: sort.filter((word) => !word.startsWith("-")), filters: names };
}

function sortsText() {
  const sorts = {};
  for (const { name, parameters } of operations()) {
    const listing = listingOf(parameters);
    if (listing) sorts[name] = listing.sorts;
  }
  return (
    "// Made by scripts/types.mjs from the OpenAPI document. Do not edit.\n" +
    `export const sorts: Record<string, string[]> = ${JSON.stringify(sorts)};\n`
  );
}

const unionOf = (words) => words?.map((word) => JSON.stringify(word)).join(" | ") || "never";

function routesText() {
  const lines = ["// Made by scripts/types.mjs from the OpenAPI document. Do not edit.", ""];
  for (const [name, schema] of Object.entries(schemas)) {
    lines.push(`export type ${pascal(name)} = ${typeOf(schema)};`);
  }
  lines.push("", "export interface Routes {");
  for (const { name, operation, parameters } of operations()) {
    const body = bodyOf(operation);
    const out = jsonOf(success(operation)?.content);
    const listing = listingOf(parameters);
    lines.push(
      `  ${JSON.stringify(name)}: { path: ${typeOfParameters(parameters, "path")};` +
        ` query: ${typeOfParameters(parameters, "query")};` +
        ` body: ${body ? typeOf(resolve(body), true) : "undefined"}; out: ${out ? typeOf(out) : "undefined"};` +
        ` sort: ${unionOf(listing?.sorts)}; filter: ${unionOf(listing?.filters)} };`,
    );
  }
  lines.push("}", "");
  return lines.join("\n");
}

/* ---- inputs: the little that a form needs ---- */
function inputField(schema, required) {
  const field = resolve(schema);
  const kinds = (Array.isArray(field.type) ? field.type : [field.type]).filter((kind) => kind !== "null");
  const items = field.items ? resolve(field.items) : undefined;
  const words = field.enum ?? items?.enum;
  const pick = {
    kind: kinds[0] ?? "any",
    format: field.format,
    words: words?.filter((word) => word !== null),
    items: items?.format ?? items?.type,
    min: field.minLength ?? field.minimum,
    max: field.maxLength ?? field.maximum,
    required: required || undefined,
  };
  return Object.fromEntries(Object.entries(pick).filter(([, value]) => value !== undefined));
}

/* By the first word of the path, a file each: a page loads the inputs of its noun when it shows a form. */
function inputsByNoun() {
  const nouns = {};
  for (const { name, operation } of operations()) {
    const body = resolve(bodyOf(operation));
    if (!body.properties) continue;
    const noun = name.split(/[ /]+/)[1];
    const required = new Set(body.required ?? []);
    nouns[noun] ??= {};
    nouns[noun][name] = Object.fromEntries(
      Object.entries(body.properties).map(([field, schema]) => [
        field,
        inputField(schema, required.has(field)),
      ]),
    );
  }
  return nouns;
}

function inputsText(routes) {
  return (
    "// Made by scripts/types.mjs from the OpenAPI document. Do not edit.\n" +
    `import type { InputFields } from "../../inputs";\n` +
    `export const inputs: Record<string, InputFields> = ${JSON.stringify(routes, null, 1)};\n`
  );
}

rmSync(at("src/api/generated"), { recursive: true, force: true });
mkdirSync(at("src/api/generated/inputs"), { recursive: true });
writeFileSync(at("src/api/generated/routes.ts"), routesText());
for (const [noun, routes] of Object.entries(inputsByNoun())) {
  writeFileSync(at(`src/api/generated/inputs/${noun}.ts`), inputsText(routes));
}
writeFileSync(at("src/api/generated/sorts.ts"), sortsText());
