#include <unistd.h>

#include "core/db/blob.h"
#include "core/db/migrate.h"
#include "core/net/clamd.h"
#include "core/net/fetch.h"
#include "model/audit.h"
#include "model/tenant.h"
#include "server/api/routes.h"
#include "server/catalogue.h"
#include "server/doctor.h"
#include "workflows/audit.h"
#include "workflows/mail_kinds.h"
#include "workflows/mail_service.h"

static const struct bilingual nothing = { 0 };

struct tile *
doctor_tile(struct doctor *d, const char *key, struct bilingual title)
{
    struct tile *t = &d->tiles[d->count < DOCTOR_TILES_MAX - 1 ? d->count++ : d->count];
    t->key = str_of(key);
    t->title = str_of(bilingual_in(title, d->program.s.language));
    return t;
}

/* The reason of the scope's failure becomes a red finding. */
static void
find_failure(struct doctor *d, struct tile *t, struct bilingual remedy)
{
    struct scope *s = &d->program.s;
    const struct failure *f = &s->failure;
    struct str title = str_of(f->problem ? bilingual_in(f->problem->title, s->language) : "?");
    tile_find(s, t, TILE_RED, str_copy(s->arena, f->detail.len ? f->detail : title), remedy);
    scope_forgive(s);
}

/* ---- configuration ---- */

static void
look_at_key(struct doctor *d)
{
    static const struct bilingual make = {
        "Write 64 random hex digits into key_file (openssl rand -hex 32), readable by the service alone. If it was "
        "lost, restore it: without it second factors and waiting mails cannot be read.",
        "key_file に64桁の16進乱数を書き込み(openssl rand -hex 32)、サービスだけが読めるようにしてください。紛失した場合は"
        "バックアップから復元してください(ないと2要素認証や送信待ちメールを読み出せません)。" };
    struct program *p = &d->program;
    struct scope *s = &p->s;
    struct tile *t = doctor_tile(d, "key", (struct bilingual){ "Key file", "鍵ファイル" });
    const char *file = str_c(s->arena, p->settings.key_file);
    if (secret_key_read(s, file, &p->service.key))
        tile_find(s, t, TILE_GREEN, tile_text(s, "%s can be read", "%s を読み込めました", file), nothing);
    else
        find_failure(d, t, make);
}

static void
look_at_templates(struct doctor *d)
{
    static const struct mail_service no_mail;
    struct program *p = &d->program;
    const struct settings *from = &p->settings;
    const struct mail_settings mail = {
        .templates = from->template_dir, .smtp_url = from->smtp_url, .smtp_ca_file = from->smtp_ca_file,
        .from_address = from->mail_from, .from_name = from->mail_from_name.at ? from->mail_from_name : from->hub_name };
    struct tile *t = doctor_tile(d, "templates", (struct bilingual){ "Mails", "メール" });
    if (mail_service_start(&p->s, &mail, &p->service.mail)) {
        tile_find(&p->s, t, TILE_GREEN, tile_text(&p->s, "%zu mails in two languages", "%zu 種類のメール(日英)",
                                                  mail_kind_count), nothing);
        return;
    }
    find_failure(d, t, (struct bilingual){ "Mend the named file or setting (docs/mail.md).",
                                           "該当するファイルまたは設定を修正してください(docs/mail.md)。" });
    p->service.mail = &no_mail;
}

static bool
write_and_read(struct scope *s, struct blob_store *store)
{
    static const char sample[] = "yagura doctor\n";
    struct blob_writer *w;
    struct blob_reader *r;
    struct blob_facts facts;
    char back[sizeof sample];
    size_t got;
    return blob_begin(s, store, &w) && blob_write(s, w, sample, sizeof sample - 1) && blob_finish(s, w, &facts)
        && blob_open(s, store, facts.id, &r) && blob_read(s, r, back, sizeof back, &got)
        && (got == sizeof sample - 1 || fail(s, &problem_internal, "a file was read back shorter than it was written"))
        && blob_read(s, r, back, sizeof back, &got); /* the end, where the hash is compared */
}

static void
look_at_store(struct doctor *d)
{
    struct program *p = &d->program;
    struct tile *t = doctor_tile(d, "store", (struct bilingual){ "Writing files", "ファイルの書き込み" });
    if (blob_store_open(&p->s, str_c(p->s.arena, p->settings.blob_dir), &p->service.blobs)
        && write_and_read(&p->s, p->service.blobs))
        tile_find(&p->s, t, TILE_GREEN, tile_text(&p->s, "A file was written and read back", "書き込みと読み出しを確認しました"),
                  nothing);
    else
        find_failure(d, t, (struct bilingual){ "Let blob_dir be a folder the service's user may write to.",
                                               "blob_dir を、サービスの利用者が書き込めるフォルダーにしてください。" });
}

