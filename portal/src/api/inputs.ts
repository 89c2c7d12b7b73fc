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
