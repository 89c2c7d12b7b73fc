/* CaseSetupPage: what cases ask for when they are opened, and what engineers tick off in them. */
import { Button } from "@mantine/core";
import { lazy, useState } from "react";
import type { Item } from "@/api/client";
import { useRead } from "@/api/queries";
import { useSession } from "@/api/session";
import { useText } from "@/text";
import { FormDialog } from "@/ui/FormDialog";
import { Loaded, Page, Section } from "@/ui/Page";
import { StatusBadge } from "@/ui/StatusBadge";
import classes from "./CaseSetup.module.css";

const FormEditor = lazy(() => import("./FormEditor"));
const ChecklistEditor = lazy(() => import("./ChecklistEditor"));

export type CaseForm = Item<"GET /case-forms">;
export type Template = Item<"GET /checklist-templates">;

export default function CaseSetupPage() {
  const { t } = useText();
  return (
    <Page title={t("page.case_setup")} lead={t("setup.lead")} width="narrow">
      <Forms />
      <Checklists />
    </Page>
  );
}

function Forms() {
  const { t, language } = useText();
  const { may } = useSession();
  const [edited, edit] = useState<CaseForm | null>(null);
  const forms = useRead("GET /case-forms", { query: { limit: 100 } as never });
  const label = (one: CaseForm["fields"][number]) => (language === "ja" ? one.label_ja : one.label_en);
  return (
    <Section title={t("setup.forms")} lead={t("setup.forms_lead")} flush>
      <Loaded of={forms}>
        {(data) => (
          <ul className={classes.list}>
            {data.items
              .toSorted((a, b) => b.fields.length - a.fields.length || a.category.localeCompare(b.category))
              .map((form) => (
                <li key={form.id}>
                  <span className={classes.grow}>
                    <b>{form.category}</b>
                    <small>
                      {form.fields.length === 0
                        ? t("setup.no_fields")
                        : form.fields.map((one) => `${label(one)}${one.required ? " *" : ""}`).join(t("setup.and"))}
                    </small>
                  </span>
                  {may("calendars:write") && (
                    <Button
                      size="xs"
                      variant="default"
                      aria-label={t("setup.edit_of", { name: form.category })}
                      onClick={() => edit(form)}
                    >
                      {t("action.edit")}
                    </Button>
                  )}
                </li>
              ))}
          </ul>
        )}
      </Loaded>
      <FormDialog title={edited?.category ?? ""} isOpen={edited !== null} onClose={() => edit(null)}>
        {edited && <FormEditor form={edited} onClose={() => edit(null)} />}
      </FormDialog>
    </Section>
  );
}

function Checklists() {
  const { t, named } = useText();
  const { may } = useSession();
  const [edited, edit] = useState<Template | "new" | null>(null);
  const templates = useRead("GET /checklist-templates", { query: { limit: 100 } as never });
  const mayWrite = may("calendars:write");
  return (
    <Section
      title={t("setup.checklists")}
      lead={t("setup.checklists_lead")}
      flush
      actions={
        mayWrite && (
          <Button size="xs" variant="default" onClick={() => edit("new")}>
            {t("setup.new_checklist")}
          </Button>
        )
      }
    >
      <Loaded of={templates}>
        {(data) => (
          <ul className={classes.list}>
            {data.items.map((one) => (
              <li key={one.id} data-off={!one.active || undefined}>
                <span className={classes.grow}>
                  <b>{named(one)}</b>
                  <small>
                    {one.category ?? t("setup.any_category")}
                    {" · "}
                    {t("setup.items", { n: one.items.length })}
                    {one.automatic && ` · ${t("setup.automatic_short")}`}
                  </small>
                </span>
                {!one.active && <StatusBadge field="active" word="off" label={t("setup.inactive")} />}
                {mayWrite && (
                  <Button
                    size="xs"
                    variant="default"
                    aria-label={t("setup.edit_of", { name: named(one) })}
                    onClick={() => edit(one)}
                  >
                    {t("action.edit")}
                  </Button>
                )}
              </li>
            ))}
          </ul>
        )}
      </Loaded>
      <FormDialog
        title={edited === "new" ? t("setup.new_checklist") : edited ? named(edited) : ""}
        isOpen={edited !== null}
        onClose={() => edit(null)}
      >
        {edited && (
          <ChecklistEditor template={edited === "new" ? null : edited} onClose={() => edit(null)} />
        )}
      </FormDialog>
    </Section>
  );
}
