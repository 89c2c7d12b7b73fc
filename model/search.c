#include "model/search.h"

const struct shape search_args_shape =
    SHAPE(search_args, FIELD(search_args, q, "A few letters of a name, an address or a code", .min = 1, .max = 100,
                             .required = true));
const struct shape search_hit_shape = SHAPE(search_hit,
    FIELD(search_hit, kind, "Which noun", .required = true), FIELD(search_hit, id, "Which one"),
    FIELD(search_hit, title, "Its name", .required = true), FIELD(search_hit, subtitle, "What tells it from its like"));

const struct query search_everything = {
    .name = "search_everything",
    .sql = "(SELECT 'tenant' AS kind, t.id, t.name AS title, t.short_code AS subtitle FROM tenant t"
           "  WHERE grant_rank((SELECT yagura_grants()), 'tenants') >= 1"
           "    AND strpos(lower(concat_ws(' ', t.name, t.name_kana, t.short_code)), lower(:q)) > 0"
           "  ORDER BY t.name LIMIT 8)"
           " UNION ALL "
           "(SELECT 'person', p.id, p.name, concat_ws(' · ', p.email, t.name) FROM person p"
           "   JOIN tenant t ON t.id = p.tenant_id"
           "  WHERE grant_rank((SELECT yagura_grants()), 'people') >= 1"
           "    AND strpos(lower(concat_ws(' ', p.name, p.email)), lower(:q)) > 0"
           "  ORDER BY p.name LIMIT 8)"
           " UNION ALL "
           "(SELECT 'permission_set', s.id,"
           "        CASE current_setting('yagura.language', true) WHEN 'en' THEN s.name_en ELSE s.name_ja END, t.name"
           "   FROM permission_set s JOIN tenant t ON t.id = s.tenant_id"
           "  WHERE grant_rank((SELECT yagura_grants()), 'permissions') >= 1"
           "    AND strpos(lower(concat_ws(' ', s.name_en, s.name_ja, s.key)), lower(:q)) > 0"
           "  ORDER BY s.builtin, s.name_en LIMIT 8)",
    .args = &search_args_shape, .row = &search_hit_shape,
};
