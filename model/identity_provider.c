#include "model/identity_provider.h"

const struct shape identity_provider_shape = SHAPE(identity_provider,
    FIELD(identity_provider, id, "Identity"),
    FIELD(identity_provider, tenant_id, "Whose people it signs in", .filter = true, .required = true),
    FIELD(identity_provider, tenant_name, "Name of that organisation", .sort = true, .required = true),
    FIELD(identity_provider, name, "What the sign-in button says", .sort = true, .search = true, .required = true),
    FIELD(identity_provider, issuer, "The provider's address, as its discovery document states it", .search = true,
          .required = true),
    FIELD(identity_provider, client_id, "Under which name we are known there", .required = true),
    FIELD(identity_provider, has_client_secret, "Whether a secret is kept"),
    FIELD(identity_provider, email_domains, "Addresses of these domains come in this way", .required = true),
    FIELD(identity_provider, enabled, "Whether it is offered", .filter = true),
    FIELD(identity_provider, trust_second_factor, "Whether its own second factor is enough"),
    FIELD(identity_provider, redirect_uri, "To be registered at the provider"),
    FIELD(identity_provider, created_at, "When it was set up", .sort = true, .required = true),
    FIELD(identity_provider, updated_at, "When it last changed", .sort = true, .required = true),
    FIELD(identity_provider, version, "Grows with each change"),
    FIELD(identity_provider, can, "Verbs the caller may use on it", .required = true));

#define PROVIDER_WORDS                                                                                       \
    FIELD(identity_provider_write, name, "What the sign-in button says", .max = 100, .required = true),      \
    FIELD(identity_provider_write, issuer, "The provider's address", .format = FORMAT_URL, .max = 500,       \
          .required = true),                                                                                 \
    FIELD(identity_provider_write, client_id, "Under which name we are known there", .max = 300,             \
          .required = true),                                                                                 \
    FIELD(identity_provider_write, client_secret, "Absent: as it was, or none", .max = 500, .secret = true), \
    FIELD(identity_provider_write, email_domains, "Addresses of these domains come in this way", .max = 20,  \
          .required = true),                                                                                 \
    FIELD(identity_provider_write, enabled, "Whether it is offered"),                                        \
    FIELD(identity_provider_write, trust_second_factor, "Whether its own second factor is enough")

const struct shape identity_provider_create_shape = SHAPE(identity_provider_write,
    FIELD(identity_provider_write, tenant_id, "Whose people; the caller's own organisation when absent"),
    PROVIDER_WORDS);
const struct shape identity_provider_update_shape = SHAPE(identity_provider_write,
    FIELD(identity_provider_write, id, "Which one", .read_only = true),
    FIELD(identity_provider_write, version, "What the change is based on", .read_only = true), PROVIDER_WORDS);

static const struct shape write_args = SHAPE(identity_provider_write,
    FIELD(identity_provider_write, id, "Which one"), FIELD(identity_provider_write, tenant_id, "Whose people"),
    FIELD(identity_provider_write, version, "What the change is based on"),
    FIELD(identity_provider_write, sealed_secret, "Sealed", .secret = true),
    FIELD(identity_provider_write, at, "When"), PROVIDER_WORDS);

#define PROVIDER_SELECT                                                                                           \
    "SELECT i.id, i.tenant_id, t.name AS tenant_name, i.name, i.issuer, i.client_id,"                             \
    "       i.client_secret IS NOT NULL AS has_client_secret, i.email_domains, i.enabled, i.trust_second_factor," \
    "       NULL::text AS redirect_uri, i.created_at, i.updated_at, i.version,"                                   \
    "       CASE WHEN grant_rank((SELECT yagura_grants()), 'sign_in') = 3 THEN ARRAY['update', 'delete', 'test']" \
    "            ELSE '{}' END::text[] AS can"                                                                    \
    "  FROM identity_provider i JOIN tenant t ON t.id = i.tenant_id"

