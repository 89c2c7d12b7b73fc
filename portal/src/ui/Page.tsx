/* Page: the head every page has (where one is, what it is, what can be done) and the body under it. */
import { Group, Stack, Text, Title } from "@mantine/core";
import { useDocumentTitle } from "@mantine/hooks";
import type { ReactNode } from "react";
import { useText } from "@/text";
import { ErrorState } from "./ErrorState";
import { IconArrowLeft } from "./icons";
import { LoadingState } from "./LoadingState";
import classes from "./Page.module.css";
import { To } from "./To";

interface PageProps {
  title: string;
  lead?: ReactNode;
  badge?: ReactNode;
  actions?: ReactNode;
  back?: { to: string; title: string };
  /** A page of prose and forms is narrow, a page of lists takes the room there is. */
  width?: "narrow" | "wide";
  children: ReactNode;
}

export function Page({ title, lead, badge, actions, back, width = "wide", children }: PageProps) {
  const { t } = useText();
  useDocumentTitle(`${title} · ${t("app.name")}`);
  return (
    <div className={classes.page} data-width={width}>
      <header className={classes.head}>
        <div className={classes.titles}>
          {back && (
            <To to={back.to} className={classes.back} size="xs">
              <IconArrowLeft size={13} aria-hidden />
              {back.title}
            </To>
          )}
          <Group gap="sm" wrap="wrap">
            <Title order={1}>{title}</Title>
            {badge}
          </Group>
          {lead && (
            <Text c="dimmed" maw={760} component="div">
              {lead}
            </Text>
          )}
        </div>
        {actions && (
          <Group gap="xs" className={classes.actions}>
            {actions}
          </Group>
        )}
      </header>
      {children}
    </div>
  );
}

/* A titled block of a page. */
export function Section({
  title,
  lead,
  actions,
  children,
  flush,
}: {
  title?: string;
  lead?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
  flush?: boolean;
}) {
  return (
    <section className={classes.section} aria-label={title}>
      {(title || actions) && (
        <div className={classes.sectionHead}>
          <Stack gap={2}>
            {title && (
              <Title order={2} fz="15px">
                {title}
              </Title>
            )}
            {lead && (
              <Text size="sm" c="dimmed">
                {lead}
              </Text>
            )}
          </Stack>
          {actions && <Group gap="xs">{actions}</Group>}
        </div>
      )}
      <div className={flush ? undefined : classes.sectionBody}>{children}</div>
    </section>
  );
}

/* The first two of the four states of whatever was read. */
export function Loaded<T>({
  of,
  children,
}: {
  of: { data: T | undefined; error: unknown; isPending: boolean; refetch: () => unknown };
  children: (data: T) => ReactNode;
}) {
  if (of.data !== undefined) return <>{children(of.data)}</>;
  if (of.error) return <ErrorState error={of.error} onRetry={() => void of.refetch()} />;
  return <LoadingState />;
}
