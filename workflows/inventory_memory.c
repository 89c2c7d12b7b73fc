#include <pthread.h>

#include "core/base/crypto.h"
#include "workflows/inventory_parts.h"

/* A place holds whoever wrote there last: what is displaced is only written once more. */
enum { PLACES = 1 << 17, LOCKS = 64, FRESH_S = 60 };

struct remembered {
    struct memory_key key;
    struct instant at;
    struct uuid id;
};

struct inventory_memory {
    pthread_mutex_t locks[LOCKS];
    struct remembered places[PLACES];
};

struct inventory_memory *
inventory_memory_new(struct arena *a)
{
    struct inventory_memory *m = arena_alloc(a, sizeof *m);
    for (size_t i = 0; i < LOCKS; i++)
        pthread_mutex_init(&m->locks[i], NULL);
    return m;
}

struct memory_key
memory_key_of(struct arena *a, struct uuid tenant_id, char kind, struct str what, struct str more)
{
    struct memory_key key;
    struct text t = text_new(a, what.len + more.len + 64);
    text_add(&t, (struct str){ (const char *)tenant_id.bytes, sizeof tenant_id.bytes });
    text_add_char(&t, kind);
    text_add(&t, what);
    text_add_char(&t, '\0');
    text_add(&t, more);
    memcpy(&key, sha256_of(a, text_str(&t)).raw.at, sizeof key);
    return key;
}

bool
memory_has(struct inventory_memory *m, const struct memory_key *key, struct instant now, struct uuid *id)
{
    if (!m)
        return false;
    size_t at = key->words[0] % PLACES;
    const struct remembered *r = &m->places[at];
    pthread_mutex_lock(&m->locks[at % LOCKS]);
    bool has = memcmp(&r->key, key, sizeof *key) == 0 && now.us >= r->at.us && now.us - r->at.us < SECONDS(FRESH_S);
    if (has)
        *id = r->id;
    pthread_mutex_unlock(&m->locks[at % LOCKS]);
    return has;
}

void
memory_put(struct inventory_memory *m, const struct memory_key *key, struct instant now, struct uuid id)
{
    if (!m)
        return;
    size_t at = key->words[0] % PLACES;
    pthread_mutex_lock(&m->locks[at % LOCKS]);
    m->places[at] = (struct remembered){ *key, now, id };
    pthread_mutex_unlock(&m->locks[at % LOCKS]);
}
