/* SplitForm: which messages become a case of their own. */
import { Checkbox, Text } from "@mantine/core";
import { useState } from "react";
import { useListing } from "@/api/queries";
import { useText } from "@/text";
import { Form } from "@/ui/Form";
import { useGo } from "@/ui/nav";
import { notifyDone } from "@/ui/notify";
import { RelativeTime } from "@/ui/RelativeTime";
import { SeverityChoice } from "../SeverityChoice";
import type { Ticket } from "./TicketWork";
import classes from "./Work.module.css";

const SHOWN = 120;
const shorten = (text: string) => {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length > SHOWN ? `${line.slice(0, SHOWN)}…` : line;
};

export function SplitForm({ ticket, onClose }: { ticket: Ticket; onClose: () => void }) {
  const { t, field } = useText();
  const go = useGo();
  const [chosen, setChosen] = useState<string[]>([]);
  const listing = useListing("GET /tickets/{id}/posts", {
    path: { id: ticket.id },
    query: { sort: "-created_at", limit: 100 },
  });
  const posts = listing.rows.filter((post) => post.kind !== "automatic" && !post.origin);
  const toggle = (id: string) =>
    setChosen((now) => (now.includes(id) ? now.filter((one) => one !== id) : [...now, id]));
  return (
    <>
      <Text mb="md">{t("work.split_text")}</Text>
      {posts.length === 0 && <Text c="dimmed">{t("work.split_none")}</Text>}
      <ul className={classes.choices} aria-label={t("work.split_which")}>
        {posts.map((post) => (
          <li key={post.id} data-note={post.visibility === "internal" || undefined}>
            <Checkbox
              checked={chosen.includes(post.id)}
              onChange={() => toggle(post.id)}
              label={
                <>
                  <b>{post.author_name}</b>{" "}
                  <span className={classes.quiet}>
                    <RelativeTime at={post.created_at} />
                  </span>
                  <div>{shorten(post.body)}</div>
                </>
              }
            />
          </li>
        ))}
      </ul>
      <div style={{ height: 16 }} />
      <Form
        route="POST /tickets/{id}/split"
        noun="ticket_split"
        path={{ id: ticket.id }}
        layout={["subject", "description", "severity"]}
        initial={{ severity: ticket.severity }}
        controls={{
          severity: (control) => <SeverityChoice control={control} label={field("severity", "ticket")} />,
        }}
        prepare={(body) => ({ ...body, post_ids: chosen })}
        isDisabled={chosen.length === 0}
        alsoChanges={["audit"]}
        submit={t("work.split_submit", { n: chosen.length })}
        onCancel={onClose}
        onDone={(made) => {
          notifyDone(t("ticket.made", { reference: made.reference }));
          onClose();
          void go(`/tickets/${made.id}`);
        }}
      />
    </>
  );
}
