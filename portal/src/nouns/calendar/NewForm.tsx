import { Select, SimpleGrid, TextInput } from "@mantine/core";
import { useState } from "react";
import { asProblem, type Problem } from "@/api/problem";
import { useVerb } from "@/api/queries";
import { useText } from "@/text";
import { SaveBar } from "@/ui/LookBar";
import { useGo } from "@/ui/nav";
import { Section } from "@/ui/Page";
import { useClock } from "@/ui/time";
import { newDraft, sentOf } from "./draft";
import { DraftForm } from "./DraftForm";
import { Refusal } from "./Refusal";

export default function NewForm() {
  const { t, field } = useText();
  const clock = useClock();
  const go = useGo();
  const [name, setName] = useState("");
  const [timeZone, setTimeZone] = useState(clock.timeZone);
  const [draft, setDraft] = useState(newDraft);
  const [problem, setProblem] = useState<Problem | null>(null);
  const make = useVerb("POST /business-calendars");
  const save = async () => {
    setProblem(null);
    try {
      const made = await make.mutateAsync({ body: { name, time_zone: timeZone, ...sentOf(draft) } });
      await go(`/calendars/${made.id}`);
    } catch (failure) {
      setProblem(asProblem(failure));
    }
  };
  return (
    <>
      <Section>
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          <TextInput
            label={field("name")}
            required
            maxLength={100}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Select
            label={field("time_zone")}
            description={t("calendar.zone_help")}
            required
            searchable
            limit={100}
            allowDeselect={false}
            data={Intl.supportedValuesOf("timeZone")}
            value={timeZone}
            onChange={(zone) => zone && setTimeZone(zone)}
          />
        </SimpleGrid>
      </Section>
      <DraftForm draft={draft} timeZone={timeZone} onChange={setDraft} />
      {problem && <Refusal problem={problem} />}
      <SaveBar
        onCancel={() => void go("/calendars")}
        onSave={() => void save()}
        isSaving={make.isPending}
        isReady={Boolean(name.trim())}
      />
    </>
  );
}
