#include "workflows/attachment_hook.h"

#include "core/base/crypto.h"
#include "workflows/audit.h"

bool
attachment_from_upload(struct scope *s, const struct upload *u, const struct blob_facts *blob,
                       struct uuid *attachment_id)
{
    struct bytes hash = { { (const char *)blob->id.sha256, sizeof blob->id.sha256 } };
    *attachment_id = (struct uuid){ 0 };
    struct text t = text_new(s->arena, 400);
    text_addf(&t, "{\"sha256\":[null,\"" STR_FMT "\"],\"bytes\":[null,%lld]}", STR_ARG(hex_of(s->arena, hash)),
              (long long)blob->bytes);
    return audit_record(s, &(struct deed){ .tenant_id = u->tenant_id, .action = "upload.completed", .noun = "ticket",
                                           .object_id = u->ticket_id, .object_name = u->name,
                                           .change = { text_str(&t) }, .actor_id = u->creator_id,
                                           .actor_name = u->creator_name });
}
