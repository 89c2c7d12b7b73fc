#include "workflows/mail_in_parts.h"

#include "core/base/crypto.h"
#include "core/base/log.h"
#include "core/db/change.h"
#include "model/permission.h"
#include "model/principal.h"
#include "model/tenant.h"
#include "model/ticket.h"
#include "workflows/mail.h"
#include "workflows/mail_kinds.h"
#include "workflows/mail_service.h"
#include "workflows/service.h"
#include "workflows/uploads.h"

enum { EXCERPT_CHARACTERS = 500 };

bool
mail_in_become(struct scope *s, struct incoming *m, const struct principal *who)
{
    bool service = who->kind == PRINCIPAL_SYSTEM;
    struct mail_act_args act = { .tenants = who->tenants, .side = who->side, .language = who->language, .at = s->now,
                                 .person_id = who->person_id,
                                 .home_id = service ? provider_tenant_id : who->tenant_id };
    if (!service)
        act.grants = m->sender.grants;
    s->who = who;
    s->language = who->language;
    return db_run(s, &mail_act, &act, NULL);
}

static struct str
excerpt_of(struct arena *a, struct str text)
{
    size_t end = 0;
    for (size_t count = 0; end < text.len; end++)
        if (((unsigned char)text.at[end] & 0xC0) != 0x80 && ++count > EXCERPT_CHARACTERS)
            break;
    return end ? str_copy(a, str_head(text, end)) : STR_NONE;
}

/* ---- who ---- */

static bool
find_sender(struct scope *s, struct incoming *m)
{
    struct mail_sender_args args = { m->letter.from };
    return !m->letter.from.at || db_maybe(s, &mail_sender_find, &args, &m->sender, &m->known);
}

static void
prepare_people(struct scope *s, struct incoming *m)
{
    struct uuid *both = arena_array_of(s->arena, 2, struct uuid);
    both[0] = provider_tenant_id;
    both[1] = m->known ? m->sender.tenant_id : provider_tenant_id;
    m->service = (struct principal){ .kind = PRINCIPAL_SYSTEM, .side = SIDE_PROVIDER, .tenant_id = provider_tenant_id,
                                     .name = STR("mail-in"), .language = LANGUAGE_EN,
                                     .tenants = { both, m->known && m->sender.side == SIDE_CUSTOMER ? 2 : 1 } };
    m->person = (struct principal){ .kind = PRINCIPAL_MAIL, .side = m->sender.side, .stage = STAGE_COMPLETE,
                                    .tenant_id = m->sender.tenant_id, .person_id = m->sender.person_id,
                                    .name = m->sender.name, .email = m->sender.email, .language = m->sender.language,
                                    .time_zone = m->sender.time_zone, .tenants = { &both[1], 1 } };
    grants_to_levels(m->sender.grants, m->person.levels);
}

static enum arrival_reason
wrong_with_sender(const struct scope *s, const struct incoming *m)
{
    if (!m->letter.from.at)
        return REFUSED_NO_SENDER;
    if (str_eq_nocase(m->letter.from, s->service->mail->from_address)
        || (s->service->mail->answers_to.at && str_eq_nocase(m->letter.from, s->service->mail->answers_to)))
        return REFUSED_OWN;
    if (!m->known)
        return m->letter.automatic.at ? REFUSED_AUTOMATIC : REFUSED_STRANGER;
    if (m->sender.side != SIDE_CUSTOMER)
        return REFUSED_PROVIDER;
    if (!m->sender.active)
        return REFUSED_INACTIVE;
    return principal_may(&m->person, CAN_USE(TICKETS)) ? REFUSED_NONE : REFUSED_MAY_NOT;
}

/* ---- what becomes of it ---- */

static bool
refuse(struct incoming *m, enum arrival_reason reason, struct str detail)
{
    m->row.state = ARRIVAL_REFUSED;
    m->row.reason = reason;
    m->row.detail = detail;
    return true;
}