static void
look_at_portal(struct doctor *d)
{
    struct program *p = &d->program;
    struct tile *t = doctor_tile(d, "portal", (struct bilingual){ "Portal", "ポータル" });
    struct str file = str_printf(p->s.arena, STR_FMT "/index.html", STR_ARG(p->settings.portal_dir));
    const char *page = str_c(p->s.arena, file);
    bool built = p->settings.portal_dir.len && access(page, R_OK) == 0;
    tile_find(&p->s, t, built ? TILE_GREEN : TILE_YELLOW,
              built ? tile_text(&p->s, "%s is there", "%s があります", page)
                    : tile_text(&p->s, "%s is missing: only the API is served", "%s がないため API だけを提供します", page),
              built ? nothing : (struct bilingual){ "Build the portal (script/server does), or set portal_dir.",
                                                    "ポータルをビルドするか(script/server が行います)、portal_dir を設定して"
                                                    "ください。" });
}

/* An empty file is shown to it: it must find nothing. */
static void
look_at_scanner(struct doctor *d)
{
    struct scope *s = &d->program.s;
    struct tile *t = doctor_tile(d, "scanner", (struct bilingual){ "Virus scanner", "ウイルススキャナー" });
    struct str where = d->program.settings.clamd, name;
    enum clamd_verdict verdict;
    struct clamd_talk *talk;
    if (!where.at)
        tile_find(s, t, TILE_GREY, tile_text(s, "None is set: files are not scanned",
                                             "設定されていないため、ファイルは検査されません"), nothing);
    else if (clamd_begin(s, where, &talk) && clamd_end(s, talk, &verdict, &name) && verdict == CLAMD_CLEAN)
        tile_find(s, t, TILE_GREEN, tile_text(s, "%s answers", "%s が応答しました", str_c(s->arena, where)), nothing);
    else
        find_failure(d, t, (struct bilingual){ "See that clamd runs, and that clamd names its socket or host:port.",
                                               "clamd が動作していることと、設定 clamd のソケットまたは host:port を確認して"
                                               "ください。" });
}

void
doctor_looks_at_configuration(struct doctor *d)
{
    struct program *p = &d->program;
    struct service *v = &p->service;
    const struct settings *from = &p->settings;
    *v = (struct service){ .clock = clock_system(), .public_url = from->public_url, .hub_name = from->hub_name,
                           .blob_dir = from->blob_dir, .tls_cert_file = from->tls_cert_file,
                           .backup_stamp = from->backup_stamp };
    p->s.service = v;
    look_at_key(d);
    look_at_templates(d);
    look_at_store(d);
    look_at_portal(d);
    look_at_scanner(d);
}

/* ---- database ---- */

static void
look_at_role(struct doctor *d, const char *role)
{
    struct program *p = &d->program;
    struct scope s = p->s;
    struct db_settings settings = program_database(p, role);
    struct db *db = db_open(&settings);
    struct db_catalogue all = catalogue_collect(s.arena, api_routes, api_routes_count);
    struct tile *t = doctor_tile(d, role, (struct bilingual){ "Database role", "データベースロール" });
    bool good = db_begin(&s, db, (struct uuids){ 0 }) && db_commit(&s) && db_check(&s, db, &all);
    if (good) {
        tile_find(&s, t, TILE_GREEN, tile_text(&s, "%s sees no more than it may, and all queries fit",
                                               "%s の権限とすべてのクエリーを確認しました", role), nothing);
    } else {
        p->s.failure = s.failure;
        find_failure(d, t, (struct bilingual){ "Run `yagura migrate` as the owner of the database; it makes and grants "
                                               "the roles.",
                                               "データベースの所有者で `yagura migrate` を実行してください(ロールの作成と権限付与を"
                                               "行います)。" });
    }
    db_end(&s);
    db_close(db);
}

void
doctor_looks_at_database(struct doctor *d)
{
    struct program *p = &d->program;
    struct scope *s = &p->s;
    struct db_settings owner = program_database(p, NULL);
    struct tile *t = doctor_tile(d, "connection", (struct bilingual){ "Database connection", "データベース接続" });
    const char *folder = str_c(s->arena, p->settings.migration_dir);
    int pending;
    d->db = db_open(&owner);
    if (!migrate_newest(s, folder, &p->service.migration_newest) || !migrate_pending(s, owner.url, folder, &pending)) {
        find_failure(d, t, (struct bilingual){ "See that PostgreSQL runs, and database_url and database_owner_url.",
                                               "PostgreSQL の稼働と、database_url・database_owner_url を確認してください。" });
        return;
    }
    tile_find(s, t, TILE_GREEN, tile_text(s, "The database answers", "データベースが応答しています"), nothing);
    if (pending) {
        tile_find(s, t, TILE_RED, tile_text(s, "%d migrations have yet to run", "未適用のマイグレーションが %d 件あります", pending),
                  (struct bilingual){ "Run `yagura migrate`.", "`yagura migrate` を実行してください。" });
        return;
    }
    look_at_role(d, "yagura_api");
    look_at_role(d, "yagura_jobs");
    d->sees = db_begin(s, d->db, (struct uuids){ NULL, 0 });
    if (!d->sees)
        find_failure(d, t, nothing);
}

