/* upload_form: one file in a plain form (multipart/form-data), for programs that know no tus. Fields beside the file
 * are its metadata. It cannot be gone on with: what breaks off is sent anew. */
#ifndef YAGURA_SERVER_API_UPLOAD_FORM_H
#define YAGURA_SERVER_API_UPLOAD_FORM_H

#include "server/http/sink.h"

extern const struct sink upload_form_sink; /* `in` is id_args of the case, `out` the upload */

#endif
