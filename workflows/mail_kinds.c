#include "workflows/mail_kinds.h"

/* For examples. Not STR(): clang takes no compound literal in a constant. */
#define TEXT(literal) { "" literal "", sizeof(literal) - 1 }
#define SOME_DAY { INT64_C(1796200200) * 1000000 } /* 2026-12-02 08:30 UTC */

#define MAIL_KIND(id, english, japanese, ...)                                                                 \
    static const struct id##_mail id##_example = { __VA_ARGS__ };                                             \
    const struct mail_kind mail_##id = {                                                                      \
        .key = #id, .title = { english, japanese }, .data = &id##_shape, .example = &id##_example,            \
    }

static const struct shape invitation_shape = SHAPE(invitation_mail,
    FIELD(invitation_mail, name, "Who is invited"),
    FIELD(invitation_mail, tenant_name, "The company the person belongs to"),
    FIELD(invitation_mail, inviter_name, "Who invites"),
    FIELD(invitation_mail, url, "The one-time link", .secret = true),
    FIELD(invitation_mail, expires_at, "When the link ends"));
MAIL_KIND(invitation, "Invitation to register", "登録のご案内", .name = TEXT("青葉 太郎"),
          .tenant_name = TEXT("株式会社青葉製作所"), .inviter_name = TEXT("櫓 花子"),
          .url = TEXT("https://hub.example.jp/invitations/example"), .expires_at = { INT64_C(1796805000) * 1000000 });

static const struct shape registration_complete_shape = SHAPE(registration_complete_mail,
    FIELD(registration_complete_mail, name, "Who registered"),
    FIELD(registration_complete_mail, tenant_name, "The company the person belongs to"),
    FIELD(registration_complete_mail, url, "The sign-in page"));
MAIL_KIND(registration_complete, "Registration completed", "登録完了のお知らせ", .name = TEXT("青葉 太郎"),
          .tenant_name = TEXT("株式会社青葉製作所"), .url = TEXT("https://hub.example.jp/sign-in"));

static const struct shape password_reset_shape = SHAPE(password_reset_mail,
    FIELD(password_reset_mail, name, "Whose password"),
    FIELD(password_reset_mail, url, "The one-time link", .secret = true),
    FIELD(password_reset_mail, expires_at, "When the link ends"),
    FIELD(password_reset_mail, address, "From where it was asked"));
MAIL_KIND(password_reset, "Password reset", "パスワード再設定のご案内", .name = TEXT("青葉 太郎"),
          .url = TEXT("https://hub.example.jp/password-reset/example"),
          .expires_at = { INT64_C(1796203800) * 1000000 }, .address = TEXT("203.0.113.24"));

static const struct shape password_changed_shape = SHAPE(password_changed_mail,
    FIELD(password_changed_mail, name, "Whose password"),
    FIELD(password_changed_mail, changed_at, "When"),
    FIELD(password_changed_mail, address, "From where"));
MAIL_KIND(password_changed, "Password changed", "パスワード変更のお知らせ", .name = TEXT("青葉 太郎"),
          .changed_at = SOME_DAY, .address = TEXT("203.0.113.24"));

static const struct shape sign_in_locked_shape = SHAPE(sign_in_locked_mail,
    FIELD(sign_in_locked_mail, name, "Whose account"),
    FIELD(sign_in_locked_mail, attempts, "Failed attempts"),
    FIELD(sign_in_locked_mail, locked_until, "When it opens by itself"),
    FIELD(sign_in_locked_mail, address, "From where it was tried"),
    FIELD(sign_in_locked_mail, url, "Where the password can be reset"));
MAIL_KIND(sign_in_locked, "Sign-in locked", "ログイン一時停止のお知らせ", .name = TEXT("青葉 太郎"), .attempts = 10,
          .locked_until = SOME_DAY, .address = TEXT("203.0.113.24"),
          .url = TEXT("https://hub.example.jp/password-reset"));

static const struct shape new_device_shape = SHAPE(new_device_mail,
    FIELD(new_device_mail, name, "Whose account"),
    FIELD(new_device_mail, at, "When"),
    FIELD(new_device_mail, address, "From where"),
    FIELD(new_device_mail, agent, "What the browser calls itself"),
    FIELD(new_device_mail, url, "The page of one's sessions"));
MAIL_KIND(new_device, "Sign-in from a new device", "新しい端末からのログインのお知らせ", .name = TEXT("青葉 太郎"),
          .at = SOME_DAY, .address = TEXT("203.0.113.24"), .agent = TEXT("Firefox / Windows"),
          .url = TEXT("https://hub.example.jp/me/sessions"));

static const struct shape second_factor_reset_shape = SHAPE(second_factor_reset_mail,
    FIELD(second_factor_reset_mail, name, "Whose account"),
    FIELD(second_factor_reset_mail, reset_by, "The administrator"),
    FIELD(second_factor_reset_mail, at, "When"),
    FIELD(second_factor_reset_mail, url, "The sign-in page"));
MAIL_KIND(second_factor_reset, "Two-factor authentication reset", "2要素認証の再設定のお知らせ",
          .name = TEXT("青葉 太郎"), .reset_by = TEXT("櫓 花子"), .at = SOME_DAY,
          .url = TEXT("https://hub.example.jp/sign-in"));

static const struct shape api_key_created_shape = SHAPE(api_key_created_mail,
    FIELD(api_key_created_mail, name, "Whose key"),
    FIELD(api_key_created_mail, key_name, "What the key is called"),
    FIELD(api_key_created_mail, key_prefix, "How the key begins"),
    FIELD(api_key_created_mail, created_by, "Who created it"),
    FIELD(api_key_created_mail, expires_at, "When it ends"),
    FIELD(api_key_created_mail, url, "The page of API keys"));
