/* ExecutablePage: one file: what it says of itself, how widespread it is, what others know of it, where it ran. */
import { Button } from "@mantine/core";
import { lazy, useMemo, useState } from "react";
import type { Item, Out } from "@/api/client";
import { useRead } from "@/api/queries";
import { useSession } from "@/api/session";
import { useText } from "@/text";
import { Facts } from "@/ui/Facts";
import { FormDialog } from "@/ui/FormDialog";
import { useParam } from "@/ui/nav";
import { ObjectHistory } from "@/ui/ObjectHistory";
import { Loaded, Page, Section } from "@/ui/Page";
import { RelativeTime } from "@/ui/RelativeTime";
import { DataTable } from "@/ui/table/DataTable";
import type { Column } from "@/ui/table/model";
import { Tags } from "@/ui/Tags";
import classes from "./Executable.module.css";
import { Reputation } from "./Reputation";
import { Verdict } from "./Verdict";

const MarkForm = lazy(() => import("./MarkForm"));

type Executable = Out<"GET /executables/{id}">;

export default function ExecutablePage() {
  const { t } = useText();
  const { may } = useSession();
  const executable = useRead("GET /executables/{id}", { path: { id: useParam("id") } });
  const data = executable.data;
  const [isMarking, setMarking] = useState(false);
  return (
    <Page
      title={data?.name ?? t("page.executable")}
      lead={data?.tenant_name}
      back={{ to: "/executables", title: t("page.executables") }}
      badge={data && <Verdict of={data.verdict} />}
      actions={
        data?.can?.includes("mark") && (
          <Button variant="default" onClick={() => setMarking(true)}>
            {t("executable.mark")}
          </Button>
        )
      }
    >
      <Loaded of={executable}>
        {(row) => (
          <>
            <About of={row} />
            <Popularity id={row.id} />
            <Reputation of={row} />
            <Places of={row} />
            {may("audit:read") && <ObjectHistory type="executable" id={row.id} />}
            <FormDialog title={t("executable.mark")} isOpen={isMarking} onClose={() => setMarking(false)}>
              <MarkForm id={row.id} onClose={() => setMarking(false)} />
            </FormDialog>
          </>
        )}
      </Loaded>
    </Page>
  );
}

const Mono = ({ of }: { of: string | null | undefined }) =>
  of ? <span className={`y-mono ${classes.hash}`}>{of}</span> : "–";

function About({ of }: { of: Executable }) {
  const { t, field, value } = useText();
  return (
    <Section title={t("executable.about")}>
      <Facts
        of={[
          [field("path", "executable"), <Mono key="p" of={of.path} />],
          [field("sha256", "executable"), <Mono key="2" of={of.sha256} />],
          [field("sha1", "executable"), <Mono key="1" of={of.sha1} />],
          [field("md5", "executable"), <Mono key="5" of={of.md5} />],
          [field("signer", "executable"), of.signer ?? t("executable.unsigned")],
          [field("company", "executable"), of.company],
          [field("product", "executable"), of.product],
          [field("description", "executable"), of.description],
          [field("original_name", "executable"), of.original_name],
          [field("os", "executable"), value("os", of.os)],
          [field("markers", "executable"), <Tags key="m" of={of.markers} max={10} />],
          [field("first_seen_at", "executable"), <RelativeTime key="f" at={of.first_seen_at} />],
          [field("last_seen_at", "executable"), <RelativeTime key="l" at={of.last_seen_at} />],
        ]}
      />
    </Section>
  );
}

function Popularity({ id }: { id: string }) {
  const { t } = useText();
  const popularity = useRead("GET /executables/{id}/popularity", { path: { id } });
  return (
    <Section title={t("executable.popularity")} lead={t("executable.popularity_lead")}>
      <Loaded of={popularity}>
        {(row) => (
          <Facts
            of={[
              [t("executable.here"), row.computers_here],
              [t("executable.everywhere"), `${row.computers_everywhere} / ${row.computers_total}`],
              [t("executable.customers"), row.customers_everywhere],
              [t("executable.first_anywhere"), <RelativeTime key="f" at={row.first_seen_everywhere_at} />],
            ]}
          />
        )}
      </Loaded>
    </Section>
  );
}

function Places({ of }: { of: Executable }) {
  const { t, language } = useText();
  const columns = useMemo<Column<Item<"GET /executables/{id}/computers">>[]>(
    () => [
      { id: "computer_name", cell: (row) => <b>{row.computer_name}</b> },
      { id: "path", cell: (row) => <span className="y-mono">{row.path}</span> },
      { id: "first_seen_at", cell: (row) => <RelativeTime at={row.first_seen_at} /> },
      { id: "last_seen_at", cell: (row) => <RelativeTime at={row.last_seen_at} /> },
    ],
    [language],
  );
  return (
    <Section title={t("executable.places")}>
      <DataTable
        name="executable-computers"
        noun="executable"
        route="GET /executables/{id}/computers"
        path={{ id: of.id }}
        columns={columns}
        sort="-last_seen_at"
        isPlain
        open={(row) => `/computers/${row.computer_id}`}
        empty={{ title: t("executable.no_places") }}
      />
    </Section>
  );
}
