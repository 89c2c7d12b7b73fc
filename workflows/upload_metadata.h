/* upload_metadata: the Upload-Metadata header of tus: `name base64,name base64,name`. Whoever sends it is not trusted:
 * names are short words, each stands once, values are texts. */
#ifndef YAGURA_WORKFLOWS_UPLOAD_METADATA_H
#define YAGURA_WORKFLOWS_UPLOAD_METADATA_H

#include "core/base/shape.h"

enum { METADATA_BYTES_MAX = 4096, METADATA_WORDS_MAX = 16, METADATA_VALUE_MAX = 1024, METADATA_NAME_MAX = 40 };

struct metadata_word {
    struct str name, value;
};

struct upload_metadata {
    struct metadata_word words[METADATA_WORDS_MAX];
    size_t count;
};

must_check bool metadata_read(struct scope *s, struct str header, struct upload_metadata *out);
/* Adds one as a form sends it; the same bounds. */
must_check bool metadata_add(struct scope *s, struct upload_metadata *m, struct str name, struct str value);
struct str metadata_value(const struct upload_metadata *m, const char *name); /* absent: it was not said */
struct json metadata_json(struct arena *a, const struct upload_metadata *m);

#endif
