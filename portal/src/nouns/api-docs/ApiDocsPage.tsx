/* ApiDocsPage: the API as the server declares it, to read and to search. */
import { Anchor, Button, Group, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { API } from "@/api/client";
import { problemOf } from "@/api/problem";
import { useText } from "@/text";
import { EmptyState } from "@/ui/EmptyState";
import { IconDownload, IconSearch } from "@/ui/icons";
import { Loaded, Page } from "@/ui/Page";
import classes from "./ApiDocsPage.module.css";
import { entriesOf, type Document, type Entry } from "./openapi";
import { OperationView } from "./OperationView";

async function readDocument(): Promise<Document> {
  const answer = await fetch(`${API}/openapi.json`);
  if (!answer.ok) throw await problemOf(answer);
  return (await answer.json()) as Document;
}

export default function ApiDocsPage() {
  const { t } = useText();
  const document = useQuery({ queryKey: ["openapi"], queryFn: readDocument, staleTime: Infinity });
  return (
    <Page
      title={t("page.api_docs")}
      lead={t("api_docs.lead")}
      actions={
        <Button
          component="a"
          variant="default"
          href={`${API}/openapi.json`}
          download
          leftSection={<IconDownload size={15} aria-hidden />}
        >
          {t("api_docs.download")}
        </Button>
      }
    >
      <Loaded of={document}>{(data) => <Reference document={data} />}</Loaded>
    </Page>
  );
}

const matches = (entry: Entry, needle: string) =>
  `${entry.method} ${entry.path} ${entry.operation.summary ?? ""}`.toLowerCase().includes(needle);

function Reference({ document }: { document: Document }) {
  const { t } = useText();
  const [typed, setTyped] = useState("");
  const entries = entriesOf(document).filter((entry) => matches(entry, typed.trim().toLowerCase()));
  const groups = [...new Set(entries.map((entry) => entry.group))];
  return (
    <div className={classes.split}>
      <nav className={classes.index} aria-label={t("api_docs.index")}>
        <TextInput
          size="xs"
          type="search"
          value={typed}
          placeholder={t("api_docs.search")}
          aria-label={t("api_docs.search")}
          leftSection={<IconSearch size={14} aria-hidden />}
          data-list-search
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        <ul>
          {groups.map((group) => (
            <li key={group}>
              <Anchor size="sm" href={`#api-${group}`}>
                {group}
              </Anchor>
            </li>
          ))}
        </ul>
      </nav>
      <div className={classes.body}>
        {entries.length === 0 && <EmptyState title={t("state.nothing_found")} />}
        {groups.map((group) => (
          <section key={group} id={`api-${group}`} aria-label={group} className={classes.group}>
            <Group component="h2" className={classes.groupTitle}>
              {group}
            </Group>
            {entries
              .filter((entry) => entry.group === group)
              .map((entry) => (
                <OperationView key={entry.id} entry={entry} document={document} />
              ))}
          </section>
        ))}
      </div>
    </div>
  );
}
