/* pages: the portal as one table. The menu, the router, the command palette and the permission a page asks for are
 * read from it; a new page is a row here and a file that is downloaded when somebody opens it. */
import type { ComponentType } from "react";
import { withText, type Part } from "@/text";
import {
  IconBell,
  IconBuilding,
  IconCalendar,
  IconChart,
  IconClock,
  IconPhone,
  IconSend,
  IconTarget,
  IconCode,
  IconHeartbeat,
  IconHistory,
  IconHome,
  IconInbox,
  IconKey,
  IconLogin,
  IconMail,
  IconMessage,
  IconShield,
  IconStack,
  IconStairs,
  IconTemplate,
  IconUser,
  IconUsers,
  IconWebhook,
  type Icon,
} from "@/ui/icons";

export type Group = "start" | "service" | "people" | "oversight" | "platform" | "develop" | "account";

export interface PageRow {
  /** Names the page in the texts: page.<key>. */
  key: string;
  path: string;
  /** A permission as the session spells it; without one every signed-in person may open the page. */
  needs?: string;
  side?: "provider" | "customer";
  /** Where it stands in the menu; a page without one is reached from another page. */
  group?: Group;
  icon?: Icon;
  load: () => Promise<{ default: ComponentType }>;
}

/* Pages of the desk speak of cases and their clocks, too. */
const SERVICE: Part[] = ["ticket", "case", "service"];

