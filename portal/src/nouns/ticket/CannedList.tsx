/* CannedList: answers that fit the case, with its facts filled in; one is put where the caret stands. */
import { Stack, Text, TextInput, UnstyledButton } from "@mantine/core";
import { useState } from "react";
import { useRead } from "@/api/queries";
import { useText, type Language } from "@/text";
import { Loaded } from "@/ui/Page";
import { To } from "@/ui/To";
import classes from "./Canned.module.css";

interface CannedListProps {
  ticketId: string;
  onChoose: (text: string) => void;
}

export default function CannedList({ ticketId, onChoose }: CannedListProps) {
  const { t, value } = useText();
  const [typed, setTyped] = useState("");
  const [chosen, choose] = useState<Language | null>(null);
  const answers = useRead("GET /tickets/{id}/canned-answers", { path: { id: ticketId } });
  return (
    <Loaded of={answers}>
      {(data) => {
        const language = chosen ?? (data.language as Language);
        const body = (row: (typeof data.items)[number]) => (language === "ja" ? row.body_ja : row.body_en);
        const words = typed.toLowerCase().trim();
        const shown = data.items.filter(
          (row) => row.title.toLowerCase().includes(words) || body(row).toLowerCase().includes(words),
        );
        return (
          <Stack gap="xs">
            <div className={classes.head}>
              <TextInput
                size="xs"
                type="search"
                aria-label={t("canned_answer.find")}
                placeholder={t("canned_answer.find")}
                value={typed}
                onChange={(event) => setTyped(event.currentTarget.value)}
                data-autofocus
              />
              {(["ja", "en"] as const).map((one) => (
                <UnstyledButton
                  key={one}
                  className={classes.language}
                  aria-pressed={language === one}
                  onClick={() => choose(one)}
                >
                  {value("language", one)}
                </UnstyledButton>
              ))}
            </div>
            <ul className={classes.answers}>
              {shown.map((row) => (
                <li key={row.id}>
                  <UnstyledButton className={classes.answer} onClick={() => onChoose(body(row))}>
                    <b>{row.title}</b>
                    <span lang={language}>{body(row)}</span>
                  </UnstyledButton>
                </li>
              ))}
            </ul>
            {shown.length === 0 && (
              <Text size="xs" c="dimmed">
                {t("state.nothing_found")}
              </Text>
            )}
            <To to="/canned-answers" size="xs">
              {t("canned_answer.all")}
            </To>
          </Stack>
        );
      }}
    </Loaded>
  );
}
