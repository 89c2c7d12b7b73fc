#include "xdr/engine.h"

#include "xdr/engine_parts.h"

enum { ENGINE_BLOCK = 4 << 20 };

/* Asked for by whoever shows a match, whatever the rules ask for. */
static const char *const shown_fields[] = {
    "EventID", "EventType", "Channel", "Computer", "User", "Image", "CommandLine", "ParentImage", "ParentCommandLine",
    "ProcessId", "ProcessGuid", "ParentProcessId", "ParentProcessGuid", "OriginalFileName", "Hashes",
    "TargetFilename", "TargetObject", "Details", "ImageLoaded", "SourceIp", "DestinationIp", "DestinationPort",
    "DestinationHostname", "QueryName", "ScriptBlockText", "PipeName", "SubjectUserName", "TargetUserName",
};

uint16_t
engine_field(struct engine *e, struct str name)
{
    uint32_t number = name_index_take(e->fields, name);
    if (number >= SOURCE_NONE)
        return FIELD_ANYWHERE; /* ruleset_finish keeps sets far below this */
    if (number == e->field_count) {
        if (e->field_count == e->field_room) {
            e->field_room = e->field_room ? e->field_room * 2 : 512;
            struct str *names = arena_array_of(e->arena, e->field_room, struct str);
            if (e->field_count)
                memcpy(names, e->field_names, e->field_count * sizeof *names);
            e->field_names = names;
        }
        e->field_names[e->field_count++] = name;
    }
    return (uint16_t)number;
}

static void
add_fields_of_correlations(struct engine *e)
{
    for (size_t i = 0; i < e->set->correlation_count; i++) {
        const struct correlation *c = &e->set->correlations[i];
        for (size_t j = 0; j < c->group_by.count; j++)
            engine_field(e, c->group_by.items[j]);
        for (size_t j = 0; j < c->value_fields.count; j++)
            engine_field(e, c->value_fields.items[j]);
        for (size_t j = 0; j < c->alias_count; j++)
            engine_field(e, c->aliases[j].field);
    }
}

struct engine *
engine_compile(const struct ruleset *set)
{
    struct arena *a = arena_new(ENGINE_BLOCK);
    struct engine *e = arena_new_of(a, struct engine);
    *e = (struct engine){ .arena = a, .set = set, .fields = name_index_new(a), .map = source_map_new(a) };
    engine_field(e, STR("")); /* FIELD_ANYWHERE */
    for (size_t i = 0; i < COUNT_OF(shown_fields); i++)
        engine_field(e, str_of(shown_fields[i]));
    e->event_id_field = engine_field(e, STR("EventID"));
    e->hashes_field = engine_field(e, STR("Hashes"));
    for (size_t i = 0; i < HASH_COUNT; i++)
        e->hash_fields[i] = engine_field(e, str_lower(a, str_of(hash_names[i])));
    e->event_type_field = engine_field(e, STR("EventType"));
    engine_build_facts(e);
    add_fields_of_correlations(e);
    engine_build_witnesses(e);
    engine_build_programs(e);
    engine_build_places(e);
    engine_build_lanes(e);
    return e;
}

void
engine_free(struct engine *e)
{
    if (e)
        arena_free(e->arena);
}

const struct ruleset *
engine_rules(const struct engine *e)
{
    return e->set;
}

struct engine_stats
engine_stats(const struct engine *e)
{
    struct engine_stats stats = { .rules = e->set->rule_count, .lanes = e->lane_key_count, .fields = e->field_count,
                                  .regexes = e->regex_count, .memory_bytes = engine_memory(e) };
    for (size_t i = 0; i < e->set->rule_count; i++) {
        stats.witnesses += e->witnesses[i].count;
        stats.unwitnessed += e->witnesses[i].none;
    }
    return stats;
}
