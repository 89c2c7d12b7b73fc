import { Avatar, Menu, Text, UnstyledButton } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { signOut, useSession } from "@/api/session";
import { useText } from "@/text";
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
    <Menu position="bottom-end" width={250}>
      <Menu.Target>
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
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          <Text span display="block" fw={600} c="var(--y-text)">
            {person?.name}
          </Text>
          <Text span display="block" size="xs">
            {person?.email}
          </Text>
          <Text span display="block" size="xs">
            {tenant?.name}
          </Text>
        </Menu.Label>
        <Menu.Divider />
        <Menu.Item leftSection={<IconUser size={16} aria-hidden />} onClick={() => void go("/account")}>
          {t("page.account")}
        </Menu.Item>
        <Menu.Item
          leftSection={<IconShield size={16} aria-hidden />}
          onClick={() => void go("/account/security")}
        >
          {t("page.account_security")}
        </Menu.Item>
        <Menu.Item
          leftSection={<IconKey size={16} aria-hidden />}
          onClick={() => void go("/account/api-keys")}
        >
          {t("page.account_keys")}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={16} aria-hidden />} onClick={() => void leave()}>
          {t("shell.sign_out")}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
