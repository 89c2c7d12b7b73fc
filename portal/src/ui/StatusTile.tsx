import { Text, Title } from "@mantine/core";
import { useText } from "@/text";
import { StatusBadge, type Tone } from "./StatusBadge";
import classes from "./StatusTile.module.css";

export interface Tile {
  key?: string | null;
  state?: string | null;
  title?: string | null;
  summary?: string | null;
  detail?: string | null;
  remedy?: string | null;
}

const TONES: Record<string, Tone> = { green: "ok", yellow: "warn", red: "bad", grey: "mute", blue: "info" };

export const toneOfTile = (tile: Tile): Tone => TONES[tile.state ?? "grey"] ?? "mute";

export function StatusTile({ tile, isSmall }: { tile: Tile; isSmall?: boolean }) {
  const { t } = useText();
  const tone = toneOfTile(tile);
  // The detail has every finding on a line of its own; the summary is one of them.
  const others = (tile.detail ?? "").split("\n").filter((line) => line && line !== tile.summary);
  return (
    <article className={classes.tile} data-tone={tone}>
      <div className={classes.head}>
        <Title order={2} fz="sm">
          {tile.title}
        </Title>
        <StatusBadge field="tile" word={tile.state} tone={tone} />
      </div>
      <Text fw={isSmall ? 400 : 550} size={isSmall ? "sm" : "md"}>
        {tile.summary}
      </Text>
      {!isSmall &&
        others.map((line) => (
          <Text key={line} size="sm" c="dimmed">
            {line}
          </Text>
        ))}
      {!isSmall && tile.remedy && (
        <Text size="sm" className={classes.remedy}>
          <b>{t("platform.remedy")}</b> {tile.remedy}
        </Text>
      )}
    </article>
  );
}
