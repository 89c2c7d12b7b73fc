/* promises_parts: what promises.c and promise_marks.c share: a promise with its ledger, and its next waking. */
#ifndef YAGURA_WORKFLOWS_PROMISES_PARTS_H
#define YAGURA_WORKFLOWS_PROMISES_PARTS_H

#include "workflows/promises.h"

/* The ledger as rows (struct promise_line) and as arithmetic wants it. */
struct promise_ledger promise_ledger_of(struct arena *a, const struct rows *lines); /* without its calendar */
must_check bool promise_load(struct scope *s, const struct promise *p, struct rows *lines, struct promise_ledger *out);
/* State, due_at, late and next_at of *p, out of the ledger and the scope's time. */
must_check bool promise_compute(struct scope *s, const struct promise_ledger *l, struct promise *p);
must_check bool promise_wait(struct scope *s, const struct promise *p); /* a job at p->next_at */
must_check bool promises_wait(struct scope *s, const struct rows *promises); /* one each */
int promise_next_mark(const struct promise *p, int64_t warned);         /* percent; 0 after the last */
must_check bool promises_show_deadline(struct scope *s, struct ticket *t);
/* Adds one line to the ledger and keeps what follows from it. */
must_check bool promise_write(struct scope *s, struct promise *p, enum promise_event event,
                              const struct promise_target_row *target, const struct promise_cause *why);
struct promise_entry promise_entry_of(const struct promise_line *line);

#endif
