#include "server/demo_tuning.h"

#include "model/tenant.h"
#include "workflows/exclusions.h"
#include "workflows/incidents.h"

static const char noisy_rule[] = "Who Am I Asked by a Service Account";

struct noisy_args {
    struct uuid tenant_id;
    struct str title;
};
static const struct shape noisy_args_shape =
    SHAPE(noisy_args, FIELD(noisy_args, tenant_id, "Whose"), FIELD(noisy_args, title, "Of which rule"));

static const struct query noisy_rule_of = {
    .name = "noisy_rule", .sql = "SELECT id FROM rule WHERE title = :title AND tenant_id <> :tenant_id",
    .args = &noisy_args_shape, .row = &id_args_shape,
};
static const struct query noisy_incidents = {
    .name = "noisy_incidents",
    .sql = "SELECT i.id FROM incident i WHERE i.tenant_id = :tenant_id AND i.status <> 'closed'"
           "   AND NOT EXISTS (SELECT FROM detection d WHERE d.tenant_id = i.tenant_id AND d.incident_id = i.id"
           "                      AND d.title <> :title) ORDER BY i.number",
    .args = &noisy_args_shape, .row = &id_args_shape,
};

static bool
exclude(struct scope *s, const struct noisy_args *noise)
{
    struct exclusion_condition conditions[] = {
        { .field = STR("ParentCommandLine"), .operator = CONDITION_EQUALS, .enabled = true,
          .value = STR("cmd.exe /c whoami /user & systeminfo & tasklist /svc") },
        { .field = STR("User"), .operator = CONDITION_EQUALS, .enabled = true, .value = STR("NT AUTHORITY\\SYSTEM") },
    };
    struct exclusion made, row = {
        .tenant_id = noise->tenant_id, .title = STR("資産管理エージェントの定期調査 (Asset Ledger)"),
        .scope = EXCLUDE_ALL, .conditions = { conditions, COUNT_OF(conditions) }, .language = RULE_IN_SIGMA,
        .reason = STR("資産管理ソフト Asset Ledger が週に数回、SYSTEM 権限で実行する構成調査です。お客様に確認済みです。"
                      " / The inventory agent's own survey, confirmed with the customer."),
    };
    struct id_args rule;
    bool found;
    if (!db_maybe(s, &noisy_rule_of, noise, &rule, &found) || !found)
        return !scope_has_failed(s); /* a house without the starter rules has no noise of theirs */
    row.rule_id = rule.id;
    struct exclusion_decide decide = { .reason = STR("お客様確認済み / confirmed") };
    if (!exclusion_create(s, &row, &made))
        return false;
    decide.id = made.id;
    return exclusion_move(s, EXCLUSION_ACTIVATE, &decide, &made);
}

static bool
close_noise(struct scope *s, const struct noisy_args *noise)
{
    struct rows rows;
    if (!db_list(s, &noisy_incidents, noise, &rows))
        return false;
    for (size_t i = 0; i < rows.count; i++) {
        struct incident closed;
        struct incident_close in = {
            .id = ((const struct id_args *)rows.items + i)->id, .verdict = INCIDENT_EXPECTED,
            .reason = STR("資産管理エージェントの正常な動作でした。除外を登録しました。"), .resolve_detections = true };
        if (!incident_close(s, &in, &closed))
            return false;
    }
    return true;
}

bool
demo_tune(struct scope *s, struct uuid tenant_id)
{
    struct noisy_args noise = { tenant_id, str_of(noisy_rule) };
    return exclude(s, &noise) && close_noise(s, &noise);
}