static bool
find_case(struct scope *s, struct incoming *m)
{
    struct mail_case_row row;
    struct mail_case_args args = { m->sender.tenant_id, m->letter.references,
                                   m->letter.subject.at ? m->letter.subject : STR("") };
    bool found;
    if (!db_maybe(s, &mail_case_of, &args, &row, &found))
        return false;
    m->ticket_id = found ? row.id : (struct uuid){ { 0 } };
    return true;
}

static bool
is_over(struct scope *s, struct incoming *m, bool *over)
{
    struct ticket t;
    if (!db_one(s, &ticket_by_id, &(struct id_args){ m->ticket_id }, &t))
        return false;
    *over = t.status == TICKET_CLOSED || t.status == TICKET_DECLINED;
    return true;
}

static bool
say(struct scope *s, struct incoming *m)
{
    struct id_args category;
    bool over = false, found = true;
    if (!m->letter.text.len && !m->letter.file_count)
        return refuse(m, REFUSED_EMPTY, STR_NONE);
    if (uuid_is_none(m->ticket_id)) {
        struct mail_category_args args = { m->sender.tenant_id };
        if (!db_maybe(s, &mail_category_for, &args, &category, &found))
            return false;
        return !found ? refuse(m, REFUSED_NO_CASE, STR_NONE)
                      : mail_in_become(s, m, &m->person) && mail_in_open(s, m, category.id);
    }
    if (!is_over(s, m, &over))
        return false;
    return over ? refuse(m, REFUSED_CLOSED, STR_NONE) : mail_in_become(s, m, &m->person) && mail_in_post(s, m);
}

/* What would be refused in the portal is refused here, and the rest of the transaction goes on. What may be possible
 * later is tried again by whoever brings the mail. */
static bool
forgive(struct scope *s, struct incoming *m)
{
    const struct problem *p = s->failure.problem;
    bool later = p->status >= 500 || p->status == 429 || p == &upload_over_quota;
    if (later)
        return false;
    struct str why = str_printf(s->arena, "%s: %s", p->slug, p->title.en);
    scope_forgive(s);
    m->row.ticket_id = m->row.post_id = (struct uuid){ { 0 } };
    return db_savepoint_rollback(s) && mail_in_become(s, m, &m->service)
        && refuse(m, REFUSED_NOT_POSSIBLE, why);
}

static bool
handle(struct scope *s, struct incoming *m)
{
    enum arrival_reason wrong = wrong_with_sender(s, m);
    if (wrong != REFUSED_NONE)
        return refuse(m, wrong, STR_NONE);
    if (!find_case(s, m))
        return false;
    if (m->letter.automatic.at)
        return uuid_is_none(m->ticket_id) ? refuse(m, REFUSED_AUTOMATIC, STR_NONE)
                                          : mail_in_note(s, m) && mail_in_keep(s, m);
    if (!db_savepoint(s))
        return false;
    if (!say(s, m))
        return forgive(s, m);
    if (m->row.state == ARRIVAL_REFUSED)
        return db_savepoint_release(s);
    return mail_in_become(s, m, &m->service) && mail_in_keep(s, m) && db_savepoint_release(s);
}

/* ---- telling whoever wrote in vain ---- */

struct told_args {
    struct uuid tenant_id, person_id;
    struct instant since;
};
static const struct shape told_shape = SHAPE(told_args,
    FIELD(told_args, tenant_id, "Whose"), FIELD(told_args, person_id, "Who"), FIELD(told_args, since, "Since when"));
const struct query mail_told_lately = {
    .name = "mail_told_lately",
    .sql = "SELECT m.id FROM mail m WHERE m.tenant_id = :tenant_id AND m.person_id = :person_id"
           "   AND m.kind = 'mail_not_taken' AND m.created_at > :since LIMIT 1",
    .args = &told_shape, .row = &id_args_shape,
};

/* A program that does not say that it is one would answer this, and be answered: so not more often than once an
 * hour. */
