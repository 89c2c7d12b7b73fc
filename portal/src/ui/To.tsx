/* To: a link inside the portal. */
import { createLink } from "@tanstack/react-router";
import { Anchor, type AnchorProps } from "@mantine/core";
import { forwardRef, type AnchorHTMLAttributes, type ComponentType, type ReactNode } from "react";

const Base = forwardRef<HTMLAnchorElement, AnchorProps & AnchorHTMLAttributes<HTMLAnchorElement>>(
  (props, ref) => <Anchor ref={ref} {...props} />,
);
Base.displayName = "To";

interface ToProps extends AnchorProps {
  to: string;
  search?: Record<string, string | undefined>;
  children: ReactNode;
  className?: string;
  onClick?: () => void;
  "aria-label"?: string;
  "aria-current"?: "page" | undefined;
}

export const To = createLink(Base) as unknown as ComponentType<ToProps>;
