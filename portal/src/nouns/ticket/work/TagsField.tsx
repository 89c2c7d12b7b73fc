/* TagsField: tags; those that the customer's cases have had are offered. */
import { TagsInput } from "@mantine/core";
import { useRead } from "@/api/queries";
import { useText } from "@/text";

export default function TagsField({
  tenant,
  value,
  onChange,
}: {
  tenant: string | undefined;
  value: string[];
  onChange: (tags: string[]) => void;
}) {
  const { field } = useText();
  const known = useRead("GET /ticket-tags", {
    query: { tenant_id: tenant, sort: "-uses", limit: 100 } as never,
  });
  const data = [...new Set((known.data?.items ?? []).map((row) => row.tag))];
  return (
    <TagsInput
      label={field("tags", "ticket")}
      data={data}
      maxTags={20}
      splitChars={[",", "、"]}
      acceptValueOnBlur
      value={value}
      onChange={onChange}
    />
  );
}
