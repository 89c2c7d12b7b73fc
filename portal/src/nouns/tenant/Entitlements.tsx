/* Entitlements: what the contract includes a number of times, what is left of it, and which cases used it. */
import { Button, Group, Progress, Stack, Text } from "@mantine/core";
import { useState } from "react";
import type { Item } from "@/api/client";
import { useListing } from "@/api/queries";
import { useSession } from "@/api/session";
import { useText } from "@/text";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorState } from "@/ui/ErrorState";
import { Form } from "@/ui/Form";
import { FormDialog } from "@/ui/FormDialog";
import { IconStack } from "@/ui/icons";
import { LoadingState } from "@/ui/LoadingState";
import { notifyDone } from "@/ui/notify";
import { Section } from "@/ui/Page";
import { StatusBadge } from "@/ui/StatusBadge";
import { To } from "@/ui/To";
import classes from "./Entitlements.module.css";

type Row = Item<"GET /tenants/{id}/entitlements">;
type Use = NonNullable<Row["uses"]>[number];

export default function Entitlements({ tenantId }: { tenantId: string }) {
  const { t } = useText();
  const [asked, ask] = useState<Use | null>(null);
  const list = useListing("GET /tenants/{id}/entitlements", { path: { id: tenantId } });
  return (
    <Section title={t("entitlement.title")} lead={t("entitlement.lead")}>
      {list.isLoading ? (
        <LoadingState rows={3} />
      ) : list.problem ? (
        <ErrorState error={list.problem} onRetry={list.refetch} />
      ) : list.rows.length === 0 ? (
        <EmptyState icon={IconStack} title={t("entitlement.none")} hint={t("entitlement.none_hint")} />
      ) : (
        <ul className={classes.list}>
          {list.rows.map((row) => (
            <Counter key={`${row.id} ${row.period_from}`} row={row} giveBack={ask} />
          ))}
        </ul>
      )}
      <FormDialog title={t("entitlement.give_back")} isOpen={asked !== null} onClose={() => ask(null)}>
        {asked && <GiveBack use={asked} onClose={() => ask(null)} />}
      </FormDialog>
    </Section>
  );
}

function Counter({ row, giveBack }: { row: Row; giveBack: (use: Use) => void }) {
  const { t, value } = useText();
  const used = row.used ?? 0;
  const amount = row.amount ?? 0;
  const period = { from: row.period_from, to: row.period_to };
  return (
    <li className={classes.counter}>
      <Group justify="space-between" gap="xs">
        <b>{row.category}</b>
        <Text size="sm" className="y-num">
          {t("entitlement.left", { used, amount, left: row.remaining ?? 0 })}
        </Text>
      </Group>
      <Progress
        value={amount ? Math.min(100, (used / amount) * 100) : 0}
        color={row.remaining ? "blue" : "orange"}
        size="sm"
        aria-label={t("entitlement.left", { used, amount, left: row.remaining ?? 0 })}
      />
      <Text size="xs" c="dimmed">
        {value("entitlement_period", row.period)}
        {" · "}
        {t(row.current ? "entitlement.period" : "entitlement.next_period", period)}
      </Text>
      {(row.uses ?? []).length > 0 && (
        <ul className={classes.uses}>
          {row.uses!.map((use) => (
            <Used key={use.id} use={use} giveBack={giveBack} />
          ))}
        </ul>
      )}
    </li>
  );
}

function Used({ use, giveBack }: { use: Use; giveBack: (use: Use) => void }) {
  const { t, value } = useText();
  const { may, isProvider } = useSession();
  return (
    <li data-returned={!use.counts || undefined}>
      <To to={`/tickets/${use.ticket_id}`} underline="never">
        <span className="y-num">{use.reference}</span> {use.subject}
      </To>
      {use.override_reason && (
        <StatusBadge field="entitlement" word="over" tone="warn" label={t("entitlement.over")} />
      )}
      {use.override_reason && <small>{use.override_reason}</small>}
      {!use.counts && <small>{value("entitlement_return", use.return_cause)}</small>}
      {use.counts && isProvider && may("services:write") && (
        <Button size="compact-xs" variant="subtle" color="gray" onClick={() => giveBack(use)}>
          {t("entitlement.give_back")}
        </Button>
      )}
    </li>
  );
}

function GiveBack({ use, onClose }: { use: Use; onClose: () => void }) {
  const { t } = useText();
  return (
    <Stack gap="sm">
      <Text size="sm">{t("entitlement.give_back_text", { reference: use.reference })}</Text>
      <Form
        route="POST /entitlement-uses/{id}/give-back"
        noun="entitlement"
        path={{ id: use.id }}
        layout={["reason"]}
        alsoChanges={["tenants", "audit"]}
        submit={t("entitlement.give_back")}
        onCancel={onClose}
        onDone={() => {
          notifyDone(t("state.done"));
          onClose();
        }}
      />
    </Stack>
  );
}