export const pages: PageRow[] = [
  { key: "home", path: "/", group: "start", icon: IconHome, load: () => import("@/nouns/home/HomePage") },

  {
    key: "tickets",
    path: "/tickets",
    needs: "tickets:read",
    group: "start",
    icon: IconMessage,
    load: () => withText(["ticket"], import("@/nouns/ticket/TicketsPage")),
  },
  {
    key: "ticket_new",
    path: "/tickets/new",
    needs: "tickets:use",
    load: () => withText(["ticket", "case"], import("@/nouns/ticket/TicketNewPage")),
  },
  {
    key: "ticket",
    path: "/tickets/$id",
    needs: "tickets:read",
    load: () => withText(["ticket", "case"], import("@/nouns/ticket/TicketPage")),
  },
  {
    key: "ticket_history",
    path: "/tickets/$id/history",
    needs: "tickets:read",
    load: () => withText(["ticket", "history"], import("@/nouns/ticket/history/TicketHistoryPage")),
  },

  {
    key: "handovers",
    path: "/handovers",
    needs: "tickets:read",
    side: "provider",
    group: "service",
    icon: IconSend,
    load: () => withText(SERVICE, import("@/nouns/handover/HandoversPage")),
  },
  {
    key: "handover_new",
    path: "/handovers/new",
    needs: "tickets:use",
    side: "provider",
    load: () => withText(SERVICE, import("@/nouns/handover/HandoverNewPage")),
  },
  {
    key: "handover",
    path: "/handovers/$id",
    needs: "tickets:read",
    side: "provider",
    load: () => withText(SERVICE, import("@/nouns/handover/HandoverPage")),
  },
  {
    key: "figures",
    path: "/figures",
    needs: "tickets:read",
    group: "service",
    icon: IconChart,
    load: () => withText(SERVICE, import("@/nouns/figures/FiguresPage")),
  },
  {
    key: "contacts",
    path: "/contacts",
    needs: "tickets:read",
    group: "service",
    icon: IconPhone,
    load: () => withText(SERVICE, import("@/nouns/contact/ContactsPage")),
  },
  {
    key: "drills",
    path: "/contact-drills",
    needs: "tickets:read",
    group: "service",
    icon: IconTarget,
    load: () => withText(SERVICE, import("@/nouns/contact/DrillsPage")),
  },
  {
    key: "drill",
    path: "/contact-drills/$id",
    needs: "tickets:read",
    load: () => withText(SERVICE, import("@/nouns/contact/DrillPage")),
  },
  {
    key: "targets",
    path: "/targets",
    needs: "calendars:read",
    side: "provider",
    group: "service",
    icon: IconClock,
    load: () => withText(SERVICE, import("@/nouns/target/TargetsPage")),
  },
  {
    key: "target_new",
    path: "/targets/new",
    needs: "calendars:write",
    side: "provider",
    load: () => withText(SERVICE, import("@/nouns/target/TargetNewPage")),
  },
  {
    key: "calendars",
    path: "/calendars",
    needs: "calendars:read",
    side: "provider",
    group: "service",
    icon: IconCalendar,
    load: () => withText(SERVICE, import("@/nouns/calendar/CalendarsPage")),
  },
  {
    key: "calendar_new",
    path: "/calendars/new",
    needs: "calendars:write",
    side: "provider",
    load: () => withText(SERVICE, import("@/nouns/calendar/CalendarNewPage")),
  },
  {
    key: "calendar",
    path: "/calendars/$id",
    needs: "calendars:read",
    side: "provider",
    load: () => withText(SERVICE, import("@/nouns/calendar/CalendarPage")),
  },
  {
    key: "calendar_change",
    path: "/calendars/$id/change",
    needs: "calendars:write",
    side: "provider",
    load: () => withText(SERVICE, import("@/nouns/calendar/CalendarChangePage")),
  },
  {
    key: "canned_answers",
    path: "/canned-answers",
    needs: "tickets:use",
    side: "provider",
    group: "service",
    icon: IconTemplate,
    load: () => withText(["ticket", "case"], import("@/nouns/canned-answer/CannedAnswersPage")),
  },
  {
    key: "case_setup",
    path: "/case-setup",
    needs: "calendars:read",
    side: "provider",
    group: "service",
    icon: IconStack,
    load: () => withText(["setup"], import("@/nouns/case-setup/CaseSetupPage")),
  },
  {
    key: "case_times",
    path: "/case-times",
    needs: "calendars:read",
    side: "provider",
    group: "service",
    icon: IconClock,
    load: () => withText(["setup"], import("@/nouns/case-time/CaseTimesPage")),
  },

  {
    key: "tenants",
    path: "/tenants",
    needs: "tenants:read",
    side: "provider",
    group: "people",
    icon: IconBuilding,
    load: () => withText(["people"], import("@/nouns/tenant/TenantsPage")),
  },
  {
    key: "tenant",
    path: "/tenants/$id",
    needs: "tenants:read",
    side: "provider",
    load: () => withText(["people"], import("@/nouns/tenant/TenantPage")),
  },
  {
    key: "people",
    path: "/people",
    needs: "people:read",
    group: "people",
    icon: IconUsers,
    load: () => withText(["people"], import("@/nouns/person/PeoplePage")),
  },
  {
    key: "person",
    path: "/people/$id",
    needs: "people:read",
    load: () => withText(["people"], import("@/nouns/person/PersonPage")),
  },
  {
    key: "permission_sets",
    path: "/permission-sets",
    needs: "permissions:read",
    group: "people",
    icon: IconShield,
    load: () => withText(["access"], import("@/nouns/permission-set/PermissionSetsPage")),
  },
  {
    key: "permission_set",
    path: "/permission-sets/$id",
    needs: "permissions:read",
    load: () => withText(["access"], import("@/nouns/permission-set/PermissionSetPage")),
  },
  {
    key: "api_keys",
    path: "/api-keys",
    needs: "api_keys:read",
    group: "people",
    icon: IconKey,
    load: () => withText(["access"], import("@/nouns/api-key/ApiKeysPage")),
  },
  {
    key: "webhooks",
    path: "/webhooks",
    needs: "api_keys:read",
    group: "develop",
    icon: IconWebhook,
    load: () => withText(["webhook"], import("@/nouns/webhook/WebhooksPage")),
  },
  {
    key: "webhook",
    path: "/webhooks/$id",
    needs: "api_keys:read",
    load: () => withText(["webhook"], import("@/nouns/webhook/WebhookPage")),
  },
  {
    key: "escalation_chains",
    path: "/escalation-chains",
    needs: "calendars:read",
    side: "provider",
    group: "oversight",
    icon: IconStairs,
    load: () => withText(["escalation"], import("@/nouns/escalation/ChainsPage")),
  },
  {
    key: "identity_providers",
    path: "/identity-providers",
    needs: "sign_in:read",
    group: "people",
    icon: IconLogin,
    load: () => withText(["access"], import("@/nouns/identity-provider/IdentityProvidersPage")),
  },
  {
    key: "identity_provider",
    path: "/identity-providers/$id",
    needs: "sign_in:read",
    load: () => withText(["access"], import("@/nouns/identity-provider/IdentityProviderPage")),
  },

  {
    key: "audit",
    path: "/audit",
    needs: "audit:read",
    group: "oversight",
    icon: IconHistory,
    load: () => import("@/nouns/audit/AuditPage"),
  },

  {
    key: "status",
    path: "/status",
    needs: "platform:read",
    side: "provider",
    group: "platform",
    icon: IconHeartbeat,
    load: () => withText(["platform"], import("@/nouns/platform/StatusPage")),
  },
  {
    key: "mails",
    path: "/mails",
    needs: "mail:read",
    side: "provider",
    group: "platform",
    icon: IconInbox,
    load: () => withText(["platform"], import("@/nouns/mail/MailsPage")),
  },
  {
    key: "mail",
    path: "/mails/$id",
    needs: "mail:read",
    side: "provider",
    load: () => withText(["platform"], import("@/nouns/mail/MailPage")),
  },
  {
    key: "mail_arrivals",
    path: "/mail-arrivals",
    needs: "mail:read",
    side: "provider",
    group: "platform",
    icon: IconMail,
    load: () => withText(["platform"], import("@/nouns/mail/MailArrivalsPage")),
  },
  {
    key: "mail_templates",
    path: "/mail-templates",
    needs: "mail:read",
    side: "provider",
    group: "platform",
    icon: IconTemplate,
    load: () => withText(["platform"], import("@/nouns/template/TemplatesPage")),
  },
  {
    key: "jobs",
    path: "/jobs",
    needs: "jobs:read",
    side: "provider",
    group: "platform",
    icon: IconStack,
    load: () => withText(["platform"], import("@/nouns/job/JobsPage")),
  },

  {
    key: "api_docs",
    path: "/api-docs",
    group: "develop",
    icon: IconCode,
    load: () => withText(["platform"], import("@/nouns/api-docs/ApiDocsPage")),
  },

  {
    key: "account",
    path: "/account",
    group: "account",
    icon: IconUser,
    load: () => withText(["people"], import("@/nouns/person/ProfilePage")),
  },
  {
    key: "account_security",
    path: "/account/security",
    group: "account",
    icon: IconShield,
    load: () => withText(["people"], import("@/nouns/person/SecurityPage")),
  },
  {
    key: "account_notices",
    path: "/account/notices",
    group: "account",
    icon: IconBell,
    load: () => withText(["notice"], import("@/nouns/notice/NoticesPage")),
  },
  {
    key: "account_keys",
    path: "/account/api-keys",
    group: "account",
    icon: IconKey,
    load: () => withText(["access"], import("@/nouns/api-key/MyKeysPage")),
  },
];

/* What a person sees before the portal proper: no frame, no session asked. */
export const doors: PageRow[] = [
  {
    key: "drill_answer",
    path: "/contact-drill/$token",
    load: () => withText(["door"], import("@/nouns/sign-in/DrillAnswerPage")),
  },
  { key: "sign_in", path: "/sign-in", load: () => withText(["door"], import("@/nouns/sign-in/SignInPage")) },
  {
    key: "password_reset",
    path: "/password-reset",
    load: () => withText(["door"], import("@/nouns/sign-in/PasswordResetPage")),
  },
  {
    key: "password_reset_confirm",
    path: "/password-reset/$token",
    load: () => withText(["door"], import("@/nouns/sign-in/NewPasswordPage")),
  },
  {
    key: "upload_visit",
    path: "/upload/$token",
    load: () => withText(["door", "file"], import("@/nouns/attachment/UploadVisitPage")),
  },
  {
    key: "invitation",
    path: "/invitations/$token",
    load: () => withText(["door"], import("@/nouns/sign-in/InvitationPage")),
  },
];
