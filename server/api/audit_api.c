/* The audit log, and the proof that it is whole. */
#include "model/permission.h"
#include "server/api/routes.h"
#include "workflows/audit.h"

struct audit_proof {
    bool whole;
    struct rows chains;
};
static const struct shape audit_proof_shape = SHAPE(audit_proof,
    FIELD(audit_proof, whole, "Every chain the caller may see is unbroken"),
    FIELD(audit_proof, chains, "One per organisation", .items = &audit_chain_shape, .required = true));

static bool
verify(struct scope *s, const void *in, void *out)
{
    struct audit_proof *proof = out;
    (void)in;
    return audit_verify(s, &proof->chains, &proof->whole);
}

static const struct route rows[] = {
    { GET, "/audit", CAN_READ(AUDIT), "List what was done and tried", .out = &audit_entry_shape,
      .list = &audit_listing },
    { GET, "/audit/verify", CAN_READ(AUDIT), "Verify the chains of hashes", .out = &audit_proof_shape,
      .read = verify },
};

const struct routes audit_routes = ROUTES(rows);
