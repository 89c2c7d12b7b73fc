/* permission: the functions of the product, as one list. EPM-50: per function read (view), use (work with it
 * without changing it) and write (change it). A permission set is a list of "function:level". */
#ifndef YAGURA_MODEL_PERMISSION_H
#define YAGURA_MODEL_PERMISSION_H

#include "core/base/principal.h"

/* id, spelling, English, Japanese, sides: P provider only, B both */
#define PERMISSION_FUNCTIONS(X)                                             \
    X(TENANTS, "tenants", "Customers", "お客様", P)                          \
    X(PEOPLE, "people", "People", "利用者", B)                               \
    X(PERMISSIONS, "permissions", "Permission sets", "権限セット", B)         \
    X(API_KEYS, "api_keys", "API keys", "APIキー", B)                        \
    X(AUDIT, "audit", "Audit log", "監査ログ", B)                             \
    X(MAIL, "mail", "Mail outbox", "送信メール", P)                           \
    X(JOBS, "jobs", "Job queue", "ジョブキュー", P)                           \
    X(PLATFORM, "platform", "Platform health", "プラットフォーム稼働状況", P)   \
    X(SIGN_IN, "sign_in", "Sign-in settings", "ログイン設定", B)               \
    X(TICKETS, "tickets", "Cases", "お問い合わせチケット", B)                  \
    X(INCIDENTS, "incidents", "Incidents", "インシデント", B)                 \
    X(DETECTIONS, "detections", "Detections", "検知", B)                      \
    X(RULES, "rules", "Rules and exclusions", "ルールと除外", B)               \
    X(COMPUTERS, "computers", "Computers", "コンピューター", B)                \
    X(TELEMETRY, "telemetry", "Telemetry and ingest keys", "テレメトリと取り込みキー", B) \
    X(RESPONSE, "response", "Response actions", "対応アクション", B)           \
    X(HUNTS, "hunts", "Hunting", "脅威ハンティング", B)                        \
    X(REPORTS, "reports", "Reports", "レポート", B)                           \
    X(SERVICES, "services", "Services and contracts", "サービスと契約", B)     \
    X(CALENDARS, "calendars", "Calendars and targets", "カレンダーと目標時間", P)

#define PERMISSION_ENUM(id, spelling, en, ja, side) FUNCTION_##id,
enum function { FUNCTION_PUBLIC, FUNCTION_SIGNED_IN, PERMISSION_FUNCTIONS(PERMISSION_ENUM) FUNCTION_COUNT };
#undef PERMISSION_ENUM

#define CAN_READ(noun) ((struct permission){ FUNCTION_##noun, LEVEL_READ })
#define CAN_USE(noun) ((struct permission){ FUNCTION_##noun, LEVEL_USE })
#define CAN_WRITE(noun) ((struct permission){ FUNCTION_##noun, LEVEL_WRITE })

struct permission_function {
    const char *spelling;
    struct bilingual title;
    bool provider_only;
};
extern const struct permission_function permission_functions[FUNCTION_COUNT];

#endif
