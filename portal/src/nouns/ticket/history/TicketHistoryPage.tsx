/* TicketHistoryPage: everything that happened in a case, the newest first, as sentences; and as a file. */
import { Button } from "@mantine/core";
import { download } from "@/api/client";
import { useListing, useRead } from "@/api/queries";
import { useText } from "@/text";
import { saveFile } from "@/ui/files";
import { IconDownload } from "@/ui/icons";
import { LoadingState } from "@/ui/LoadingState";
import { useParam } from "@/ui/nav";
import { notifyProblem } from "@/ui/notify";
import { Page, Section } from "@/ui/Page";
import { HistoryLines } from "./HistoryLines";

export default function TicketHistoryPage() {
  const { t } = useText();
  const path = { id: useParam("id") };
  const ticket = useRead("GET /tickets/{id}", { path });
  const listing = useListing("GET /tickets/{id}/history", { path, query: { limit: 100 } });
  const save = () =>
    download("GET /tickets/{id}/history", { path, query: { sort: "at" } }).then(
      (blob) => saveFile(blob, `${ticket.data?.reference ?? "case"}-history.csv`),
      (error: unknown) => notifyProblem(error, t("state.failed")),
    );
  return (
    <Page
      title={t("history.of", { reference: ticket.data?.reference ?? "" })}
      lead={ticket.data?.subject}
      back={{ to: `/tickets/${path.id}`, title: ticket.data?.reference ?? t("page.ticket") }}
      width="narrow"
      actions={
        <Button
          variant="default"
          leftSection={<IconDownload size={15} aria-hidden />}
          onClick={() => void save()}
        >
          {t("table.export")}
        </Button>
      }
    >
      <Section flush>
        {listing.isLoading ? <LoadingState rows={8} /> : <HistoryLines lines={listing.rows} />}
        {listing.hasMore && (
          <Button m="md" size="xs" variant="default" loading={listing.isFetching} onClick={listing.readMore}>
            {t("table.more")}
          </Button>
        )}
      </Section>
    </Page>
  );
}
