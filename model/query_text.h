/* query_text: a small language in which people say which rows they want.
 *
 *     severity:a status:open assignee:me due<2h -tag:training "exact words" ransomware
 *
 * A text is a row of terms, all of which must hold; `-` before one turns it round, a comma within one means "or". A
 * term is a field, an operator and values, or words. Fields and the words they know are tables of whoever reads the
 * language; both may be written in Japanese, too (状態:対応中), with wide colons, spaces and quotes.
 *
 * Reading is pure: no database and no clock. It ends with terms, or with one fault that says where, what, and what was
 * probably meant. Turning terms into conditions is query_text_add, by the listing engine's own checks: no text of a
 * caller becomes SQL.
 *
 * Times: `due<2h` is "within the next two hours" of a field that looks ahead; `opened<2d` is "less than two days ago"
 * of one that looks back. Days are days of the zone that is asked for.
 */
#ifndef YAGURA_MODEL_QUERY_TEXT_H
#define YAGURA_MODEL_QUERY_TEXT_H

#include "core/base/language.h"
#include "core/base/zone.h"
#include "core/db/query.h"

enum { QUERY_TEXT_MAX = 1000, QUERY_TERMS_MAX = 16, QUERY_VALUES_MAX = 20 };

enum query_index { QUERY_NO_INDEX, QUERY_INDEX_OF_PARTS, QUERY_INDEX_OF_OWNERS };
enum query_kind { QUERY_KIND_NONE, QUERY_CHOICE, QUERY_PARTS, QUERY_EXACT, QUERY_NUMBER, QUERY_AHEAD, QUERY_BACK };
extern const struct domain query_kind_domain;

/* A word that a field knows: it stands for values of the column, or for a condition of its own. */
struct query_word {
    const char *word, *ja;
    const char *labels;   /* "new,in_progress" */
    const char *where;    /* SQL of ours about `page` */
    enum filter_operator op; /* FILTER_ABSENT and FILTER_PRESENT need neither */
};

struct query_field {
    const char *name, *ja;
    enum query_kind kind;
    const char *column; /* of the row shape; what labels, numbers and times are compared with */
    const char *where;  /* of texts: SQL of ours in which ? stands for the values */
    enum query_index index; /* the caller has an index for these texts: the first such are told, too */
    const struct query_word *words;
    size_t word_count;
    struct bilingual hint; /* what it asks for; the page of help shows it */
    const char *example;
};

struct query_language {
    const struct query_field *fields;
    size_t count;
    const char *word_where, *phrase_where; /* SQL of ours about free words, with a ? */
    const char *name_where;                /* and about words that are names of rows: AOBA-42 */
    bool (*is_name)(struct str word);
};

struct query_value {
    struct str text;               /* as written, without quotes */
    const struct query_word *word; /* or a word of the field */
};

struct query_term {
    size_t at, len; /* in characters */
    bool negated, quoted;
    const struct query_field *field; /* NULL: free words */
    enum filter_operator op;         /* FILTER_IS for `:` and `=` */
    struct query_value values[QUERY_VALUES_MAX];
    size_t value_count;
};

struct query_fault {
    size_t at, len;          /* in characters */
    struct str en, ja;       /* the whole sentence */
    struct str suggestion;   /* what to put in its place; may be absent */
};

struct query_reading {
    struct query_term terms[QUERY_TERMS_MAX];
    size_t count;
    bool understood;
    struct query_fault fault;
};

void query_text_read(struct arena *a, const struct query_language *language, struct str text,
                     struct query_reading *out);

/* What is left to the caller, who has indexes: words and phrases that all must be said, and what stands in `words`
 * besides is the words of the phrases; parts of a text of which one must be there; and parts of the names of those to
 * whom the rows belong. */
struct query_sought {
    struct str words;
    struct strs phrases, parts, owners;
};

/* The terms as conditions of a listing, but for free words that are not negated: *out. */
must_check bool query_text_add(struct scope *s, const struct listing *l, const struct query_language *language,
                               const struct zone *zone, const struct query_reading *reading, struct listing_ask *ask,
                               struct query_sought *out);

/* A time as the language writes it, seen from `now`: "2h", "today", "2026-11-21", "2026-11-21T09:30". A span gives the
 * instant that far ahead, or back; a day gives its first instant and how long it lasts. */
struct query_time {
    struct instant at;
    int64_t lasts_us; /* 0: an instant */
    bool is_span;
};
must_check bool query_time_read(struct str text, struct instant now, const struct zone *zone, bool back,
                                struct query_time *out);

#endif