void
doctor_looks_at_tiles(struct doctor *d)
{
    struct scope *s = &d->program.s;
    struct status_report report;
    if (!d->sees)
        return;
    if (!status_collect(s, &report)) {
        find_failure(d, doctor_tile(d, "status", (struct bilingual){ "Status", "稼働状況" }), nothing);
        d->sees = false;
        return;
    }
    const struct tile *tiles = report.tiles.items;
    for (size_t i = 0; i < report.tiles.count; i++)
        if (!str_is(tiles[i].key, "services")) /* asked directly below */
            *doctor_tile(d, "", nothing) = tiles[i];
}

void
doctor_looks_at_audit(struct doctor *d)
{
    struct scope *s = &d->program.s;
    struct rows rows;
    bool whole;
    if (!d->sees)
        return;
    struct tile *t = doctor_tile(d, "audit", (struct bilingual){ "Audit log", "監査ログ" });
    if (!audit_verify(s, &rows, &whole)) {
        find_failure(d, t, nothing);
        return;
    }
    const struct audit_chain *chains = rows.items;
    int64_t entries = 0;
    for (size_t i = 0; i < rows.count; i++) {
        entries += chains[i].entries;
        if (chains[i].broken_seq != INT_NONE)
            tile_find(s, t, TILE_RED,
                      tile_text(s, "The log of %s was changed by force at entry %lld",
                                "%s の監査ログが、番号 %lld の箇所で改変されています", str_c(s->arena, chains[i].tenant_name),
                                (long long)chains[i].broken_seq),
                      (struct bilingual){ "Somebody wrote into the database past the service. Keep it as evidence, "
                                          "compare with a backup, and find out who had access.",
                                          "サービスを経由せずにデータベースが書き換えられています。証拠として保全し、バックアップと"
                                          "照合のうえ、アクセスした者を調査してください。" });
    }
    if (!t->state)
        tile_find(s, t, TILE_GREEN, tile_text(s, "%lld entries in %zu chains, all whole", "%lld 件(%zu 系列)、改変なし",
                                              (long long)entries, rows.count), nothing);
}

/* ---- outside ---- */

static void
look_at_mail_server(struct doctor *d)
{
    struct scope *s = &d->program.s;
    const struct mail_service *mail = d->program.service.mail;
    struct tile *t = doctor_tile(d, "smtp", (struct bilingual){ "Mail server", "メールサーバー" });
    struct str greeting;
    if (!mail->can_send)
        tile_find(s, t, TILE_BLUE, tile_text(s, "None is configured: mails stay in the outbox",
                                             "未設定です(メールは送信されず、画面で閲覧できます)"), nothing);
    else if (smtp_probe(s, &mail->server, &greeting))
        tile_find(s, t, TILE_GREEN, tile_text(s, "It answers: %s", "応答があります: %s", str_c(s->arena, greeting)), nothing);
    else
        find_failure(d, t, (struct bilingual){ "See smtp_url, the network and the mail server.",
                                               "smtp_url、ネットワーク、メールサーバーを確認してください。" });
}

/* Asked by its public name, the way people come: a proxy in between is seen as well. */
static void
look_at_service(struct doctor *d)
{
    struct scope *s = &d->program.s;
    struct str url = str_printf(s->arena, STR_FMT "/healthz", STR_ARG(d->program.settings.public_url));
    struct fetch_request request = { .url = url, .reach = fetch_reach_parse(s->arena, STR("*")), .timeout_ms = 5000 };
    struct fetch_answer answer;
    struct tile *t = doctor_tile(d, "service", (struct bilingual){ "Service", "サービス" });
    if (!fetch(s, &request, &answer)) {
        tile_find(s, t, TILE_YELLOW, tile_text(s, "Nothing answers at %s", "%s から応答がありません", str_c(s->arena, url)),
                  (struct bilingual){ "Start `yagura serve`, and see public_url and the proxy in front.",
                                      "`yagura serve` を起動し、public_url と前段のプロキシを確認してください。" });
        scope_forgive(s);
    } else {
        bool good = answer.status == 200;
        tile_find(s, t, good ? TILE_GREEN : TILE_YELLOW, tile_text(s, "%s answers %d", "%s の応答は %d です",
                                                                   str_c(s->arena, url), answer.status),
                  good ? nothing : (struct bilingual){ "Something else answers there: see public_url and the proxy.",
                                                       "別のサービスが応答しています。public_url とプロキシを確認してください。" });
    }
}

void
doctor_looks_outside(struct doctor *d)
{
    if (d->sees)
        db_end(&d->program.s);
    look_at_mail_server(d);
    look_at_service(d);
}
