/* ingest_keys: making and revoking what senders show. A key for one computer takes events of no other. */
#ifndef YAGURA_WORKFLOWS_INGEST_KEYS_H
#define YAGURA_WORKFLOWS_INGEST_KEYS_H

#include "core/db/db.h"
#include "model/ingest_key.h"

must_check bool ingest_key_create(struct scope *s, const struct ingest_key_write *in, struct ingest_key *out);
must_check bool ingest_key_end(struct scope *s, struct uuid id, struct ingest_key *out);

#endif
