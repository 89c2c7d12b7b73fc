#include "model/credential.h"

#include "model/person.h"
#include "model/principal.h"

static const struct shape args = SHAPE(credential_args,
    FIELD(credential_args, tenant_id, "Where the person belongs"),
    FIELD(credential_args, person_id, "Who"),
    FIELD(credential_args, id, "The session, device or link"),
    FIELD(credential_args, keep_id, "The session that stays"),
    FIELD(credential_args, acting_tenant_id, "Whose view is taken"),
    FIELD(credential_args, token_hash, "SHA-256 of the token", .secret = true),
    FIELD(credential_args, sealed, "A sealed secret", .secret = true),
    FIELD(credential_args, email, "Sign-in address"),
    FIELD(credential_args, place, "Where attempts are counted"),
    FIELD(credential_args, address, "The client's address"),
    FIELD(credential_args, agent, "The client's name for itself"),
    FIELD(credential_args, purpose, "What a link is good for"),
    FIELD(credential_args, password_hash, "argon2id", .secret = true),
    FIELD(credential_args, name, "The person's name"),
    FIELD(credential_args, time_zone, "The person's zone"),
    FIELD(credential_args, terms_version, "Which terms were accepted"),
    FIELD(credential_args, stage, "How far the sign-in has come", .of = &session_stage_domain),
    FIELD(credential_args, language, "The person's language", .of = &language_domain),
    FIELD(credential_args, at, "When"),
    FIELD(credential_args, expires_at, "Until when"),
    FIELD(credential_args, second_factor_at, "When the second factor was proven"),
    FIELD(credential_args, code_hashes, "Hashes of recovery codes", .secret = true),
    FIELD(credential_args, by_password, "Not through an identity provider"),
    FIELD(credential_args, step, "The time step of a code"));

static const struct shape login_shape = SHAPE(login,
    FIELD(login, person_id, "Who"), FIELD(login, tenant_id, "Where the person belongs"), FIELD(login, name, "Name"),
    FIELD(login, email, "Address"), FIELD(login, language, "Language", .of = &language_domain),
    FIELD(login, time_zone, "Zone"), FIELD(login, status, "Status"),
    FIELD(login, second_factor, "Whether one is enrolled"),
    FIELD(login, password_hash, "argon2id", .secret = true),
    FIELD(login, place, "Where this attempt counts"), FIELD(login, device_known, "Seen before"),
    FIELD(login, blocked_until, "Attempts are held back until then"));

static const struct shape attempt_shape = SHAPE(attempt,
    FIELD(attempt, failures, "In a row, from this place"), FIELD(attempt, blocked_until, "Held back until then"),
    FIELD(attempt, newly_blocked, "This one was the first too many"));

static const struct shape totp_row_shape = SHAPE(totp_row,
    FIELD(totp_row, secret, "Sealed", .secret = true), FIELD(totp_row, pending, "Sealed", .secret = true),
    FIELD(totp_row, last_step, "Of the last code that was taken"));

static const struct shape device_row_shape = SHAPE(device_row,
    FIELD(device_row, known, "Seen before"), FIELD(device_row, others, "How many are known"));

static const struct shape invited_shape = SHAPE(invited,
    FIELD(invited, tenant_id, "Where the person belongs"), FIELD(invited, person_id, "Who"),
    FIELD(invited, email, "Address"), FIELD(invited, name, "Name"),
    FIELD(invited, tenant_name, "Name of the organisation"),
    FIELD(invited, language, "Language", .of = &language_domain), FIELD(invited, time_zone, "Zone"),
    FIELD(invited, status, "Status"));

static const struct shape truth_shape = SHAPE(truth, FIELD(truth, yes, "Whether it was so"));
static const struct shape password_due_shape =
    SHAPE(password_due, FIELD(password_due, at, "From when on the password is too old"));
static const struct shape password_row_shape =
    SHAPE(password_row, FIELD(password_row, password_hash, "argon2id", .secret = true));

