import { Avatar, Text, UnstyledButton } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { signOut, useSession } from "@/api/session";
import { useText } from "@/text";
import { MenuButton } from "@/ui/Flyout";
import { IconKey, IconLogout, IconShield, IconUser } from "@/ui/icons";
import { useGo } from "@/ui/nav";
import { notifyProblem } from "@/ui/notify";

export function AccountMenu() {
  const { t } = useText();
  const { person, tenant } = useSession();
  const cache = useQueryClient();
  const go = useGo();
  const leave = () =>
    signOut(cache).then(
      () => go("/sign-in"),
      (error: unknown) => notifyProblem(error, t("state.failed")),
    );
  return (
    <MenuButton
      width={250}
      button={
        <UnstyledButton aria-label={t("shell.account")} style={{ borderRadius: 20, marginLeft: 4 }}>
          <Avatar
            size={30}
            radius="xl"
            styles={{ placeholder: { color: "var(--y-accent)", background: "var(--y-accent-soft)" } }}
            name={undefined}
          >
            {(person?.name ?? "?").trim().slice(0, 1)}
          </Avatar>
        </UnstyledButton>
      }
      head={
        <>
          <Text span display="block" fw={600} c="var(--y-text)">
            {person?.name}
          </Text>
          <Text span display="block" size="xs">
            {person?.email}
          </Text>
          <Text span display="block" size="xs">
            {tenant?.name}
          </Text>
        </>
      }
      items={[
        {
          key: "account",
          label: t("page.account"),
          icon: IconUser,
          isFirstOfGroup: true,
          run: () => void go("/account"),
        },
        {
          key: "security",
          label: t("page.account_security"),
          icon: IconShield,
          run: () => void go("/account/security"),
        },
        { key: "keys", label: t("page.account_keys"), icon: IconKey, run: () => void go("/account/api-keys") },
        {
          key: "leave",
          label: t("shell.sign_out"),
          icon: IconLogout,
          isFirstOfGroup: true,
          run: () => void leave(),
        },
      ]}
    />
  );
}
