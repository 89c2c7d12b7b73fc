#include "workflows/status.h"

#include "model/mail.h"
#include "model/permission.h"
#include "workflows/mail_service.h"
#include "workflows/service.h"
#include "workflows/status_facts.h"
#include "workflows/status_host.h"
#include "workflows/status_probe.h"
#include "workflows/status_rules.h"

static const struct bilingual nothing = { 0 };

const struct shape status_report_shape = SHAPE(status_report,
    FIELD(status_report, tiles, "One per thing that can be unwell", .items = &tile_shape));

enum { LATE_MAIL_MINUTES = 60, STALE_INVITATION_DAYS = 14, STALE_PROBE_MINUTES = 5, KEY_ENDS_SOON_DAYS = 14 };

static bool
may_see(const struct scope *s, struct permission needed)
{
    return !s->who || s->who->kind == PRINCIPAL_SYSTEM || principal_may(s->who, needed);
}

static bool
tile_database(struct scope *s, const struct database_facts *f, struct tile *t)
{
    int used = f->connections_max ? (int)(f->connections * 100 / f->connections_max) : 0;
    tile_find(s, t, TILE_GREEN,
              tile_text(s, "PostgreSQL %s, %.1f MiB, %lld of %lld connections",
                        "PostgreSQL %s、%.1f MiB、接続 %lld / %lld", str_c(s->arena, f->version),
                        (double)f->bytes / (1024.0 * 1024.0), (long long)f->connections, (long long)f->connections_max),
              nothing);
    if (f->version_number < 150000)
        tile_find(s, t, TILE_RED, tile_text(s, "PostgreSQL is older than 15", "PostgreSQL が 15 より古いバージョンです"),
                  (struct bilingual){ "Upgrade the database to PostgreSQL 15 or newer.",
                                      "PostgreSQL 15 以降へ更新してください。" });
    if (used >= 80)
        tile_find(s, t, used >= 95 ? TILE_RED : TILE_YELLOW,
                  tile_text(s, "%d %% of the connections are taken", "接続数が上限の %d %% に達しています", used),
                  (struct bilingual){ "Raise max_connections of PostgreSQL, or lower workers and job_threads.",
                                      "PostgreSQL の max_connections を増やすか、workers と job_threads を減らしてください。" });
    return true;
}

static bool
tile_migrations(struct scope *s, const struct database_facts *f, struct tile *t)
{
    int64_t known = s->service->migration_newest;
    tile_find(s, t, TILE_GREEN, tile_text(s, "The schema is at migration %04lld", "スキーマはマイグレーション %04lld です",
                                          (long long)f->migration), nothing);
    if (known && f->migration < known)
        tile_find(s, t, TILE_RED, tile_text(s, "Migrations up to %04lld have yet to run",
                                            "マイグレーション %04lld まで適用が必要です", (long long)known),
                  (struct bilingual){ "Run `yagura migrate`.", "`yagura migrate` を実行してください。" });
    else if (known && f->migration > known)
        tile_find(s, t, TILE_YELLOW, tile_text(s, "The database is newer than this program",
                                               "データベースがこのプログラムより新しい状態です"),
                  (struct bilingual){ "Finish the upgrade: restart every process with the new program.",
                                      "更新を完了し、すべてのプロセスを新しいプログラムで再起動してください。" });
    return true;
}

static bool
tile_jobs(struct scope *s, struct tile *t)
{
    struct job_facts f;
    if (!db_one(s, &job_facts, NULL, &f))
        return false;
    int64_t late_s = f.oldest_at.us && f.oldest_at.us < s->now.us ? (s->now.us - f.oldest_at.us) / SECONDS(1) : 0;
    tile_find(s, t, TILE_GREEN, tile_text(s, "%lld jobs wait, %lld are at work", "待機中 %lld 件、実行中 %lld 件",
                                          (long long)f.ready, (long long)f.acting), nothing);
    if (late_s > 60)
        tile_find(s, t, late_s > 300 ? TILE_RED : TILE_YELLOW,
                  tile_text(s, "The oldest job has been due for %lld s", "最も古いジョブが予定より %lld 秒遅れています",
                            (long long)late_s),
                  (struct bilingual){ "See that a process runs jobs (`yagura serve`, or with --only jobs), and raise "
                                      "job_threads if it is busy.",
                                      "ジョブを実行するプロセス(`yagura serve` または --only jobs)が動作していることを確認し、"
                                      "多忙な場合は job_threads を増やしてください。" });
    if (f.dead)
        tile_find(s, t, TILE_YELLOW, tile_text(s, "%lld jobs were given up", "%lld 件のジョブが失敗して停止しています",
                                               (long long)f.dead),
                  (struct bilingual){ "Open the job queue, mend the cause shown there, then retry or discard them.",
                                      "ジョブキューの画面で原因を確認して対処し、再実行または破棄してください。" });
    return true;
}

