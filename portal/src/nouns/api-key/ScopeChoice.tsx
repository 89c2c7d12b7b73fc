/* ScopeChoice: what a key may do, out of what its maker may do. */
import { MultiSelect } from "@mantine/core";
import { useRead } from "@/api/queries";
import { useSession } from "@/api/session";
import { useText } from "@/text";

const LEVELS = ["read", "use", "write"];

export function ScopeChoice({
  value,
  onChange,
  error,
}: {
  value: string[];
  onChange: (scopes: string[]) => void;
  error?: string;
}) {
  const { t, field, help, language } = useText();
  const { session } = useSession();
  const parts = useRead("GET /permission-functions");
  const titleOf = (part: string) => {
    const row = parts.data?.items.find((one) => one.key === part);
    return (language === "ja" ? row?.title_ja : row?.title_en) ?? part;
  };
  const data = (session?.permissions ?? []).flatMap((granted) => {
    const [part = "", top = ""] = granted.split(":");
    return LEVELS.slice(0, LEVELS.indexOf(top) + 1).map((level) => ({
      value: `${part}:${level}`,
      label: `${titleOf(part)}: ${t(`level.${level}`)}`,
    }));
  });
  const unique = [...new Map(data.map((one) => [one.value, one])).values()];
  return (
    <MultiSelect
      name="scopes"
      searchable
      required
      label={field("scopes")}
      description={help("scopes", "api_key")}
      data={unique}
      value={value}
      onChange={onChange}
      error={error}
      nothingFoundMessage={t("state.nothing_found")}
    />
  );
}