static bool
tell_sender(struct scope *s, const struct incoming *m)
{
    struct id_args before;
    struct told_args args = { m->sender.tenant_id, m->sender.person_id, instant_plus(s->now, -HOURS(1)) };
    bool lately, waits = m->row.state == ARRIVAL_REFUSED && m->known && m->sender.side == SIDE_CUSTOMER
                      && m->sender.active && !m->letter.automatic.at;
    if (!waits)
        return true;
    if (!db_maybe(s, &mail_told_lately, &args, &before, &lately))
        return false;
    const struct mail_not_taken_mail data = {
        .name = m->sender.name, .topic = m->letter.subject, .closed = m->row.reason == REFUSED_CLOSED,
        .no_case = m->row.reason == REFUSED_NO_CASE, .may_not = m->row.reason == REFUSED_MAY_NOT,
        .url = str_printf(s->arena, STR_FMT "/tickets", STR_ARG(s->service->public_url)),
    };
    const struct mail_request mail = {
        .kind = &mail_mail_not_taken, .data = &data, .tenant_id = m->sender.tenant_id,
        .person_id = m->sender.person_id, .to_address = m->sender.email, .to_name = m->sender.name,
        .language = m->sender.language, .time_zone = m->sender.time_zone,
    };
    return lately || mail_queue(s, &mail, NULL);
}

/* ---- one mail ---- */

static bool
claim(struct scope *s, struct incoming *m, bool *again)
{
    struct bytes hash = sha256_of(s->arena, m->raw);
    struct id_args id;
    bool claimed;
    m->row = (struct mail_arrival){
        .id = uuid_new(s->now), .tenant_id = m->service.tenants.items[m->service.tenants.count - 1],
        .message_id = m->letter.message_id.at ? m->letter.message_id
            : str_printf(s->arena, "sha256." STR_FMT, STR_ARG(hex_of(s->arena, hash))),
        .from_address = m->letter.from, .from_name = m->letter.from_name, .subject = m->letter.subject,
        .automatic = m->letter.automatic, .person_id = m->sender.person_id, .bytes = (int64_t)m->raw.len,
        .state = ARRIVAL_READING, .arrived_at = s->now };
    if (!db_maybe(s, &mail_arrival_claim, &m->row, &id, &claimed))
        return false;
    *again = !claimed;
    return true;
}

static bool
read_letter(struct scope *s, struct incoming *m, bool *readable)
{
    *readable = mime_read(s, m->raw, &m->letter);
    if (*readable || s->failure.problem != &problem_mime)
        return *readable;
    m->row.detail = s->failure.detail;
    scope_forgive(s);
    return true;
}

static bool
finish(struct scope *s, struct incoming *m)
{
    if (m->row.state == ARRIVAL_REFUSED)
        m->row.excerpt = excerpt_of(s->arena, m->letter.text);
    return db_run(s, &mail_arrival_save, &m->row, NULL) && tell_sender(s, m)
        && db_one(s, &mail_arrival_by_id, &(struct id_args){ m->row.id }, &m->row)
        && change_record(s, m->row.tenant_id, "mail_arrival", m->row.id, "arrived");
}

bool
mail_in_take(struct scope *s, struct db *db, struct str raw, struct mail_arrival *out, bool *again)
{
    struct incoming *m = arena_new_of(s->arena, struct incoming);
    struct uuid provider = provider_tenant_id;
    bool readable;
    m->raw = raw;
    s->agent = STR("mail");
    if (!read_letter(s, m, &readable))
        return false;
    struct str why = m->row.detail;
    if (!db_begin(s, db, (struct uuids){ &provider, 1 }) || !find_sender(s, m))
        return false;
    prepare_people(s, m);
    if (!mail_in_become(s, m, &m->service) || !claim(s, m, again))
        return false;
    if (*again) {
        *out = m->row;
        return db_commit(s);
    }
    if (!(readable ? handle(s, m) : refuse(m, REFUSED_UNREADABLE, why)) || !finish(s, m) || !db_commit(s))
        return false;
    *out = m->row;
    log_info(s, "mail_in.taken", "state=" STR_FMT " bytes=%zu",
             STR_ARG(domain_label(&arrival_state_domain, (int)out->state)), raw.len);
    return true;
}
