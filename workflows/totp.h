/* totp: codes that an authenticator app shows (RFC 6238: SHA-1, 6 digits, 30 seconds), by liboath; the QR code that
 * carries the secret there, by libqrencode. */
#ifndef YAGURA_WORKFLOWS_TOTP_H
#define YAGURA_WORKFLOWS_TOTP_H

#include "core/base/scope.h"

enum { TOTP_SECRET_BYTES = 20, TOTP_STEP_S = 30, TOTP_DIGITS = 6 };

struct str totp_new_secret(struct arena *a);                       /* raw bytes */
struct str totp_spell(struct arena *a, struct str secret);         /* base32, as people type it */
struct str totp_uri(struct arena *a, struct str issuer, struct str account, struct str secret); /* otpauth://… */
must_check bool totp_qr_svg(struct scope *s, struct str uri, struct str *svg);

/* Which time step the code belongs to: the present one or a neighbour; false when none. */
must_check bool totp_match(struct str secret, struct str code, struct instant now, int64_t *step);
struct str totp_code(struct arena *a, struct str secret, struct instant now);

#endif
