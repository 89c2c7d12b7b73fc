/* CannedAnswersPage: what engineers say again and again, kept in both languages. */
import { Button } from "@mantine/core";
import { lazy, useMemo, useState } from "react";
import type { FilterOf, Item } from "@/api/client";
import { useSession } from "@/api/session";
import { useText } from "@/text";
import { FormDialog } from "@/ui/FormDialog";
import { IconPlus } from "@/ui/icons";
import { Page } from "@/ui/Page";
import { RelativeTime } from "@/ui/RelativeTime";
import { DataTable } from "@/ui/table/DataTable";
import type { Column, Filter } from "@/ui/table/model";

const CannedAnswerForm = lazy(() => import("./CannedAnswerForm"));
type Answer = Item<"GET /canned-answers">;

const FILTERS: Filter<FilterOf<"GET /canned-answers">>[] = [{ field: "category_id", kind: "lookup" }];

export default function CannedAnswersPage() {
  const { t, language } = useText();
  const { may } = useSession();
  const [edited, edit] = useState<Answer | "new" | null>(null);
  const columns = useMemo<Column<Answer>[]>(() => {
    const title = (name: "title_en" | "title_ja", isExtra: boolean) => ({
      id: name,
      isExtra,
      cell: (row: Answer) => row[name],
    });
    const isJa = language === "ja";
    return [
      title(isJa ? "title_ja" : "title_en", false),
      { id: "category", cell: (row) => row.category ?? t("canned_answer.any") },
      title(isJa ? "title_en" : "title_ja", true),
      { id: "updated_at", cell: (row) => <RelativeTime at={row.updated_at} /> },
      { id: "updated_by", cell: (row) => row.updated_by },
    ];
  }, [language]);
  const mayWrite = may("tickets:write");
  return (
    <Page
      title={t("page.canned_answers")}
      lead={t("canned_answer.lead")}
      actions={
        mayWrite && (
          <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => edit("new")}>
            {t("canned_answer.make")}
          </Button>
        )
      }
    >
      <DataTable
        name="canned_answers"
        noun="canned_answer"
        route="GET /canned-answers"
        columns={columns}
        filters={FILTERS}
        searchHint={t("canned_answer.find")}
        sort={language === "ja" ? "title_ja" : "title_en"}
        onOpen={edit}
        empty={{ title: t("canned_answer.empty"), hint: t("canned_answer.empty_hint") }}
      />
      <FormDialog
        title={t(edited === "new" ? "canned_answer.make" : "canned_answer.one")}
        isOpen={edited !== null}
        onClose={() => edit(null)}
      >
        <CannedAnswerForm
          answer={edited === "new" ? null : edited}
          mayWrite={mayWrite}
          onClose={() => edit(null)}
        />
      </FormDialog>
    </Page>
  );
}
