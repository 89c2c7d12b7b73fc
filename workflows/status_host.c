#include "workflows/status_host.h"

#include <errno.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/timex.h>

#include "core/net/certificate.h"
#include "workflows/service.h"

#define GIB (INT64_C(1024) * 1024 * 1024)

enum { FREE_PERCENT_LOW = 10, FREE_PERCENT_EMPTY = 3 };

void
tile_files(struct scope *s, struct tile *t)
{
    static const struct bilingual mend = {
        "Free space on that file system, or move blob_dir to a larger one (stop, copy, start).",
        "ファイルシステムの空き容量を増やすか、blob_dir をより大きな領域へ移してください(停止、コピー、起動の順)。" };
    const char *folder = str_c(s->arena, s->service->blob_dir);
    struct statvfs fs;
    if (statvfs(folder, &fs) < 0) {
        tile_find(s, t, TILE_RED, tile_text(s, "%s: %s", "%s: %s", folder, strerror(errno)), mend);
        return;
    }
    double gib = (double)fs.f_bavail * (double)fs.f_frsize / (double)GIB;
    int percent = fs.f_blocks ? (int)(fs.f_bavail * 100 / fs.f_blocks) : 0;
    bool empty = percent < FREE_PERCENT_EMPTY || gib < 1;
    enum tile_state state = empty ? TILE_RED : percent < FREE_PERCENT_LOW ? TILE_YELLOW : TILE_GREEN;
    tile_find(s, t, state, tile_text(s, "%.1f GiB free (%d %%) for files", "ファイル用の空き容量 %.1f GiB(%d %%)", gib,
                                     percent),
              state == TILE_GREEN ? (struct bilingual){ 0 } : mend);
}

bool
status_is_local(struct str url)
{
    return str_contains(url, STR("://127.")) || str_contains(url, STR("://localhost"))
        || str_contains(url, STR("://[::1]"));
}

static void
judge_certificate(struct scope *s, const struct certificate *c, struct instant now, struct tile *t)
{
    static const struct bilingual mend = {
        "Renew the certificate, replace tls_cert_file and tls_key_file, and restart the service.",
        "証明書を更新し、tls_cert_file と tls_key_file を差し替えてサービスを再起動してください。" };
    int64_t days = (c->not_after.us - now.us) / DAYS(1);
    char ends[32];
    instant_write(ends, c->not_after);
    ends[10] = 0;
    if (c->not_after.us <= now.us || c->not_before.us > now.us)
        tile_find(s, t, TILE_RED, tile_text(s, "The certificate is not valid now (ends %s)",
                                            "証明書が有効期間外です(期限 %s)", ends), mend);
    else
        tile_find(s, t, days < 7 ? TILE_RED : days < 30 ? TILE_YELLOW : TILE_GREEN,
                  tile_text(s, "The certificate is good for %lld more days (until %s)",
                            "証明書の有効期限まであと%lld日です(%s)", (long long)days, ends),
                  days < 30 ? mend : (struct bilingual){ 0 });
}

void
tile_certificate(struct scope *s, struct tile *t)
{
    const struct service *v = s->service;
    const struct clock real = clock_system();
    struct certificate c;
    if (v->tls_cert_file.len) {
        if (certificate_read(s, v->tls_cert_file, &c)) {
            judge_certificate(s, &c, clock_now(&real), t);
            return;
        }
        tile_find(s, t, TILE_RED, str_copy(s->arena, s->failure.detail),
                  (struct bilingual){ "Put a PEM certificate chain into tls_cert_file.",
                                      "tls_cert_file に PEM 形式の証明書を設定してください。" });
        scope_forgive(s);
    } else if (str_starts(v->public_url, STR("https://"))) {
        tile_find(s, t, TILE_BLUE, tile_text(s, "TLS ends at a proxy in front; its certificate is not seen from here",
                                             "TLS は前段のプロキシで終端しています(証明書はここでは確認できません)"),
                  (struct bilingual){ 0 });
    } else if (status_is_local(v->public_url)) {
        tile_find(s, t, TILE_BLUE, tile_text(s, "Without TLS, for this machine alone", "このマシン専用(TLS なし)"),
                  (struct bilingual){ 0 });
    } else {
        tile_find(s, t, TILE_RED, tile_text(s, "Passwords cross the network without TLS",
                                            "パスワードが暗号化されずにネットワークを流れています"),
                  (struct bilingual){ "Set tls_cert_file and tls_key_file, or put a TLS proxy in front, and let "
                                      "public_url begin with https://.",
                                      "tls_cert_file と tls_key_file を設定するか TLS プロキシを前段に置き、public_url を "
                                      "https:// で始まる URL にしてください。" });
    }
}

