#include "workflows/status_rules.h"

#include "workflows/detector.h"
#include "workflows/service.h"

static const struct bilingual nothing = { 0 };

void
tile_rules(struct scope *s, struct tile *t)
{
    struct detector_facts f;
    detector_tell(s->service->detector, s->arena, &f);
    tile_find(s, t, TILE_GREEN,
              tile_text(s, "%lld rules, %lld correlations and %lld exclusions are asked",
                        "検知ルール %lld 件、相関ルール %lld 件、除外 %lld 件が有効です", (long long)f.rules,
                        (long long)f.correlations, (long long)f.exclusions), nothing);
    if (f.loaded_at.us == 0)
        tile_find(s, t, TILE_RED, tile_text(s, "No rules are loaded: events are not taken",
                                            "検知ルールが読み込まれていないため、イベントを受け付けていません"),
                  (struct bilingual){ "See whether the database answers; the log says more (detector.stale).",
                                      "データベースの状態を確認してください。詳細はログ(detector.stale)にあります。" });
    else if (f.failed_at.us > f.loaded_at.us)
        tile_find(s, t, TILE_YELLOW,
                  tile_text(s, "The newest rules could not be loaded, the former ones go on: %s",
                            "最新の検知ルールを読み込めず、以前のルールで動作しています: %s", str_c(s->arena, f.problem)),
                  (struct bilingual){ "It is tried again every second; the log says more (detector.stale).",
                                      "1秒ごとに再試行しています。詳細はログ(detector.stale)にあります。" });
    else if (f.refused)
        tile_find(s, t, TILE_YELLOW,
                  tile_text(s, "%lld rules cannot be asked: %s", "検知に使用できないルールが %lld 件あります: %s",
                            (long long)f.refused, str_c(s->arena, f.problem)),
                  (struct bilingual){ "Open the rule, mend its text or retire it.",
                                      "該当するルールを開き、内容を修正するか廃止してください。" });
}