const struct listing identity_provider_listing = {
    .name = "identity_providers", .from = PROVIDER_SELECT, .row = &identity_provider_shape, .key = "id",
    .sort = "name",
};
const struct query identity_provider_by_id = {
    .name = "identity_provider_by_id", .sql = PROVIDER_SELECT " WHERE i.id = :id", .args = &id_args_shape,
    .row = &identity_provider_shape,
};
const struct query identity_provider_insert = {
    .name = "identity_provider_insert",
    .sql = "INSERT INTO identity_provider (tenant_id, id, name, issuer, client_id, client_secret, email_domains,"
           "                               enabled, trust_second_factor, created_at, updated_at)"
           " VALUES (:tenant_id, :id, :name, :issuer, :client_id, :sealed_secret, :email_domains, :enabled,"
           "         :trust_second_factor, :at, :at)",
    .args = &write_args,
};
const struct query identity_provider_update = {
    .name = "identity_provider_update",
    .sql = "UPDATE identity_provider SET name = :name, issuer = :issuer, client_id = :client_id,"
           "       client_secret = coalesce(:sealed_secret, client_secret), email_domains = :email_domains,"
           "       enabled = :enabled, trust_second_factor = :trust_second_factor, updated_at = :at,"
           "       version = version + 1"
           " WHERE id = :id AND version = :version RETURNING id",
    .args = &write_args, .row = &id_args_shape,
};
const struct query identity_provider_delete = {
    .name = "identity_provider_delete", .sql = "DELETE FROM identity_provider WHERE id = :id",
    .args = &id_args_shape,
};

static const struct shape oidc_args_shape = SHAPE(oidc_args,
    FIELD(oidc_args, provider_id, "Which provider"), FIELD(oidc_args, email, "Whose address"),
    FIELD(oidc_args, nonce, "Comes back in the ID token", .secret = true),
    FIELD(oidc_args, code_verifier, "Proves that we asked (PKCE)", .secret = true),
    FIELD(oidc_args, return_to, "The page to show afterwards"),
    FIELD(oidc_args, state_hash, "SHA-256 of state", .secret = true),
    FIELD(oidc_args, browser_hash, "SHA-256 of the browser's cookie", .secret = true),
    FIELD(oidc_args, at, "When"), FIELD(oidc_args, expires_at, "Until when"));

const struct shape oidc_choice_shape = SHAPE(oidc_choice,
    FIELD(oidc_choice, provider_id, "Which provider"), FIELD(oidc_choice, name, "What the button says"));

#define OIDC_PROVIDER_FIELDS(type)                                                      \
    FIELD(type, provider_id, "Which provider"), FIELD(type, tenant_id, "Whose people"), \
    FIELD(type, issuer, "Its address"), FIELD(type, client_id, "Our name there"),       \
    FIELD(type, client_secret, "Sealed", .secret = true),                               \
    FIELD(type, trust_second_factor, "Whether its own second factor is enough")

static const struct shape oidc_provider_shape = SHAPE(oidc_provider, OIDC_PROVIDER_FIELDS(oidc_provider));
static const struct shape oidc_return_shape = SHAPE(oidc_return, OIDC_PROVIDER_FIELDS(oidc_return),
    FIELD(oidc_return, nonce, "What the ID token must carry", .secret = true),
    FIELD(oidc_return, code_verifier, "Proves that we asked", .secret = true),
    FIELD(oidc_return, return_to, "The page to show afterwards"));
static const struct shape oidc_person_shape = SHAPE(oidc_person,
    FIELD(oidc_person, tenant_id, "Where the person belongs"), FIELD(oidc_person, person_id, "Who"),
    FIELD(oidc_person, name, "Name"), FIELD(oidc_person, email, "Address"),
    FIELD(oidc_person, language, "Language", .of = &language_domain), FIELD(oidc_person, time_zone, "Zone"),
    FIELD(oidc_person, second_factor, "Whether one is enrolled"));

const struct query oidc_choose = {
    .name = "oidc_choose", .sql = "SELECT provider_id, name FROM oidc_choose(:email)", .args = &oidc_args_shape,
    .row = &oidc_choice_shape,
};
const struct query oidc_open = {
    .name = "oidc_open",
    .sql = "SELECT provider_id, tenant_id, issuer, client_id, client_secret, trust_second_factor"
           "  FROM oidc_open(:provider_id)",
    .args = &oidc_args_shape, .row = &oidc_provider_shape,
};
const struct query oidc_remember = {
    .name = "oidc_remember",
    .sql = "SELECT oidc_remember(:provider_id, :state_hash, :browser_hash, :nonce, :code_verifier, :return_to, :at,"
           "                     :expires_at)",
    .args = &oidc_args_shape,
};
const struct query oidc_take = {
    .name = "oidc_take",
    .sql = "SELECT provider_id, tenant_id, issuer, client_id, client_secret, trust_second_factor, nonce,"
           "       code_verifier, return_to FROM oidc_take(:state_hash, :browser_hash, :at)",
    .args = &oidc_args_shape, .row = &oidc_return_shape,
};
const struct query oidc_find_person = {
    .name = "oidc_find_person",
    .sql = "SELECT tenant_id, person_id, name, email, language, time_zone, second_factor"
           "  FROM oidc_find_person(:provider_id, :email)",
    .args = &oidc_args_shape, .row = &oidc_person_shape,
};