MAIL_KIND(api_key_created, "API key created", "APIキー作成のお知らせ", .name = TEXT("青葉 太郎"),
          .key_name = TEXT("SIEM連携"), .key_prefix = TEXT("ygk_4f7k2m"), .created_by = TEXT("青葉 太郎"),
          .expires_at = SOME_DAY, .url = TEXT("https://hub.example.jp/me/api-keys"));

static const struct shape api_key_expiring_shape = SHAPE(api_key_expiring_mail,
    FIELD(api_key_expiring_mail, name, "Whose key"),
    FIELD(api_key_expiring_mail, key_name, "What the key is called"),
    FIELD(api_key_expiring_mail, key_prefix, "How the key begins"),
    FIELD(api_key_expiring_mail, expires_at, "When it ends"),
    FIELD(api_key_expiring_mail, url, "The page of API keys"));
MAIL_KIND(api_key_expiring, "API key expires soon", "APIキーの有効期限のお知らせ", .name = TEXT("青葉 太郎"),
          .key_name = TEXT("SIEM連携"), .key_prefix = TEXT("ygk_4f7k2m"), .expires_at = SOME_DAY,
          .url = TEXT("https://hub.example.jp/me/api-keys"));

static const struct shape news_line_shape = SHAPE(news_line,
    FIELD(news_line, title, "What happened"),
    FIELD(news_line, body, "What was written"),
    FIELD(news_line, at, "When"));
static struct news_line news_example_lines[] = {
    { TEXT("新しいメッセージ(櫓 花子): AOBA-42 メール受信後にPCが遅い"),
      TEXT("該当のファイルを確認いたしました。不正な動作は見つかっておりません。"), SOME_DAY },
    { TEXT("ご回答をお待ちしている質問があります: AOBA-42 メール受信後にPCが遅い"),
      TEXT("事象が発生した時刻をお知らせください。"), SOME_DAY },
};
static const struct shape news_shape = SHAPE(news_mail,
    FIELD(news_mail, name, "Who is told"),
    FIELD(news_mail, topic, "What it is about: the case, as all mails about it call it"),
    FIELD(news_mail, lines, "What happened", .items = &news_line_shape),
    FIELD(news_mail, url, "The page it leads to"),
    FIELD(news_mail, account_url, "Where the reader chooses what comes by mail"),
    FIELD(news_mail, for_customer, "The reader is a customer"),
    FIELD(news_mail, received, "It acknowledges that a case was received"));
MAIL_KIND(news, "News of a case", "お問い合わせの更新のお知らせ", .name = TEXT("青葉 太郎"),
          .topic = TEXT("[AOBA-42] メール受信後にPCが遅い"), .lines = { news_example_lines, 2 },
          .url = TEXT("https://hub.example.jp/tickets/example"),
          .account_url = TEXT("https://hub.example.jp/account/notices"), .for_customer = true);

static const struct shape contact_drill_shape = SHAPE(contact_drill_mail,
    FIELD(contact_drill_mail, name, "Who is tried"),
    FIELD(contact_drill_mail, tenant_name, "The company the person belongs to"),
    FIELD(contact_drill_mail, phone, "The number that is registered"),
    FIELD(contact_drill_mail, url, "The one-time link", .secret = true),
    FIELD(contact_drill_mail, due_at, "Until when"));
MAIL_KIND(contact_drill, "Contact drill", "連絡訓練のお願い", .name = TEXT("青葉 太郎"),
          .tenant_name = TEXT("株式会社青葉製作所"), .phone = TEXT("03-1234-5678"),
          .url = TEXT("https://hub.example.jp/contact-drill/example"), .due_at = SOME_DAY);

static const struct shape mail_not_taken_shape = SHAPE(mail_not_taken_mail,
    FIELD(mail_not_taken_mail, name, "Who wrote"),
    FIELD(mail_not_taken_mail, topic, "The subject of that mail"),
    FIELD(mail_not_taken_mail, closed, "The case is closed"),
    FIELD(mail_not_taken_mail, no_case, "It belongs to no case, and mails open none"),
    FIELD(mail_not_taken_mail, may_not, "This person may not write in cases"),
    FIELD(mail_not_taken_mail, url, "The page of cases"));
MAIL_KIND(mail_not_taken, "Your mail was not taken in", "メールを受け付けられませんでした", .name = TEXT("青葉 太郎"),
          .topic = TEXT("Re: [AOBA-42] 検知ルールについて"), .closed = true,
          .url = TEXT("https://hub.example.jp/tickets"));

static const struct shape test_shape = SHAPE(test_mail,
    FIELD(test_mail, sent_by, "Who tries it out"),
    FIELD(test_mail, at, "When"));
MAIL_KIND(test, "Test mail", "テストメール", .sent_by = TEXT("櫓 花子"), .at = SOME_DAY);

const struct mail_kind *const mail_kinds[] = {
    &mail_invitation, &mail_registration_complete, &mail_password_reset, &mail_password_changed, &mail_sign_in_locked,
    &mail_new_device, &mail_second_factor_reset, &mail_api_key_created, &mail_api_key_expiring, &mail_news,
    &mail_contact_drill, &mail_mail_not_taken, &mail_test,
};
const size_t mail_kind_count = COUNT_OF(mail_kinds);

const struct mail_kind *
mail_kind_named(struct str key)
{
    for (size_t i = 0; i < mail_kind_count; i++)
        if (str_is(key, mail_kinds[i]->key))
            return mail_kinds[i];
    return NULL;
}
