/* FlyoutBody: the opened half of Flyout. It exists from the first wish on, and begins open. */
import { Menu, Popover } from "@mantine/core";
import { cloneElement, Fragment, useState } from "react";
import type { MenuProps, MenuRow, PanelProps } from "./Flyout";

export default function PanelBody({ button, children, position, width, label, isFlush, onOpen }: PanelProps) {
  const [isOpen, setOpen] = useState(true);
  const toggle = () => {
    if (!isOpen) onOpen?.();
    setOpen(!isOpen);
  };
  return (
    <Popover
      opened={isOpen}
      onChange={setOpen}
      position={position ?? "bottom-start"}
      width={width}
      trapFocus
      returnFocus
    >
      <Popover.Target>{cloneElement(button, { onClick: toggle })}</Popover.Target>
      <Popover.Dropdown
        p={isFlush ? 0 : undefined}
        miw={width ? undefined : 220}
        maw={width ? undefined : 340}
        mah="min(70vh, 520px)"
        style={{ overflowY: "auto" }}
        aria-label={label}
      >
        {isOpen && children(() => setOpen(false))}
      </Popover.Dropdown>
    </Popover>
  );
}

export function MenuBody({ button, items, head, position, width, label, onOpen }: MenuProps) {
  const [isOpen, setOpen] = useState(true);
  const change = (opens: boolean) => {
    if (opens) onOpen?.();
    setOpen(opens);
  };
  return (
    <Menu opened={isOpen} onChange={change} position={position ?? "bottom-end"} width={width}>
      <Menu.Target>{button}</Menu.Target>
      <Menu.Dropdown aria-label={label}>
        {head && <Menu.Label>{head}</Menu.Label>}
        {items.map((row) => (
          <Fragment key={row.key}>
            {row.isFirstOfGroup && <Menu.Divider />}
            <MenuLine row={row} />
          </Fragment>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function MenuLine({ row }: { row: MenuRow }) {
  if (row.isChecked !== undefined)
    return (
      <Menu.CheckboxItem checked={row.isChecked} disabled={row.isDisabled} onChange={row.run}>
        {row.label}
      </Menu.CheckboxItem>
    );
  const Picture = row.icon;
  return (
    <Menu.Item
      color={row.isDangerous ? "red" : undefined}
      disabled={row.isDisabled}
      leftSection={Picture && <Picture size={16} aria-hidden />}
      onClick={row.run}
    >
      {row.label}
    </Menu.Item>
  );
}
