/* api_keys: keys for programs. A key never does more than its owner may, nor its scopes say, nor (when made for
 * somebody else) more than its maker holds. It ends within two years. */
#ifndef YAGURA_WORKFLOWS_API_KEYS_H
#define YAGURA_WORKFLOWS_API_KEYS_H

#include "core/db/db.h"
#include "model/api_key.h"

enum { API_KEY_DAYS_MAX = 731 };

must_check bool api_key_create(struct scope *s, const struct api_key_write *in, struct api_key *out);
must_check bool my_api_key_create(struct scope *s, const struct api_key_write *in, struct api_key *out);
must_check bool api_key_end(struct scope *s, struct uuid id, struct api_key *out);
must_check bool my_api_key_end(struct scope *s, struct uuid id);

#endif
