/* What one batch tells, gathered while it arrives: each thing once, with as little work per event as can be. */
#include <ctype.h>

#include "workflows/inventory_parts.h"
#include "xdr/hash.h"

enum { NAME_BYTES = 253, PATH_BYTES = 1000, WORDS_BYTES = 300, FIRST_ROOM = 16, SLOTS_PER_ITEM = 4 };

/* ---- names ---- */

struct str
file_name_of(struct str path)
{
    size_t from = path.len;
    while (from > 0 && path.at[from - 1] != '\\' && path.at[from - 1] != '/')
        from--;
    return str_skip(path, from);
}

static bool
is_address(struct str host)
{
    for (size_t i = 0; i < host.len; i++)
        if (host.at[i] == ':')
            return true;
        else if ((host.at[i] < '0' || host.at[i] > '9') && host.at[i] != '.')
            return false;
    return true;
}

struct str
computer_name_head(struct str host)
{
    return is_address(host) ? host : str_head(host, str_find(host, STR(".")));
}

struct str
computer_name_key(struct arena *a, struct str host)
{
    return str_lower(a, computer_name_head(str_trim(host)));
}

/* Outside texts are cut where a row keeps less, never within a character. */
static struct str
cut(struct str text, size_t most)
{
    if (text.len <= most)
        return text;
    while (most > 0 && ((unsigned char)text.at[most] & 0xC0) == 0x80)
        most--;
    return str_head(text, most);
}

static struct str
keep(struct sightings *w, struct str text, size_t most)
{
    struct str trimmed = str_trim(text);
    return trimmed.len ? str_copy(w->arena, cut(trimmed, most)) : STR_NONE;
}

/* ---- lists ---- */

static struct sight *
item(const struct list *l, size_t index)
{
    return (void *)(l->items + index * l->bytes);
}

static void
enter(struct list *l, size_t index)
{
    size_t mask = SLOTS_PER_ITEM * l->room - 1, at = item(l, index)->hash & mask;
    while (l->slots[at])
        at = (at + 1) & mask;
    l->slots[at] = (uint32_t)index + 1;
}

static void
grow(struct arena *a, struct list *l)
{
    size_t room = l->room ? 2 * l->room : FIRST_ROOM;
    char *items = arena_array(a, room, l->bytes);
    if (l->count)
        memcpy(items, l->items, l->count * l->bytes);
    l->items = items;
    l->room = room;
    l->slots = arena_array_of(a, SLOTS_PER_ITEM * room, uint32_t);
    for (size_t i = 0; i < l->count; i++)
        enter(l, i);
}

/* The index of what this sight names; *is_new: a zeroed item was made for it, whose key the caller completes. False:
 * the list is full. */
static bool
meet(struct sightings *w, struct list *l, struct str key, uint64_t pair, size_t *index, bool *is_new)
{
    uint64_t hash = hash_mix(hash_bytes(key.at, key.len), pair + 1);
    size_t mask = SLOTS_PER_ITEM * l->room - 1;
    *is_new = false;
    for (size_t at = hash & mask; l->room && l->slots[at]; at = (at + 1) & mask) {
        const struct sight *met = item(l, l->slots[at] - 1);
        if (met->hash == hash && met->pair == pair && str_eq(met->key, key)) {
            *index = l->slots[at] - 1;
            return true;
        }
    }
    if (l->count == l->most) {
        w->dropped++;
        return false;
    }
    if (l->count == l->room)
        grow(w->arena, l);
    *index = l->count++;
    *item(l, *index) = (struct sight){ hash, pair, str_copy(w->arena, key) };
    enter(l, *index);
    *is_new = true;
    return true;
}

struct sightings *
sightings_new(struct arena *a)
{
    struct sightings *w = arena_new_of(a, struct sightings);
    *w = (struct sightings){
        .arena = a,
        .hosts = { .bytes = sizeof(struct host_sight), .most = HOSTS_MAX },
        .files = { .bytes = sizeof(struct file_sight), .most = FILES_MAX },
        .scripts = { .bytes = sizeof(struct script_sight), .most = SCRIPTS_MAX },
        .users = { .bytes = sizeof(struct user_sight), .most = USERS_MAX },
        .file_places = { .bytes = sizeof(struct place_sight), .most = PLACES_MAX },
        .script_places = { .bytes = sizeof(struct place_sight), .most = PLACES_MAX },
        .user_places = { .bytes = sizeof(struct place_sight), .most = PLACES_MAX },
    };
    return w;
}

/* ---- what an event tells ---- */

static void
complete_host(struct sightings *w, struct host_sight *h, const struct event_facts *f, struct str host)
{
    struct str name = computer_name_head(host), domain = str_skip(host, name.len < host.len ? name.len + 1 : host.len);
    h->row.name = keep(w, name, NAME_BYTES);
    h->row.name_key = h->sight.key;
    h->row.domain = keep(w, domain, NAME_BYTES);
    h->row.agent = keep(w, f->agent, WORDS_BYTES);
    h->row.agent_version = keep(w, f->agent_version, WORDS_BYTES);
    if (str_is(f->os, "windows") || str_is(f->os, "linux") || str_is(f->os, "macos"))
        h->row.os = str_copy(w->arena, f->os);
}

