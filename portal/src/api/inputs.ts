/* inputs: the fields a route takes, as the server declares them: what a form needs to choose a control and to say
 * early what the server would say late. The table itself is generated. */
export interface InputField {
  kind: "string" | "integer" | "number" | "boolean" | "array" | "object" | "any";
  format?: string;
  words?: string[];
  items?: string;
  min?: number;
  max?: number;
  required?: boolean;
}

export type InputFields = Record<string, InputField>;

const files = import.meta.glob<{ inputs: Record<string, InputFields> }>("./generated/inputs/*.ts");
const loaded = new Map<string, Promise<Record<string, InputFields>>>();

/* The inputs of the noun a route belongs to, asked for once. */
export function inputsOf(route: string): Promise<Record<string, InputFields>> {
  const noun = route.split(/[ /]+/)[1] ?? "";
  const known = loaded.get(noun);
  if (known) return known;
  const file = files[`./generated/inputs/${noun}.ts`];
  const coming = file ? file().then((one) => one.inputs) : Promise.resolve({});
  loaded.set(noun, coming);
  return coming;
}
