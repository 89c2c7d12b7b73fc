/* attachments: what is done with the files of a case. Each verb leaves a row in the file's custody and a line in the
 * audit log; of an internal file that line stands in the provider's log alone.
 *
 * A sample is a file that is held to be malicious, because somebody says so, the scanner found something, or the same
 * content was flagged before. A job then seals its content, and it leaves only as an archive with a password. Removing
 * takes the content when no other row needs it, and leaves record and custody. */
#ifndef YAGURA_WORKFLOWS_ATTACHMENTS_H
#define YAGURA_WORKFLOWS_ATTACHMENTS_H

#include "core/db/blob.h"
#include "core/db/job.h"
#include "model/attachment.h"
#include "model/ticket_post.h"

extern const struct problem attachment_gone;      /* 410: its content was removed */
extern const struct problem attachment_is_sample; /* 409: leaves as an archive only */

struct attachment_verb {
    struct uuid id;
    struct str reason;
};
extern const struct shape attachment_reason_shape; /* requires the reason */
must_check bool attachment_flag(struct scope *s, const struct attachment_verb *in, struct attachment *out);
must_check bool attachment_unflag(struct scope *s, const struct attachment_verb *in, struct attachment *out);
must_check bool attachment_remove(struct scope *s, const struct attachment_verb *in, struct attachment *out);
struct attachment_naming {
    struct uuid id;
    struct str name;
};
extern const struct shape attachment_naming_shape;
must_check bool attachment_rename(struct scope *s, const struct attachment_naming *in, struct attachment *out);
must_check bool attachment_publish(struct scope *s, struct uuid id, struct attachment *out); /* customers see it */

/* Whoever asks may have the content: noted in its custody, then committed, so that nothing leaves unnoted. */
must_check bool attachment_take(struct scope *s, struct uuid id, enum custody_event how, struct attachment *out);
/* The content as it lies there, sealed or not. */
must_check bool attachment_open(struct scope *s, const struct attachment *a, struct blob_reader **out);
must_check bool attachment_blob(struct scope *s, const struct attachment *a, struct blob_id *out);

struct attachment_text {
    struct str text, encoding;
    int64_t shown; /* bytes of the file that the text was made of */
    bool truncated;
};
extern const struct shape attachment_text_shape;
must_check bool attachment_read_text(struct scope *s, struct uuid id, struct attachment_text *out);
must_check bool attachment_picture(struct scope *s, struct uuid id, struct str *webp);
/* A sample as it may leave; commits. */
must_check bool attachment_archive(struct scope *s, struct uuid id, struct attachment *a, struct blob_reader **out);

/* The files that a message came with: the writer's own, sent beforehand. They are as internal as the message. */
must_check bool attachments_join_post(struct scope *s, const struct ticket_post *post, struct uuids ids);

/* For the files of this noun. */
must_check bool attachment_note(struct scope *s, const struct attachment *a, enum custody_event event,
                                struct str detail);
must_check bool attachment_record(struct scope *s, const struct attachment *a, const char *action, struct json change);
must_check bool attachment_turns_sample(struct scope *s, struct attachment *a, struct str reason); /* not saved */

extern const struct job_kind attachment_seal_job, attachment_sweep_job, attachment_scan_job;
must_check bool attachment_seal_later(struct scope *s, const struct attachment *a);  /* encrypts a sample */
must_check bool attachment_sweep_later(struct scope *s, const struct attachment *a); /* content that nobody needs */
must_check bool attachment_scan_later(struct scope *s, const struct attachment *a);  /* shows it to the scanner */

#endif
