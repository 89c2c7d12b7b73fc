/* UploadLinks: addresses under which somebody hands files in to this case: making one, handing it on, revoking it. */
import { Button, Checkbox, Group, NativeSelect, Stack, Text, Textarea } from "@mantine/core";
import { useState } from "react";
import type { Item, Out } from "@/api/client";
import { useListing, useVerb } from "@/api/queries";
import { useText } from "@/text";
import { useConfirm } from "@/ui/confirm";
import Dialog from "@/ui/Dialog";
import { Note } from "@/ui/Note";
import { notifyDone, notifyProblem } from "@/ui/notify";
import { RelativeTime } from "@/ui/RelativeTime";
import { Secret } from "@/ui/Secret";
import { StatusBadge } from "@/ui/StatusBadge";
import { useClock } from "@/ui/time";
import classes from "./Attachment.module.css";
import { sizeText } from "./size";

type Link = Item<"GET /tickets/{id}/upload-links">;
type Made = Out<"POST /tickets/{id}/upload-links">;

const GIB = 1024 ** 3;
const SIZES = [GIB / 8, GIB, 4 * GIB, 16 * GIB, 64 * GIB];
const HOURS = [24, 72, 168, 720];
const FILES = [1, 5, 20, 100];

interface UploadLinksProps {
  ticket: Item<"GET /tickets">;
  mayWrite: boolean;
  onClose: () => void;
}

export default function UploadLinks({ ticket, mayWrite, onClose }: UploadLinksProps) {
  const { t } = useText();
  const [made, setMade] = useState<Made | null>(null);
  return (
    <Dialog title={t("file.link.title", { reference: ticket.reference })} onClose={onClose}>
      <Stack>
        {made ? (
          <HandOn made={made} onBack={() => setMade(null)} />
        ) : (
          mayWrite && <Make ticketId={ticket.id!} onMade={setMade} />
        )}
        <Links ticketId={ticket.id!} />
      </Stack>
    </Dialog>
  );
}

function Make({ ticketId, onMade }: { ticketId: string; onMade: (made: Made) => void }) {
  const { t, language } = useText();
  const make = useVerb("POST /tickets/{id}/upload-links", ["audit"]);
  const [note, setNote] = useState("");
  const [needsSignIn, setNeedsSignIn] = useState(false);
  const [hours, setHours] = useState(72);
  const [files, setFiles] = useState(5);
  const [bytes, setBytes] = useState(16 * GIB);
  const send = () =>
    make.mutate(
      {
        path: { id: ticketId },
        body: {
          note: note.trim() || undefined,
          needs_sign_in: needsSignIn,
          max_files: files,
          max_bytes: bytes,
          valid_hours: hours,
        },
      },
      { onSuccess: onMade, onError: (error) => notifyProblem(error, t("state.failed")) },
    );
  const number = (
    label: string,
    value: number,
    set: (to: number) => void,
    all: number[],
    word: (n: number) => string,
  ) => (
    <NativeSelect
      label={label}
      value={value}
      onChange={(event) => set(Number(event.currentTarget.value))}
      data={all.map((one) => ({ value: String(one), label: word(one) }))}
    />
  );
  return (
    <Stack gap="sm">
      <Text size="sm">{t("file.link.lead")}</Text>
      <Textarea
        label={t("file.link.note")}
        description={t("file.link.note_help")}
        maxLength={500}
        autosize
        minRows={2}
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
      />
      <Group grow align="end">
        {number(t("file.link.valid"), hours, setHours, HOURS, (n) => t("file.link.days", { count: n / 24 }))}
        {number(t("file.link.files"), files, setFiles, FILES, (n) => t("file.link.n_files", { count: n }))}
        {number(t("file.link.bytes"), bytes, setBytes, SIZES, (n) => sizeText(n, language))}
      </Group>
      <Checkbox
        label={t("file.link.needs_sign_in")}
        description={t("file.link.needs_sign_in_help")}
        checked={needsSignIn}
        onChange={(event) => setNeedsSignIn(event.currentTarget.checked)}
      />
      <Group justify="flex-end">
        <Button loading={make.isPending} onClick={send}>
          {t("file.link.make")}
        </Button>
      </Group>
    </Stack>
  );
}

function HandOn({ made, onBack }: { made: Made; onBack: () => void }) {
  const { t } = useText();
  const { dateTime } = useClock();
  return (
    <Stack gap="sm">
      <Note tone="ok" title={t("file.link.made")} role="status">
        {t("file.link.made_text", { until: dateTime(made.expires_at) })}
      </Note>
      <Secret text={made.url} />
      <div className={classes.qr}>
        <img
          src={`data:image/svg+xml;charset=utf-8,${encodeURIComponent(made.qr_svg)}`}
          alt={t("file.link.qr")}
        />
      </div>
      <Group justify="flex-end">
        <Button variant="default" onClick={onBack}>
          {t("file.link.another")}
        </Button>
      </Group>
    </Stack>
  );
}

function Links({ ticketId }: { ticketId: string }) {
  const { t } = useText();
  const listing = useListing("GET /tickets/{id}/upload-links", { path: { id: ticketId }, query: {} });
  if (listing.rows.length === 0) return null;
  return (
    <ul className={classes.links} aria-label={t("file.links")}>
      {listing.rows.map((link) => (
        <LinkRow key={link.id} link={link} />
      ))}
    </ul>
  );
}

const stateOf = (link: Link) =>
  link.revoked_at ? "revoked" : Date.parse(link.expires_at) < Date.now() ? "expired" : "open";

function LinkRow({ link }: { link: Link }) {
  const { t, language } = useText();
  const { confirm, dialog } = useConfirm();
  const revoke = useVerb("POST /upload-links/{id}/revoke", ["tickets", "audit"]);
  const state = stateOf(link);
  const ask = () =>
    confirm({
      title: t("file.link.revoke"),
      text: t("file.link.revoke_text"),
      action: t("file.link.revoke"),
      isDangerous: true,
      run: async () => {
        await revoke.mutateAsync({ path: { id: link.id! } });
        notifyDone(t("state.done"));
      },
    });
  return (
    <li>
      <div className={classes.what}>
        <span>{link.note || t("file.link.no_note")}</span>
        <span className={classes.meta}>
          {[
            link.created_by_name,
            t("file.link.used", { files: link.files, max: link.max_files, size: sizeText(link.bytes, language) }),
            link.needs_sign_in && t("file.link.with_sign_in"),
          ]
            .filter(Boolean)
            .join(" · ")}
        </span>
        <span className={classes.meta}>
          <StatusBadge
            field="link"
            word={state}
            tone={state === "open" ? "ok" : "mute"}
            label={t(`file.link.state.${state}`)}
          />{" "}
          {t("file.link.until")} <RelativeTime at={link.expires_at} />
        </span>
      </div>
      {state === "open" && (link.can ?? []).includes("revoke") && (
        <Button size="compact-xs" variant="default" onClick={ask}>
          {t("file.link.revoke")}
        </Button>
      )}
      {dialog}
    </li>
  );
}