#define CALL(query_name, row_shape_or_null, text) \
    const struct query query_name = { .name = #query_name, .sql = text, .args = &args, .row = row_shape_or_null }

CALL(login_lookup, &login_shape, "SELECT * FROM sign_in_lookup(:email, :token_hash, :address, :at)");
CALL(attempt_failed, &attempt_shape, "SELECT * FROM sign_in_failed(:email, :place, :at)");
CALL(attempt_succeeded, NULL, "SELECT sign_in_succeeded(:tenant_id, :person_id, :place, :at)");
CALL(attempts_unlock, &count_row_shape, "SELECT sign_in_unlock(:tenant_id, :person_id) AS n");
CALL(password_read, &password_row_shape, "SELECT password_read(:tenant_id, :person_id) AS password_hash");
CALL(password_write, NULL, "SELECT password_write(:tenant_id, :person_id, :password_hash, :at)");
CALL(session_start, NULL,
     "SELECT session_start(:id, :tenant_id, :person_id, :token_hash, :stage, :at, :expires_at, :second_factor_at,"
     "                     :address, :agent, :by_password)");
CALL(session_advance, NULL,
     "SELECT session_advance(:tenant_id, :id, :token_hash, :stage, :expires_at, :second_factor_at)");
CALL(session_code_failed, &count_row_shape, "SELECT session_code_failed(:tenant_id, :id, :at) AS n");
CALL(session_act, NULL, "SELECT session_act(:tenant_id, :id, :acting_tenant_id)");
CALL(session_end, &count_row_shape, "SELECT session_end(:tenant_id, :person_id, :id, :keep_id, :at) AS n");
CALL(session_password_due, &password_due_shape, "SELECT session_password_due(:tenant_id, :id) AS at");
CALL(totp_read, &totp_row_shape, "SELECT * FROM totp_read(:tenant_id, :person_id)");
CALL(totp_propose, NULL, "SELECT totp_propose(:tenant_id, :person_id, :sealed)");
CALL(totp_take_step, &truth_shape, "SELECT totp_take_step(:tenant_id, :person_id, :step) AS yes");
CALL(totp_enrol, NULL, "SELECT totp_enrol(:tenant_id, :person_id, :sealed)");
CALL(recovery_replace, NULL, "SELECT recovery_replace(:tenant_id, :person_id, :code_hashes)");
CALL(recovery_use, &count_row_shape,
     "SELECT remaining AS n FROM recovery_use(:tenant_id, :person_id, :token_hash, :at)");
CALL(device_remember, NULL, "SELECT device_remember(:id, :tenant_id, :person_id, :token_hash, :at)");
CALL(device_touch, &device_row_shape, "SELECT * FROM device_touch(:tenant_id, :person_id, :token_hash, :at)");
CALL(person_token_issue, &truth_shape,
     "SELECT person_token_issue(:id, :tenant_id, :person_id, :purpose, :token_hash, :at, :expires_at) AS yes");
CALL(person_token_open, &invited_shape, "SELECT * FROM person_token_open(:token_hash, :purpose, :at)");
CALL(person_token_use, &truth_shape, "SELECT person_token_use(:token_hash, :purpose, :at) AS yes");
CALL(person_complete, &truth_shape,
     "SELECT person_complete(:tenant_id, :person_id, :name, :language, :time_zone, :terms_version, :at) AS yes");

const struct shape session_shape = SHAPE(session,
    FIELD(session, id, "Identity"), FIELD(session, tenant_id, "Where the person belongs", .required = true),
    FIELD(session, person_id, "Whose session", .required = true),
    FIELD(session, stage, "How far the sign-in has come", .of = &session_stage_domain, .required = true),
    FIELD(session, created_at, "Signed in at", .sort = true, .required = true),
    FIELD(session, last_seen_at, "Last request, to the minute", .sort = true, .required = true),
    FIELD(session, expires_at, "Ends at the latest", .required = true),
    FIELD(session, second_factor_at, "When the second factor was last proven"),
    FIELD(session, acting_tenant_id, "Whose view is taken"),
    FIELD(session, address, "Client's address", .search = true),
    FIELD(session, agent, "Browser, as it calls itself", .search = true),
    FIELD(session, current, "The session of this very request"));

const struct shape session_list_args_shape =
    SHAPE(session_list_args, FIELD(session_list_args, id, "Whose sessions", .read_only = true));

#define SESSION_SELECT(person)                                                                    \
    "SELECT s.id, s.tenant_id, s.person_id, s.stage, s.created_at, s.last_seen_at, s.expires_at," \
    "       s.second_factor_at, s.acting_tenant_id, s.address, s.agent,"                          \
    "       coalesce(s.id::text = current_setting('yagura.credential', true), false) AS current"  \
    "  FROM session_list(" person ", yagura_at()) s"

const struct listing session_listing = {
    .name = "sessions", .from = SESSION_SELECT(":id"), .args = &session_list_args_shape, .row = &session_shape,
    .key = "id", .sort = "-last_seen_at",
};
const struct listing my_session_listing = {
    .name = "my_sessions", .from = SESSION_SELECT("yagura_person()"), .row = &session_shape, .key = "id",
    .sort = "-last_seen_at",
};

const struct query session_owner = {
    .name = "session_owner", .sql = "SELECT tenant_id, person_id FROM session_owner(:id)",
    .args = &id_args_shape, .row = &person_ref_shape,
};
