/* session_state: what a browser is told about its own session, after each step of a sign-in and by GET /session. */
#ifndef YAGURA_SERVER_API_SESSION_STATE_H
#define YAGURA_SERVER_API_SESSION_STATE_H

#include "workflows/sign_in.h"

#define DEVICE_COOKIE "yagura_device"

enum shown_stage { SHOWN_NONE, SHOWN_ANONYMOUS, SHOWN_TOTP_ENROLMENT, SHOWN_TOTP, SHOWN_PASSWORD, SHOWN_COMPLETE };

struct session_state {
    enum shown_stage stage;
    struct str csrf_token;
    struct rows person, tenant, acting_tenant; /* one each, or none */
    enum principal_side side;
    struct strs permissions;
    struct instant second_factor_at, password_due_at;
    int64_t tenants_count;
};

extern const struct shape session_state_shape;
extern const struct query session_tenant;

/* Of the scope's principal; `token` is the session's. */
must_check bool session_state_read(struct scope *s, struct str token, struct session_state *out);

/* Gives the browser its new cookies; from here on the scope's principal is who just came in. */
must_check bool session_give(struct scope *s, const struct sign_in_result *r);

#endif
