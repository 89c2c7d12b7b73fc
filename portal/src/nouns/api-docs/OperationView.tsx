import { Code, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useText } from "@/text";
import classes from "./ApiDocsPage.module.css";
import { exampleOf, jsonOf, kindOf, resolve, type Document, type Entry, type Schema } from "./openapi";

export function OperationView({ entry, document }: { entry: Entry; document: Document }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details className={classes.operation} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <span className={classes.method} data-method={entry.method}>
          {entry.method}
        </span>
        <code>{entry.path}</code>
        <Text span size="sm" c="dimmed">
          {entry.operation.summary}
        </Text>
      </summary>
      {isOpen && <OperationBody entry={entry} document={document} />}
    </details>
  );
}

function OperationBody({ entry, document }: { entry: Entry; document: Document }) {
  const { t } = useText();
  const { operation } = entry;
  const body = jsonOf(operation.requestBody?.content);
  const good = Object.entries(operation.responses ?? {}).find(([status]) => status.startsWith("2"));
  const answer = jsonOf(good?.[1].content);
  const parameters = operation.parameters ?? [];
  return (
    <Stack gap="md" className={classes.inside}>
      {operation.description && <Text size="sm">{operation.description}</Text>}
      {parameters.length > 0 && (
        <FieldTable
          title={t("api_docs.parameters")}
          document={document}
          rows={parameters.map((one) => [
            one.name,
            { ...one.schema, description: one.description ?? one.schema?.description },
            one.required,
          ])}
        />
      )}
      {body && <SchemaTable title={t("api_docs.body")} schema={body} document={document} />}
      {answer && (
        <SchemaTable title={`${t("api_docs.answer")} ${good?.[0]}`} schema={answer} document={document} />
      )}
      <div>
        <Text size="sm" fw={600} mb={4}>
          {t("api_docs.example")}
        </Text>
        <Code block>{curlOf(entry, document, body)}</Code>
      </div>
    </Stack>
  );
}

const HEADER_EXAMPLES: Record<string, string> = {
  "If-Match": '"1"',
  "Tus-Resumable": "1.0.0",
  "Upload-Length": "1048576",
  "Upload-Offset": "0",
};

function curlOf(entry: Entry, document: Document, body: Schema | undefined): string {
  const path = entry.path.startsWith("/api/v1") ? entry.path : `/api/v1${entry.path}`;
  const kind = Object.keys(entry.operation.requestBody?.content ?? {})[0];
  const lines = [
    `curl -X ${entry.method} "${window.location.origin}${path}"`,
    `  -H "Authorization: Bearer $YAGURA_KEY"`,
  ];
  const headers = (entry.operation.parameters ?? []).filter((one) => one.in === "header" && one.required);
  for (const { name } of headers) lines.push(`  -H '${name}: ${HEADER_EXAMPLES[name] ?? "…"}'`);
  if (body) {
    lines.push(`  -H "Content-Type: application/json"`);
    lines.push(`  -d '${JSON.stringify(exampleOf(document, body), null, 2)}'`);
  } else if (kind === "multipart/form-data") {
    lines.push(`  -F file=@FILE`);
  } else if (kind) {
    lines.push(`  -H "Content-Type: ${kind}"`);
    lines.push(`  -T FILE`);
  }
  return lines.join(" \\\n");
}

function SchemaTable({ title, schema, document }: { title: string; schema: Schema; document: Document }) {
  const { t } = useText();
  const one = resolve(document, schema);
  const items = one.properties?.items ? resolve(document, one.properties.items) : undefined;
  // A page of a listing: its rows are what people look for.
  const shown = items?.items ? resolve(document, items.items) : one;
  const required = new Set(shown.required ?? []);
  const rows = Object.entries(shown.properties ?? {}).map(
    ([name, field]) => [name, field, required.has(name)] as [string, Schema, boolean],
  );
  if (rows.length === 0) return null;
  return (
    <FieldTable
      title={items?.items ? `${title} (${t("api_docs.each_row")})` : title}
      rows={rows}
      document={document}
    />
  );
}

function FieldTable({
  title,
  rows,
  document,
}: {
  title: string;
  rows: Array<[string, Schema, boolean | undefined]>;
  document: Document;
}) {
  const { t } = useText();
  return (
    <div>
      <Text size="sm" fw={600} mb={4}>
        {title}
      </Text>
      <table className={classes.fields}>
        <tbody>
          {rows.map(([name, schema, isRequired]) => (
            <tr key={name}>
              <th scope="row">
                <code>{name}</code>
                {isRequired && <span className={classes.required}>{t("api_docs.required")}</span>}
              </th>
              <td>
                <code>{kindOf(document, schema)}</code>
              </td>
              <td>{resolve(document, schema).description ?? schema.description}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
