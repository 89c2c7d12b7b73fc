/* sign_in: from a stranger to a session, in two steps that each give a new token.
 *
 *     password --> TOTP_ENROLMENT --first code--> COMPLETE      (the first time: recovery codes are shown)
 *              \-> TOTP ----------code----------> COMPLETE      (or a recovery code)
 *
 * Where the organisation says how old a password may become, one that is older is replaced before the last step:
 *
 *     ... --code--> PASSWORD --another password--> COMPLETE
 *
 * Sessions that are open then stay open, API keys know no password, and who came through an identity provider needs
 * none.
 *
 * A session that is not complete opens nothing else and lives for a quarter of an hour; a complete one ends after
 * twelve idle hours or a week. Five wrong codes end the session on its way.
 *
 * Attempts are counted per login and place: a known device (a cookie left by a completed sign-in) is a place of its
 * own, else the address is. Too many from one place hold that place back; too many from everywhere hold back all
 * places but known devices, never longer than a quarter of an hour at a time. So nobody who knows an address can lock
 * its owner out: not from their own browser, and from a new one by the link of a password reset, which forgets all
 * attempts.
 *
 * What is refused is kept: attempts and the audit log are committed although the caller gets an error. These routes are
 * marked keeps_tries; a function here writes nothing else before it refuses.
 */
#ifndef YAGURA_WORKFLOWS_SIGN_IN_H
#define YAGURA_WORKFLOWS_SIGN_IN_H

#include "core/db/db.h"

enum { SESSION_DAYS = 7, UNFINISHED_MINUTES = 15, RECOVERY_CODES = 10, DEVICE_DAYS = 180 };

extern const struct problem sign_in_refused;  /* 401: the same for every reason */
extern const struct problem sign_in_locked;   /* 429 with Retry-After */
extern const struct problem code_refused;     /* 401 */
extern const struct problem stage_wrong;      /* 409: not at this step */

struct sign_in {
    struct str email, password;
};

struct code {
    struct str code;
};

/* What the browser is given: tokens absent where nothing changes. */
struct sign_in_result {
    struct str session_token, device_token;
    enum session_stage stage;
};

struct enrolment {
    struct str secret, otpauth_uri, qr_svg;
};

struct recovery_codes {
    struct strs recovery_codes;
};

extern const struct shape sign_in_shape, code_shape, enrolment_shape, recovery_codes_shape;

must_check bool sign_in_start(struct scope *s, const struct sign_in *in, struct str device_token,
                              struct sign_in_result *out);
must_check bool sign_in_totp(struct scope *s, struct str code, struct str device_token, struct sign_in_result *out);
must_check bool sign_in_recovery(struct scope *s, struct str code, struct str device_token,
                                 struct sign_in_result *out);
/* Replaces a password that is too old, on the way in. */
must_check bool sign_in_password(struct scope *s, struct str wanted, struct str device_token,
                                 struct sign_in_result *out);
/* When the password of this session is too old; absent: never. */
must_check bool sign_in_password_due(struct scope *s, struct instant *out);
must_check bool sign_in_enrolment(struct scope *s, struct enrolment *out);
must_check bool sign_in_enrolment_confirm(struct scope *s, struct str code, struct str device_token,
                                          struct recovery_codes *codes, struct sign_in_result *out);
/* A session that is complete links another authenticator, with a fresh second factor (or a recovery code) behind it. */
must_check bool authenticator_propose(struct scope *s, struct enrolment *out);
must_check bool authenticator_link(struct scope *s, struct str code, struct recovery_codes *codes);
/* A session that is complete proves the second factor anew. */
must_check bool sign_in_fresh_factor(struct scope *s, struct str code, struct str device_token);
must_check bool sign_out(struct scope *s);

/* New ones replace the old. */
must_check bool recovery_codes_renew(struct scope *s, struct recovery_codes *out);
must_check bool password_change(struct scope *s, struct str current, struct str wanted);

/* Somebody came in through their identity provider. */
struct arrival {
    struct uuid tenant_id, person_id;
    struct str name, email;
    bool second_factor, second_factor_trusted;
};
must_check bool sign_in_arrive(struct scope *s, const struct arrival *in, struct str device_token,
                               struct sign_in_result *out);

/* What a sealed TOTP secret is bound to. */
struct str totp_context(struct arena *a, struct uuid person_id);

#endif
