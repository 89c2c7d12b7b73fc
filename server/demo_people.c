#include "server/demo.h"

const struct demo_tenant demo_tenants[] = {
    { "AOBA", "株式会社青葉製作所", "アオバセイサクショ", "Asia/Tokyo", "JP", TENANT_ULTIMATE, LANGUAGE_JA,
      "2025-10-01" },
    { "HARBOR", "Harbor Logistics Ltd.", NULL, "Europe/London", "GB", TENANT_LITE, LANGUAGE_EN,
      "2026-04-01" },
};
const size_t demo_tenant_count = COUNT_OF(demo_tenants);

#define JA LANGUAGE_JA
#define EN LANGUAGE_EN
#define IN PERSON_ACTIVE
#define ASKED PERSON_INVITED
#define OUT PERSON_DISABLED

const struct demo_person demo_people[] = {
    { NULL, "admin@demo.yagura.example", "櫓 守", "administrator", JA, IN, true, NULL, 60, true },
    { NULL, "engineer@demo.yagura.example", "三浦 遥", "duty_lead", JA, IN, true, NULL, 59, true },
    { "AOBA", "customer@demo.yagura.example", "佐々木 健一", "customer_administrator", JA, IN, false, NULL, 55, true },
    { "AOBA", "reader@demo.yagura.example", "小川 真理子", "customer_reader", JA, IN, false, NULL, 54, true },
    { NULL, "nakamura.jun@demo.yagura.example", "中村 潤", "duty_lead", JA, IN, true, NULL, 58, false },
    { NULL, "kobayashi.aya@demo.yagura.example", "小林 彩", "engineer", JA, IN, false, "AOBA", 57, false },
    { NULL, "daniel.weber@demo.yagura.example", "Daniel Weber", "engineer", EN, IN, false, "HARBOR", 57, false },
    { NULL, "ishii.takumi@demo.yagura.example", "石井 拓海", "hunter", JA, IN, true, NULL, 50, false },
    { NULL, "maria.rossi@demo.yagura.example", "Maria Rossi", "hunter", EN, IN, false, "HARBOR", 48, false },
    { NULL, "audit@demo.yagura.example", "監査法人みどり 担当", "auditor", JA, IN, true, NULL, 40, false },
    { NULL, "yoshida.ken@demo.yagura.example", "吉田 健", "engineer", JA, OUT, false, "AOBA", 56, false },
    { NULL, "ota.misaki@demo.yagura.example", "太田 美咲", "engineer", JA, ASKED, false, "AOBA", 2, false },
    { "AOBA", "hayashi@aoba.demo.yagura.example", "林 大輔", "customer_contact", JA, IN, false, NULL, 53, false },
    { "AOBA", "mori@aoba.demo.yagura.example", "森 由美", "customer_contact", JA, IN, false, NULL, 52, false },
    { "AOBA", "ikeda@aoba.demo.yagura.example", "池田 誠", "customer_contact", JA, IN, false, NULL, 45, false },
    { "AOBA", "hashimoto@aoba.demo.yagura.example", "橋本 直樹", "customer_administrator", JA, IN, false, NULL, 44,
      false },
    { "AOBA", "saito@aoba.demo.yagura.example", "斎藤 翔", "customer_contact", JA, OUT, false, NULL, 51, false },
    { "AOBA", "okada@aoba.demo.yagura.example", "岡田 恵", "customer_reader", JA, ASKED, false, NULL, 3, false },
    { "AOBA", "john.smith@aoba.demo.yagura.example", "John Smith", "customer_reader", EN, IN, false, NULL, 30, false },
    { "HARBOR", "emma.clarke@harbor.demo.yagura.example", "Emma Clarke", "customer_administrator", EN, IN, false, NULL,
      42, false },
    { "HARBOR", "oliver.hughes@harbor.demo.yagura.example", "Oliver Hughes", "customer_contact", EN, IN, false, NULL,
      41, false },
    { "HARBOR", "priya.patel@harbor.demo.yagura.example", "Priya Patel", "customer_contact", EN, IN, false, NULL, 33,
      false },
    { "HARBOR", "george.walker@harbor.demo.yagura.example", "George Walker", "customer_reader", EN, ASKED, false, NULL,
      1, false },
};
const size_t demo_people_count = COUNT_OF(demo_people);
