/* Users: which customers go by a calendar, and sending another one to it. */
import { Button, Group, Stack, Text } from "@mantine/core";
import { useState } from "react";
import type { Out } from "@/api/client";
import { useRead, useVerb } from "@/api/queries";
import { useSession } from "@/api/session";
import { useText } from "@/text";
import { LookupOne } from "@/ui/Lookup";
import { notifyDone, notifyProblem } from "@/ui/notify";
import { Loaded, Section } from "@/ui/Page";
import classes from "./CalendarPage.module.css";

export default function Users({ calendar }: { calendar: Out<"GET /business-calendars/{id}"> }) {
  const { t } = useText();
  const { may } = useSession();
  const [tenant, setTenant] = useState<string | null>(null);
  const uses = useRead("GET /calendar-uses", { query: { calendar_id: calendar.id, limit: 200 } });
  const choose = useVerb("POST /calendar-uses", ["business-calendars"]);
  const say = async (tenant_id: string, calendar_id?: string) => {
    try {
      await choose.mutateAsync({ body: { tenant_id, calendar_id } });
      setTenant(null);
      notifyDone(t("calendar.chosen"));
    } catch (failure) {
      notifyProblem(failure, t("state.failed"));
    }
  };
  return (
    <Section title={t("calendar.users")} lead={t("calendar.users_lead")}>
      <Stack gap="md">
        <Loaded of={uses}>
          {(data) =>
            data.items.length === 0 ? (
              <Text c="dimmed">{t("calendar.no_users")}</Text>
            ) : (
              <ul className={classes.users}>
                {data.items.map((use) => (
                  <li key={use.tenant_id}>
                    <span>
                      {use.tenant_name}
                      {use.chosen && (
                        <Text span size="xs" c="dimmed" ml={8}>
                          {t("calendar.chosen_by", { name: use.chosen_by })}
                        </Text>
                      )}
                    </span>
                    {use.chosen && may("calendars:write") && (
                      <Button size="compact-xs" variant="subtle" onClick={() => void say(use.tenant_id)}>
                        {t("calendar.unchoose")}
                      </Button>
                    )}
                  </li>
                ))}
              </ul>
            )
          }
        </Loaded>
        {may("calendars:write") && (
          <Group align="flex-end" gap="xs">
            <div style={{ flex: "0 1 340px" }}>
              <LookupOne
                name="tenant_id"
                label={t("calendar.add_user")}
                query={{ kind: "customer" }}
                value={tenant}
                onChange={setTenant}
              />
            </div>
            <Button
              variant="default"
              disabled={!tenant}
              loading={choose.isPending}
              onClick={() => tenant && void say(tenant, calendar.id)}
            >
              {t("calendar.choose")}
            </Button>
          </Group>
        )}
      </Stack>
    </Section>
  );
}
