/* openapi: the parts of an OpenAPI document that the page shows. */
export interface Schema {
  $ref?: string;
  type?: string | string[];
  format?: string;
  description?: string;
  enum?: Array<string | null>;
  items?: Schema;
  properties?: Record<string, Schema>;
  required?: string[];
  anyOf?: Schema[];
  oneOf?: Schema[];
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
}

interface Media {
  schema?: Schema;
}

export interface Operation {
  summary?: string;
  description?: string;
  tags?: string[];
  parameters?: Array<{ name: string; in: string; required?: boolean; description?: string; schema?: Schema }>;
  requestBody?: { content?: Record<string, Media> };
  responses?: Record<string, { description?: string; content?: Record<string, Media> }>;
  [extension: `x-${string}`]: unknown;
}

export interface Document {
  info?: { title?: string; version?: string; description?: string };
  paths?: Record<string, Record<string, Operation>>;
  components?: { schemas?: Record<string, Schema> };
}

export interface Entry {
  id: string;
  method: string;
  path: string;
  group: string;
  operation: Operation;
}

const METHODS = ["get", "post", "put", "delete", "patch"];

export function entriesOf(document: Document): Entry[] {
  return Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
    METHODS.filter((method) => item[method]).map((method) => ({
      id: `${method} ${path}`,
      method: method.toUpperCase(),
      path,
      group: item[method]!.tags?.[0] ?? path.replace(/^\/api\/v1/, "").split("/")[1] ?? "",
      operation: item[method]!,
    })),
  );
}

export function resolve(document: Document, schema: Schema | undefined): Schema {
  let seen = schema;
  for (let hops = 0; seen?.$ref && hops < 10; hops += 1) {
    seen = document.components?.schemas?.[seen.$ref.split("/").pop() ?? ""];
  }
  return seen ?? {};
}

export const jsonOf = (content: Record<string, Media> | undefined): Schema | undefined =>
  Object.entries(content ?? {}).find(([kind]) => kind.includes("json"))?.[1].schema;

export function kindOf(document: Document, schema: Schema): string {
  const one = resolve(document, schema);
  const kinds = (Array.isArray(one.type) ? one.type : [one.type]).filter((kind) => kind && kind !== "null");
  if (one.enum)
    return one.enum
      .filter(Boolean)
      .map((word) => `"${word}"`)
      .join(" | ");
  if (kinds[0] === "array") return `${kindOf(document, one.items ?? {})}[]`;
  return [kinds.join(" | ") || "any", one.format && `(${one.format})`].filter(Boolean).join(" ");
}

/* A value that would pass, to show what a body looks like. */
export function exampleOf(document: Document, schema: Schema | undefined, depth = 0): unknown {
  const one = resolve(document, schema);
  if (depth > 4) return null;
  if (one.enum) return one.enum[0];
  const kind = (Array.isArray(one.type) ? one.type : [one.type]).find((word) => word !== "null");
  if (one.properties) {
    return Object.fromEntries(
      Object.entries(one.properties).map(([name, field]) => [name, exampleOf(document, field, depth + 1)]),
    );
  }
  const samples: Record<string, unknown> = {
    uuid: "0197f0c2-7c00-7000-8000-000000000000",
    "date-time": "2026-11-21T09:00:00Z",
    email: "hanako@example.jp",
    "time-zone": "Asia/Tokyo",
    uri: "https://example.jp/",
  };
  if (kind === "array") return [exampleOf(document, one.items, depth + 1)];
  if (kind === "integer" || kind === "number") return one.minimum ?? 1;
  if (kind === "boolean") return true;
  if (kind === "string") return samples[one.format ?? ""] ?? "…";
  return {};
}
