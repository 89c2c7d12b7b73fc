/* TicketNewPage: a case in a minute. Files come afterwards, in the case itself. */
import { Suspense, lazy, useState } from "react";
import { clientState } from "@/api/client";
import { useRead } from "@/api/queries";
import { useSession } from "@/api/session";
import { useText } from "@/text";
import type { Control } from "@/ui/fields";
import { Form } from "@/ui/Form";
import { MarkdownField } from "@/ui/MarkdownField";
import { useGo } from "@/ui/nav";
import { Note } from "@/ui/Note";
import { notifyDone } from "@/ui/notify";
import { Page, Section } from "@/ui/Page";
import { CategoryChoice } from "./CategoryChoice";
import { keepNewCase, readNewCase } from "./drafts";
import { FormAnswers, fieldsOf, unfilled } from "./FormAnswers";
import { SeverityChoice } from "./SeverityChoice";
import { useLeft, WhatIsLeft } from "./WhatIsLeft";

const CustomerChoice = lazy(() => import("./CustomerChoice"));

export default function TicketNewPage() {
  const { t, field } = useText();
  const go = useGo();
  const { session, person, tenant, isProvider, may } = useSession();
  const [draft] = useState(() => readNewCase(person?.id));
  const kept = isProvider ? ((draft.tenant_id as string) ?? "") : "";
  const [customer, setCustomer] = useState(isProvider ? clientState.tenantId || kept : "");
  const chosen = useRead("GET /tenants/{id}", {
    path: { id: customer },
    enabled: isProvider && customer !== "",
  });
  const [category, setCategory] = useState((draft.category_id as string) ?? "");
  const forms = useRead("GET /case-forms", { query: { limit: 100 } as never });
  const left = useLeft(isProvider ? customer : (session?.acting_tenant ?? tenant)?.id, category);
  const isUsedUp = left !== undefined && !left.remaining;
  const plan = isProvider ? chosen.data?.plan : (session?.acting_tenant ?? tenant)?.plan;
  return (
    <Page
      title={t("ticket.make")}
      lead={t("ticket.make_lead")}
      back={{ to: "/tickets", title: t(isProvider ? "page.tickets" : "ticket.own_title") }}
      width="narrow"
    >
      <Section>
        {Boolean(draft.subject || draft.description) && (
          <Note tone="info" title={t("ticket.draft_found")}>
            {t("ticket.draft_found_hint")}
          </Note>
        )}
        <Form
          route="POST /tickets"
          noun="ticket"
          wide
          layout={[
            "tenant_id",
            "category_id",
            "for_next_period",
            "override_reason",
            "subject",
            "answers",
            "description",
            "severity",
          ]}
          initial={{ severity: "c", ...draft, tenant_id: customer || null } as never}
          onValues={(values) => keepNewCase(person?.id, values)}
          isHidden={(name, values) =>
            (name === "tenant_id" && !isProvider) ||
            (name === "for_next_period" && !isUsedUp) ||
            (name === "override_reason" && !(isUsedUp && isProvider && may("services:write"))) ||
            (name === "answers" && fieldsOf(forms.data?.items, values.category_id).length === 0)
          }
          check={(values) => unfilled(fieldsOf(forms.data?.items, values.category_id), values.answers, t)}
          clears={{ category_id: ["answers"] }}
          controls={{
            tenant_id: (control) => (
              <Suspense>
                <CustomerChoice control={control} onChoose={setCustomer} />
              </Suspense>
            ),
            category_id: (control) => (
              <>
                <CategoryChoice
                  control={{ ...control, onChange: (id) => (setCategory(id as string), control.onChange(id)) }}
                  plan={plan}
                />
                {left && <WhatIsLeft of={left} />}
              </>
            ),
            answers: (control) => (
              <FormAnswers
                key={category}
                control={control}
                form={forms.data?.items.find((one) => one.id === category)}
              />
            ),
            description: (control) => <Description control={control} />,
            severity: (control) => (
              <SeverityChoice
                control={control}
                label={field(isProvider ? "severity" : "severity_proposed", "ticket")}
              />
            ),
          }}
          submit={t("action.create")}
          onCancel={() => {
            keepNewCase(person?.id, null);
            void go("/tickets");
          }}
          onDone={(ticket) => {
            keepNewCase(person?.id, null);
            notifyDone(t("ticket.made", { reference: ticket.reference }));
            void go(`/tickets/${ticket.id}`);
          }}
        />
      </Section>
    </Page>
  );
}

function Description({ control }: { control: Control }) {
  const { t, field } = useText();
  return (
    <MarkdownField
      label={field("description", "ticket")}
      name={control.name}
      value={(control.value as string) ?? ""}
      onChange={control.onChange}
      error={control.error}
      maxLength={control.field.max}
      placeholder={t("ticket.description_hint")}
      minRows={7}
      required
    />
  );
}
