/* sample_archive: how a sample leaves: a ZIP archive encrypted with AES-256 under the password that everybody in the
 * trade knows, so that no scanner on the way stops it and nobody starts it by mistake. Made in a file without a name in
 * the folder of blobs; the content is stored as it is and never unpacked here. */
#ifndef YAGURA_WORKFLOWS_SAMPLE_ARCHIVE_H
#define YAGURA_WORKFLOWS_SAMPLE_ARCHIVE_H

#include "workflows/attachments.h"

#define SAMPLE_PASSWORD "infected"

/* A reader of the whole archive; its file goes with it. */
must_check bool sample_archive(struct scope *s, const struct attachment *a, struct blob_reader **out);

#endif
