/* stands in until the real segment arrives by merge */
#include "xdr/segment.h"
#include <zstd.h>
#include "core/base/text.h"
struct segment_writer { struct arena *a; struct arena *life; struct text t; uint32_t n; uint64_t bytes; int64_t lo, hi, alo, ahi; struct str out; };
struct segment_writer *segment_writer_new(struct arena *a, const struct segment_options *o) { (void)o; struct segment_writer *w = arena_new_of(a, struct segment_writer); w->a = a; w->life = arena_new(1<<20); return w; }
void segment_begin(struct segment_writer *w) { struct arena *l = w->life; arena_reset(l); *w = (struct segment_writer){ .life = l, .t = text_new(l, SEGMENT_RAW_MAX), .lo = SEGMENT_NO_TIME, .hi = SEGMENT_NO_TIME }; }
const char *segment_take(struct segment_writer *w, const struct segment_event *e) { text_add(&w->t, e->line); text_add_char(&w->t, '\n'); w->n++; w->bytes += e->line.len; if (e->event_ms != SEGMENT_NO_TIME) { if (w->lo == SEGMENT_NO_TIME || e->event_ms < w->lo) w->lo = e->event_ms; if (w->hi == SEGMENT_NO_TIME || e->event_ms > w->hi) w->hi = e->event_ms; } return NULL; }
uint32_t segment_taken(const struct segment_writer *w) { return w->n; }
uint64_t segment_taken_bytes(const struct segment_writer *w) { return w->bytes; }
struct str segment_finish(struct segment_writer *w, struct segment_facts *f) { if (!w->n) return STR_NONE; size_t room = ZSTD_compressBound(w->t.len); char *out = arena_alloc(w->life, room); size_t n = ZSTD_compress(out, room, w->t.at, w->t.len, 3); *f = (struct segment_facts){ .event_count = w->n, .raw_bytes = w->bytes, .first_event_ms = w->lo, .last_event_ms = w->hi }; return (struct str){ out, n }; }
struct segment_reader { struct arena *a; struct str text; uint32_t n; uint32_t at; };
struct segment_reader *segment_reader_new(struct arena *a) { struct segment_reader *r = arena_new_of(a, struct segment_reader); r->a = a; return r; }
const char *segment_open(struct segment_reader *r, struct str b) { unsigned long long n = ZSTD_getFrameContentSize(b.at, b.len); char *o = arena_alloc(r->a, n + 64); ZSTD_decompress(o, n, b.at, b.len); r->text = (struct str){ o, n }; r->n = 0; for (size_t i = 0; i < n; i++) r->n += o[i] == '\n'; return NULL; }
uint32_t segment_event_count(const struct segment_reader *r) { return r->n; }
const char *segment_read(struct segment_reader *r, uint32_t index, struct segment_event *out) { struct str rest = r->text, line; for (uint32_t i = 0; i <= index; i++) if (!str_cut(&rest, '\n', &line)) return "none"; *out = (struct segment_event){ .line = line, .event_ms = SEGMENT_NO_TIME, .index = index }; return NULL; }
bool segment_next(struct segment_reader *r, struct segment_event *out) { return r->at < r->n && !segment_read(r, r->at++, out); }
const char *segment_problem(const struct segment_reader *r) { (void)r; return NULL; }
