/* GrantMatrix: parts of the product down, levels across. A higher level holds the lower ones, so a row is one
 * choice out of four. */
import { Radio, Text } from "@mantine/core";
import { useRead } from "@/api/queries";
import { useText } from "@/text";
import { IconCheck, IconMinus } from "@/ui/icons";
import { Loaded } from "@/ui/Page";
import classes from "./GrantMatrix.module.css";

const LEVELS = ["none", "read", "use", "write"] as const;
type Level = (typeof LEVELS)[number];

const levelIn = (grants: string[], part: string): Level =>
  ([...LEVELS].reverse().find((level) => grants.includes(`${part}:${level}`)) ?? "none") as Level;

const withLevel = (grants: string[], part: string, level: Level) => [
  ...grants.filter((grant) => grant.split(":")[0] !== part),
  ...(level === "none" ? [] : [`${part}:${level}`]),
];

export function GrantMatrix({
  value,
  onChange,
  side,
  error,
  isDisabled,
  isScrolling,
}: {
  value: string[];
  onChange?: (grants: string[]) => void;
  side?: string | null;
  error?: string;
  isDisabled?: boolean;
  isScrolling?: boolean;
}) {
  const { t } = useText();
  const parts = useRead("GET /permission-functions");
  const table = (
    <Loaded of={parts}>
      {(data) => (
        <Matrix
          parts={data.items.filter((part) => side !== "customer" || !part.provider_only)}
          value={value}
          onChange={onChange}
          isDisabled={isDisabled}
        />
      )}
    </Loaded>
  );
  return (
    <>
      {isScrolling ? (
        <div className={classes.framed} tabIndex={0} role="region" aria-label={t("permission_set.grants")}>
          {table}
        </div>
      ) : (
        table
      )}
      {error && (
        <Text size="xs" c="var(--y-bad)" mt={4}>
          {error}
        </Text>
      )}
    </>
  );
}

interface Part {
  key: string | null;
  title_en: string | null;
  title_ja: string | null;
}

function Matrix({
  parts,
  value,
  onChange,
  isDisabled,
}: {
  parts: Part[];
  value: string[];
  onChange?: (grants: string[]) => void;
  isDisabled?: boolean;
}) {
  const { t, language } = useText();
  return (
    <table className={classes.matrix}>
      <thead>
        <tr>
          <th scope="col">{t("permission_set.part")}</th>
          {LEVELS.map((level) => (
            <th key={level} scope="col">
              {t(`level.${level}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {parts.map((part) => {
          const title = (language === "ja" ? part.title_ja : part.title_en) ?? "";
          const current = levelIn(value, part.key ?? "");
          return (
            <tr key={part.key} data-level={current}>
              <th scope="row">{title}</th>
              {LEVELS.map((level) => (
                <td key={level}>
                  {isDisabled ? (
                    <Mark isOn={current === level} isNone={level === "none"} />
                  ) : (
                    <Radio
                      name={`grant-${part.key}`}
                      aria-label={`${title}: ${t(`level.${level}`)}`}
                      checked={current === level}
                      onChange={() => onChange?.(withLevel(value, part.key ?? "", level))}
                    />
                  )}
                </td>
              ))}
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

/* Read only: one sees what holds, and nothing that looks as if it could be pressed. */
function Mark({ isOn, isNone }: { isOn: boolean; isNone: boolean }) {
  const { t } = useText();
  if (!isOn) return null;
  const Shape = isNone ? IconMinus : IconCheck;
  return (
    <div>
      <Shape
        size={16}
        aria-label={t("permission_set.holds")}
        color={isNone ? "var(--y-text-3)" : "var(--y-ok)"}
      />
    </div>
  );
}