void
tile_clock(struct scope *s, const struct database_facts *facts, struct tile *t)
{
    static const struct bilingual mend = {
        "Run a time service (chrony or systemd-timesyncd) on this machine and on the database's.",
        "このマシンとデータベースのマシンで、時刻同期(chrony または systemd-timesyncd)を有効にしてください。" };
    struct timex kernel = { 0 };
    const struct clock real = clock_system();
    if (s->service->clock.frozen_file) {
        tile_find(s, t, TILE_BLUE, tile_text(s, "A test moves the clock", "テスト用の時計で動作しています"),
                  (struct bilingual){ 0 });
        return;
    }
    double apart = (double)(clock_now(&real).us - facts->clock.us) / 1e6;
    double distance = apart < 0 ? -apart : apart;
    tile_find(s, t, distance > 10 ? TILE_RED : distance > 1 ? TILE_YELLOW : TILE_GREEN,
              tile_text(s, "%.1f s apart from the database's clock", "データベースの時計との差 %.1f 秒", distance),
              distance > 1 ? mend : (struct bilingual){ 0 });
    if (adjtimex(&kernel) == TIME_ERROR || (kernel.status & STA_UNSYNC))
        tile_find(s, t, TILE_YELLOW,
                  tile_text(s, "The system's clock is not synchronised", "システム時刻が同期されていません"), mend);
}

/* The newest sign that somebody saves the data: an archived piece of the log, or the stamp of a backup script. */
static struct instant
last_backup(struct scope *s, const struct database_facts *facts)
{
    struct stat st;
    struct instant last = facts->archived_at;
    if (s->service->backup_stamp.len && stat(str_c(s->arena, s->service->backup_stamp), &st) == 0) {
        struct instant stamp = { SECONDS(st.st_mtime) };
        last = stamp.us > last.us ? stamp : last;
    }
    return last;
}

void
tile_backup(struct scope *s, const struct database_facts *facts, struct tile *t)
{
    static const struct bilingual mend = {
        "Back up the database (pg_dump or WAL archiving), the blobs and the key file daily; let the script touch the "
        "file named by backup_stamp (docs/operate.md).",
        "データベース(pg_dump または WAL アーカイブ)、ファイル、鍵ファイルを毎日バックアップし、backup_stamp に指定した"
        "ファイルを更新するようにしてください(docs/operate.md)。" };
    const struct clock real = clock_system();
    struct instant last = last_backup(s, facts);
    int64_t hours = (clock_now(&real).us - last.us) / HOURS(1);
    if (!last.us)
        tile_find(s, t, TILE_YELLOW, tile_text(s, "No backup is known", "バックアップが確認できません"), mend);
    else
        tile_find(s, t, hours > 48 ? TILE_RED : hours > 26 ? TILE_YELLOW : TILE_GREEN,
                  tile_text(s, "The last backup is %lld hours old", "最後のバックアップは%lld時間前です", (long long)hours),
                  hours > 26 ? mend : (struct bilingual){ 0 });
    if (facts->archive_failed_at.us > facts->archived_at.us)
        tile_find(s, t, TILE_RED,
                  tile_text(s, "PostgreSQL cannot archive its log", "PostgreSQL のログのアーカイブに失敗しています"),
                  (struct bilingual){ "See the PostgreSQL log for why archive_command fails.",
                                      "PostgreSQL のログで archive_command の失敗理由を確認してください。" });
}