static bool
tile_mail(struct scope *s, struct tile *t)
{
    const struct mail_counts_args args = { .late_before = instant_plus(s->now, -MINUTES(LATE_MAIL_MINUTES)),
                                           .since = instant_plus(s->now, -DAYS(1)) };
    struct mail_counts f;
    if (!db_one(s, &mail_count, &args, &f))
        return false;
    tile_find(s, t, TILE_GREEN, tile_text(s, "%lld mails sent in 24 hours, %lld wait", "24時間の送信 %lld 通、送信待ち %lld 通",
                                          (long long)f.sent, (long long)f.queued), nothing);
    if (!s->service->mail->can_send)
        tile_find(s, t, TILE_BLUE, tile_text(s, "No mail server is configured: %lld mails are kept to be read here",
                                             "メールサーバーが未設定のため、%lld 通を画面で閲覧できるよう保管しています",
                                             (long long)f.kept),
                  (struct bilingual){ "Set smtp_url to let mails leave.", "送信するには smtp_url を設定してください。" });
    if (f.late)
        tile_find(s, t, TILE_RED, tile_text(s, "%lld mails have waited for over an hour", "%lld 通が1時間以上送信待ちです",
                                            (long long)f.late),
                  (struct bilingual){ "See the mail server's answer in the outbox.",
                                      "送信メールの画面で、メールサーバーの応答を確認してください。" });
    if (f.failed)
        tile_find(s, t, TILE_YELLOW,
                  tile_text(s, "%lld mails were refused", "%lld 通が送信に失敗しました", (long long)f.failed),
                  (struct bilingual){ "Open the outbox, mend the address or the mail server, then send them again.",
                                      "送信メールの画面で宛先やメールサーバーを確認し、再送してください。" });
    if (f.last_answer.len)
        t->detail = str_printf(s->arena, STR_FMT "\n" STR_FMT, STR_ARG(t->detail), STR_ARG(f.last_answer));
    return true;
}

static bool
tile_services(struct scope *s, struct tile *t)
{
    struct rows rows;
    if (!db_list(s, &status_probe_rows, NULL, &rows))
        return false;
    const struct status_probe *probe = rows.count ? rows.items : NULL;
    if (!s->service->mail->can_send) {
        tile_find(s, t, TILE_BLUE, tile_text(s, "No mail server is configured", "メールサーバーは未設定です"), nothing);
    } else if (!probe || probe->at.us < s->now.us - MINUTES(STALE_PROBE_MINUTES)) {
        tile_find(s, t, TILE_YELLOW, tile_text(s, "Nobody has looked at the mail server for some minutes",
                                               "メールサーバーの確認がしばらく行われていません"),
                  (struct bilingual){ "See that jobs run: the job status_probe looks once a minute.",
                                      "ジョブ status_probe(1分ごと)が実行されているか確認してください。" });
    } else if (!probe->ok) {
        tile_find(s, t, TILE_RED, tile_text(s, "The mail server does not answer: %s", "メールサーバーが応答しません: %s",
                                            str_c(s->arena, probe->detail)),
                  (struct bilingual){ "See smtp_url, the network and the mail server. Mails wait and leave later.",
                                      "smtp_url、ネットワーク、メールサーバーを確認してください。メールは送信待ちで保持されます。" });
    } else {
        tile_find(s, t, TILE_GREEN, tile_text(s, "The mail server answers: %s", "メールサーバーが応答しています: %s",
                                              str_c(s->arena, probe->detail)), nothing);
    }
    return true;
}

static void
find_demo_accounts(struct scope *s, int64_t count, struct tile *t)
{
    if (count)
        tile_find(s, t, status_is_local(s->service->public_url) ? TILE_BLUE : TILE_RED,
                  tile_text(s, "%lld accounts of the demonstration, whose password is public",
                            "パスワードが公開されているデモ用アカウントが %lld 件あります", (long long)count),
                  (struct bilingual){ "Disable them, or start from an empty database before real customers come.",
                                      "実際のお客様が利用する前に、無効にするか空のデータベースから始めてください。" });
}

static bool
tile_people(struct scope *s, struct tile *t)
{
    const struct people_facts_args args = { instant_plus(s->now, -DAYS(STALE_INVITATION_DAYS)) };
    struct people_facts f;
    if (!db_one(s, &people_facts, &args, &f))
        return false;
    tile_find(s, t, TILE_GREEN, tile_text(s, "%lld people, %lld invited", "利用者 %lld 名、招待中 %lld 名",
                                          (long long)f.active, (long long)f.invited), nothing);
    if (f.stale_invitations)
        tile_find(s, t, TILE_BLUE, tile_text(s, "%lld invitations are older than two weeks", "2週間以上前の招待が %lld 件あります",
                                             (long long)f.stale_invitations), nothing);
    if (f.without_factor)
        tile_find(s, t, TILE_BLUE, tile_text(s, "%lld people have yet to set up a second factor",
                                             "2要素認証が未設定の利用者が %lld 名います", (long long)f.without_factor), nothing);
    if (f.administrators_without_factor)
        tile_find(s, t, TILE_YELLOW, tile_text(s, "%lld administrators have no second factor",
                                               "2要素認証が未設定の管理者が %lld 名います",
                                               (long long)f.administrators_without_factor),
                  (struct bilingual){ "Ask them to sign in once: the portal then leads through it. Or disable them.",
                                      "一度ログインして設定するよう依頼するか、無効にしてください。" });
    find_demo_accounts(s, f.demo, t);
    return true;
}

