/* attachment_hook: what becomes of a file when all of it is here. */
#ifndef YAGURA_WORKFLOWS_ATTACHMENT_HOOK_H
#define YAGURA_WORKFLOWS_ATTACHMENT_HOOK_H

#include "core/db/blob.h"
#include "model/upload.h"

/* In the transaction that completes the upload: makes the attachment of the case. Its bytes are in the blob store
 * already. When it fails nothing has happened, and the sender may try again. */
must_check bool attachment_from_upload(struct scope *s, const struct upload *u, const struct blob_facts *blob,
                                       struct uuid *attachment_id);

#endif
