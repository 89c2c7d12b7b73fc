/* Documents: what is put before the customer in a case, to be read or approved. */
import { Button, UnstyledButton } from "@mantine/core";
import { lazy, useState } from "react";
import type { Item } from "@/api/client";
import { useListing } from "@/api/queries";
import { useSession } from "@/api/session";
import { useText } from "@/text";
import { FormDialog } from "@/ui/FormDialog";
import { Section } from "@/ui/Page";
import { RelativeTime } from "@/ui/RelativeTime";
import { useMayWrite } from "../ticket/rights";
import { DocumentState } from "./DocumentState";
import classes from "./Documents.module.css";

const DocumentForm = lazy(() => import("./DocumentForm"));
const DocumentView = lazy(() => import("./DocumentView"));

type Ticket = Item<"GET /tickets">;
export type CaseDocument = Item<"GET /ticket-documents">;

export default function Documents({ ticket }: { ticket: Ticket }) {
  const { t, value } = useText();
  const { isProvider } = useSession();
  const mayPut = useMayWrite() && isProvider;
  const [isPutting, setPutting] = useState(false);
  const [opened, open] = useState<CaseDocument | null>(null);
  const listing = useListing("GET /tickets/{id}/documents", {
    path: { id: ticket.id },
    query: { limit: 100 },
  });
  if (listing.rows.length === 0 && !mayPut) return null;
  return (
    <Section
      title={t("document.title")}
      flush
      actions={
        mayPut && (
          <Button size="compact-xs" variant="default" onClick={() => setPutting(true)}>
            {t("document.put")}
          </Button>
        )
      }
    >
      {listing.rows.length === 0 ? (
        <div className={classes.empty}>{t("document.none")}</div>
      ) : (
        <ul className={classes.list}>
          {listing.rows.map((one) => (
            <li key={one.id}>
              <UnstyledButton
                className={classes.row}
                onClick={() => open(one)}
                data-waits={one.awaits_me || undefined}
              >
                <span className={classes.name}>
                  <b>{one.title}</b>
                  <small>
                    {value("document_kind", one.kind)}
                    {" · "}
                    {one.created_by_name} <RelativeTime at={one.created_at} />
                  </small>
                </span>
                <DocumentState of={one} />
              </UnstyledButton>
            </li>
          ))}
        </ul>
      )}
      <FormDialog title={t("document.put")} isOpen={isPutting} onClose={() => setPutting(false)}>
        <DocumentForm ticket={ticket} onClose={() => setPutting(false)} />
      </FormDialog>
      <FormDialog title={opened?.title ?? ""} isOpen={opened !== null} onClose={() => open(null)}>
        {opened && <DocumentView id={opened.id!} onClose={() => open(null)} />}
      </FormDialog>
    </Section>
  );
}
