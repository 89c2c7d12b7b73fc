/* doors: the pages before sign-in, and those that a link in a mail opens. */
import { withText } from "@/text";
import type { PageRow } from "./pages";

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