static bool
tile_objects(struct scope *s, struct tile *t)
{
    const struct object_facts_args args = { s->now, instant_plus(s->now, DAYS(KEY_ENDS_SOON_DAYS)) };
    struct object_facts f;
    if (!db_one(s, &object_facts, &args, &f))
        return false;
    tile_find(s, t, TILE_GREEN, tile_text(s, "Everything that is set up can work", "設定に問題はありません"), nothing);
    if (f.tenants_without_administrator)
        tile_find(s, t, TILE_YELLOW, tile_text(s, "%lld customers have nobody who may invite people",
                                               "利用者を招待できる管理者がいないお客様が %lld 社あります",
                                               (long long)f.tenants_without_administrator),
                  (struct bilingual){ "Invite a customer administrator.", "お客様管理者を招待してください。" });
    if (f.keys_ending)
        tile_find(s, t, TILE_YELLOW, tile_text(s, "%lld API keys end within two weeks",
                                               "2週間以内に期限が切れるAPIキーが %lld 件あります", (long long)f.keys_ending),
                  (struct bilingual){ "Create new keys and put them in place of the old ones.",
                                      "新しいAPIキーを作成し、入れ替えてください。" });
    if (f.keys_of_nobody)
        tile_find(s, t, TILE_BLUE, tile_text(s, "%lld API keys belong to people who may not sign in",
                                             "ログインできない利用者のAPIキーが %lld 件あります",
                                             (long long)f.keys_of_nobody), nothing);
    if (f.people_without_rights)
        tile_find(s, t, TILE_BLUE, tile_text(s, "%lld people have no permission set", "権限セットのない利用者が %lld 名います",
                                             (long long)f.people_without_rights), nothing);
    return true;
}

static void
hide(const struct scope *s, struct tile *t)
{
    tile_find(s, t, TILE_GREY, tile_text(s, "You may not see this", "閲覧する権限がありません"), nothing);
}

static struct tile *
add_tile(const struct scope *s, struct rows *tiles, const char *key, struct bilingual title)
{
    struct tile *t = (struct tile *)tiles->items + tiles->count++;
    t->key = str_of(key);
    t->title = str_of(bilingual_in(title, s->language));
    return t;
}

static bool
add_guarded(struct scope *s, struct rows *tiles, const char *key, struct bilingual title, struct permission needed,
            bool (*fill)(struct scope *s, struct tile *t))
{
    struct tile *t = add_tile(s, tiles, key, title);
    if (may_see(s, needed))
        return fill(s, t);
    hide(s, t);
    return true;
}

bool
status_collect(struct scope *s, struct status_report *out)
{
    enum { TILES_MAX = 16 };
    struct rows *tiles = &out->tiles;
    struct database_facts facts;
    *tiles = (struct rows){ arena_array_of(s->arena, TILES_MAX, struct tile), 0 };
    if (!db_one(s, &database_facts, NULL, &facts)
        || !tile_database(s, &facts, add_tile(s, tiles, "database", (struct bilingual){ "Database", "データベース" }))
        || !tile_migrations(s, &facts, add_tile(s, tiles, "migrations", (struct bilingual){ "Schema", "スキーマ" }))
        || !add_guarded(s, tiles, "jobs", (struct bilingual){ "Job queue", "ジョブキュー" }, CAN_READ(JOBS), tile_jobs)
        || !add_guarded(s, tiles, "mail", (struct bilingual){ "Mail outbox", "送信メール" }, CAN_READ(MAIL), tile_mail)
        || !tile_services(s, add_tile(s, tiles, "services", (struct bilingual){ "External services", "外部サービス" }))
        || !add_guarded(s, tiles, "people", (struct bilingual){ "People", "利用者" }, CAN_READ(PEOPLE), tile_people)
        || !add_guarded(s, tiles, "objects", (struct bilingual){ "Objects that cannot work", "機能しない設定" },
                        CAN_READ(PEOPLE), tile_objects))
        return false;
    if (s->service->detector)
        tile_rules(s, add_tile(s, tiles, "rules", (struct bilingual){ "Detection rules", "検知ルール" }));
    tile_files(s, add_tile(s, tiles, "files", (struct bilingual){ "File store", "ファイル保管領域" }));
    tile_certificate(s, add_tile(s, tiles, "certificate", (struct bilingual){ "Certificate", "証明書" }));
    tile_clock(s, &facts, add_tile(s, tiles, "clock", (struct bilingual){ "Clock", "時刻" }));
    tile_backup(s, &facts, add_tile(s, tiles, "backup", (struct bilingual){ "Backup", "バックアップ" }));
    return true;
}