/* Spelled as the one before, it is the one before. */
static bool
note_host(struct sightings *w, const struct event_facts *f, size_t *index)
{
    struct str host = cut(str_trim(f->host), NAME_BYTES);
    bool is_new;
    if (!host.len)
        return false;
    if (!w->last_host || !str_eq(w->last_spelling, host)) {
        if (!meet(w, &w->hosts, computer_name_key(w->arena, host), 0, index, &is_new))
            return false;
        if (is_new)
            complete_host(w, (struct host_sight *)item(&w->hosts, *index), f, host);
        w->last_host = *index + 1;
        w->last_spelling = str_copy(w->arena, host);
    }
    *index = w->last_host - 1;
    struct host_sight *h = (struct host_sight *)item(&w->hosts, *index);
    h->row.events++;
    if (!h->row.os.at && f->os.len)
        complete_host(w, h, f, host);
    sighting_take_own(w->arena, f, h);
    if (f->has_time && f->time_ms > h->last_ms)
        h->last_ms = f->time_ms;
    return true;
}

static void
note_place(struct sightings *w, struct list *places, size_t what, size_t host, struct str path)
{
    size_t at;
    bool is_new;
    if (!meet(w, places, STR_NONE, (uint64_t)what << 32 | host, &at, &is_new))
        return;
    struct place_sight *p = (struct place_sight *)item(places, at);
    p->runs++;
    if (is_new) {
        p->what = what;
        p->host = host;
        p->path = path;
    }
}

static bool
is_hash(struct str text, size_t length)
{
    if (text.len != length)
        return false;
    for (size_t i = 0; i < length; i++)
        if (!isxdigit((unsigned char)text.at[i]))
            return false;
    return true;
}

static struct str
hash_kept(struct sightings *w, struct str text, size_t length)
{
    return is_hash(text, length) ? str_lower(w->arena, text) : STR_NONE;
}

static void
complete_file(struct sightings *w, struct file_sight *x, const struct event_facts *f)
{
    struct executable_seen *row = &x->row;
    row->hash = x->sight.key;
    row->sha256 = hash_kept(w, f->sha256, 64);
    row->sha1 = hash_kept(w, f->sha1, 40);
    row->md5 = hash_kept(w, f->md5, 32);
    row->path = keep(w, f->image, PATH_BYTES);
    row->name = file_name_of(row->path);
    row->original_name = keep(w, f->original_name, WORDS_BYTES);
    row->company = keep(w, f->company, WORDS_BYTES);
    row->product = keep(w, f->product, WORDS_BYTES);
    row->description = keep(w, f->description, WORDS_BYTES);
    row->signer = str_is(f->is_signed, "false") ? STR_NONE : keep(w, f->signer, WORDS_BYTES);
    if (str_is(f->os, "windows") || str_is(f->os, "linux") || str_is(f->os, "macos"))
        row->os = str_copy(w->arena, f->os);
}

static void
note_file(struct sightings *w, const struct event_facts *f, size_t host)
{
    char folded[64];
    struct str longest = is_hash(f->sha256, 64) ? f->sha256 : is_hash(f->sha1, 40) ? f->sha1 : f->md5;
    size_t at;
    bool is_new;
    if (!str_trim(f->image).len || !(longest.len == 64 || longest.len == 40 || is_hash(longest, 32)))
        return;
    for (size_t i = 0; i < longest.len; i++)
        folded[i] = (char)tolower((unsigned char)longest.at[i]);
    if (!meet(w, &w->files, (struct str){ folded, longest.len }, 0, &at, &is_new))
        return;
    struct file_sight *x = (struct file_sight *)item(&w->files, at);
    if (is_new)
        complete_file(w, x, f);
    note_place(w, &w->file_places, at, host, x->row.path);
}

static void
note_script(struct sightings *w, const struct event_facts *f, size_t host)
{
    enum script_kind kind = f->script_text.len ? SCRIPT_POWERSHELL : script_kind_of(f->image, f->command_line);
    struct str runner = file_name_of(f->image);
    struct str words = cut(str_trim(f->command_line), COMMAND_LINE_MAX), body = cut(f->script_text, SCRIPT_BODY_MAX);
    size_t at;
    bool is_new;
    if (!kind)
        return;
    if (!runner.len)
        runner = STR("powershell.exe");
    if (!meet(w, &w->scripts, body.len ? body : words, (uint64_t)kind << 32 | hash_bytes(runner.at, runner.len) >> 40,
              &at, &is_new))
        return;
    struct script_sight *x = (struct script_sight *)item(&w->scripts, at);
    x->row.runs++;
    if (is_new) {
        x->row.kind = domain_label(&script_kind_domain, (int)kind);
        x->row.host = str_lower(w->arena, cut(runner, NAME_BYTES));
        x->row.command_line = body.len ? STR_NONE : x->sight.key;
        x->row.body = body.len ? x->sight.key : STR_NONE;
    }
    note_place(w, &w->script_places, at, host, STR_NONE);
}

/* The computer's own account is nobody's. */
static void
note_user(struct sightings *w, const struct event_facts *f, size_t host)
{
    char folded[NAME_BYTES];
    struct str user = cut(str_trim(f->user), sizeof folded);
    size_t at;
    bool is_new;
    if (!user.len || str_is(user, "-") || user.at[user.len - 1] == '$' || str_ends(user, STR("\\-")))
        return;
    for (size_t i = 0; i < user.len; i++)
        folded[i] = (char)tolower((unsigned char)user.at[i]);
    if (meet(w, &w->users, (struct str){ folded, user.len }, 0, &at, &is_new))
        note_place(w, &w->user_places, at, host, STR_NONE);
}

void
sightings_note(struct sightings *w, const struct event_facts *facts)
{
    size_t host;
    if (facts->problem || !note_host(w, facts, &host))
        return;
    bool begins = str_is(facts->kind, "process_creation");
    if (begins)
        note_file(w, facts, host);
    if (begins || facts->script_text.len)
        note_script(w, facts, host);
    if (facts->user.len)
        note_user(w, facts, host);
}
