#include "workflows/mail_values.h"

#include "core/base/zone.h"

static const char *const weekdays_ja[] = { "月", "火", "水", "木", "金", "土", "日" };
static const char *const weekdays_en[] = { "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday",
                                           "Sunday" };
static const char *const months_en[] = { "January", "February", "March", "April", "May", "June", "July", "August",
                                         "September", "October", "November", "December" };

struct str
mail_instant(struct arena *a, struct instant t, const struct mail_reader *reader)
{
    struct civil c = zone_civil(reader->zone, t);
    enum weekday day = weekday_of(zone_local_day(reader->zone, t));
    struct str zone = reader->zone_name;
    if (reader->language == LANGUAGE_EN)
        return str_printf(a, "%s, %d %s %d, %02d:%02d (" STR_FMT ")", weekdays_en[day], c.day, months_en[c.month - 1],
                          c.year, c.hour, c.minute, STR_ARG(zone));
    if (str_is(zone, "Asia/Tokyo"))
        zone = STR("日本時間");
    return str_printf(a, "%d年%d月%d日(%s) %02d:%02d(" STR_FMT ")", c.year, c.month, c.day, weekdays_ja[day], c.hour,
                      c.minute, STR_ARG(zone));
}

struct str
mail_masked(struct arena *a, struct str secret)
{
    size_t shown = secret.len;
    while (shown > 0 && secret.at[shown - 1] != '/' && secret.at[shown - 1] != '=')
        shown--;
    return str_printf(a, STR_FMT "••••••••", STR_ARG(str_head(secret, shown)));
}

static struct mustache_value
text_value(struct str text)
{
    return (struct mustache_value){ .kind = text.at ? MUSTACHE_TEXT : MUSTACHE_ABSENT, .text = text };
}

static struct mustache_value
texts_value(struct arena *a, const struct strs *texts)
{
    struct mustache_value *items = arena_array_of(a, texts->count, struct mustache_value);
    for (size_t i = 0; i < texts->count; i++)
        items[i] = text_value(texts->items[i]);
    return (struct mustache_value){ .kind = MUSTACHE_LIST, .items = items, .count = texts->count };
}

static struct mustache_value
rows_value(struct arena *a, const struct shape *sh, const struct rows *rows, const struct mail_reader *reader)
{
    struct mustache_value *items = arena_array_of(a, rows->count, struct mustache_value);
    for (size_t i = 0; i < rows->count; i++)
        items[i] = mail_values(a, sh, (const char *)rows->items + i * sh->size, reader);
    return (struct mustache_value){ .kind = MUSTACHE_LIST, .items = items, .count = rows->count };
}

static struct mustache_value
integer_value(struct arena *a, int64_t value)
{
    return value == INT_NONE ? (struct mustache_value){ 0 } : text_value(str_printf(a, "%lld", (long long)value));
}

static struct mustache_value
field_value(struct arena *a, const struct field *f, const void *at, const struct mail_reader *reader)
{
    switch (f->kind) {
    case KIND_TEXT: {
        struct str text = *(const struct str *)at;
        return text_value(f->secret && reader->masked && text.at ? mail_masked(a, text) : text);
    }
    case KIND_BOOL:
        return (struct mustache_value){ .kind = *(const bool *)at ? MUSTACHE_TRUE : MUSTACHE_FALSE };
    case KIND_INT:
        return integer_value(a, *(const int64_t *)at);
    case KIND_INSTANT: {
        struct instant t = *(const struct instant *)at;
        return text_value(t.us ? mail_instant(a, t, reader) : STR_NONE);
    }
    case KIND_DOMAIN:
        return text_value(domain_label(f->of, *(const int *)at));
    case KIND_TEXTS:
        return texts_value(a, at);
    case KIND_ROWS:
        return rows_value(a, f->items, at, reader);
    case KIND_REAL: case KIND_UUID: case KIND_UUIDS: case KIND_JSON: case KIND_BYTES:
        break; /* nothing a person reads; a template that names one is refused at start */
    }
    return (struct mustache_value){ 0 };
}

struct mustache_value
mail_values(struct arena *a, const struct shape *sh, const void *data, const struct mail_reader *reader)
{
    struct mustache_value *members = arena_array_of(a, sh->count, struct mustache_value);
    for (size_t i = 0; i < sh->count; i++) {
        members[i] = field_value(a, &sh->fields[i], shape_at_const(&sh->fields[i], data), reader);
        members[i].name = str_of(sh->fields[i].name);
    }
    return (struct mustache_value){ .kind = MUSTACHE_RECORD, .items = members, .count = sh->count };
}
