/* problem: why something could not be done, as a value.
 *
 * A struct problem is a constant of the module that fails that way, compared by address, declared with an HTTP
 * status, a stable slug (the API's `code`) and a title in both languages. A failure is one occurrence: the problem,
 * a detail, the fields at fault, and the cause below it for the log.
 *
 *     return claim || fail(s, &ticket_is_closed, "closed at %s", when);
 */
#ifndef YAGURA_CORE_BASE_PROBLEM_H
#define YAGURA_CORE_BASE_PROBLEM_H

#include "core/base/language.h"

struct scope;

struct problem {
    int status;
    const char *slug;
    struct bilingual title; /* a whole sentence a person can act upon */
};

/* What is wrong with one field; the texts stand in problem.c beside each other in both languages. */
enum fault {
    FAULT_NONE,
    FAULT_REQUIRED, FAULT_UNKNOWN, FAULT_WRONG_TYPE, FAULT_TOO_LONG, FAULT_TOO_SHORT, FAULT_TOO_SMALL, FAULT_TOO_LARGE,
    FAULT_NOT_IN_DOMAIN, FAULT_BAD_UUID, FAULT_BAD_INSTANT, FAULT_BAD_EMAIL, FAULT_BAD_URL, FAULT_BAD_TIME_ZONE,
    FAULT_BAD_TEXT, FAULT_DUPLICATE_KEY, FAULT_TOO_DEEP, FAULT_TOO_MANY, FAULT_TAKEN, FAULT_NOT_FOUND, FAULT_BAD_FORMAT,
    FAULT_COMMON_PASSWORD, FAULT_SAME_PASSWORD, FAULT_READ_ONLY, FAULT_NOT_ALLOWED, FAULT_NOT_UNDERSTOOD,
    FAULT_COUNT
};

struct violation {
    struct str pointer;  /* JSON pointer: /email, /grants/2 */
    enum fault fault;
    struct str expected; /* the bound or the allowed words, may be STR_NONE */
    struct str en, ja;   /* of FAULT_NOT_UNDERSTOOD: the whole sentence */
};

enum { VIOLATIONS_MAX = 20 };

struct failure {
    const struct problem *problem; /* NULL: nothing has failed */
    struct str detail;             /* shown to the caller unless status >= 500, then only logged */
    struct violation violations[VIOLATIONS_MAX];
    size_t violation_count;
    int64_t retry_after_s;         /* 0: say nothing */
};

extern const struct problem problem_invalid;       /* 422 validation: names the fields */
extern const struct problem problem_malformed;     /* 400 malformed: not JSON, bad UTF-8, bad path */
extern const struct problem problem_unauthorized;  /* 401 */
extern const struct problem problem_forbidden;     /* 403 */
extern const struct problem problem_not_found;     /* 404, also for what the caller may not see */
extern const struct problem problem_conflict;      /* 409 */
extern const struct problem problem_stale;         /* 412: somebody was faster */
extern const struct problem problem_precondition;  /* 428: If-Match is needed */
extern const struct problem problem_too_large;     /* 413 */
extern const struct problem problem_rate_limited;  /* 429 */
extern const struct problem problem_internal;      /* 500 */
extern const struct problem problem_unavailable;   /* 503: database or queue, come again */
extern const struct problem problem_busy;          /* 503: lost a race in the database; safe to do over */
extern const struct problem problem_storage_full;  /* 507 */

/* Both return false, so that `return fail(…)` reads well. The first failure wins: later ones are logged causes. */
bool fail(struct scope *s, const struct problem *p, const char *fmt, ...) printf_like(3, 4);
bool fail_field(struct scope *s, const char *pointer, enum fault fault, const char *expected);

/* Adds a violation and goes on checking; scope_has_failed says at the end whether there was any. */
void note_violation(struct scope *s, struct str pointer, enum fault fault, struct str expected);

/* The same, in a sentence of its own: for texts in a language of ours, where a place within the text can be named. */
void note_sentence(struct scope *s, struct str pointer, struct str en, struct str ja);

struct str fault_text(struct arena *a, const struct violation *v, enum language language);

#endif
