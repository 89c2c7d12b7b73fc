#include "server/doctor.h"

#include <unistd.h>

struct doctor_options {
    const char *config;
    bool json;
};

static bool
options_read(int argc, char **argv, struct doctor_options *out)
{
    *out = (struct doctor_options){ 0 };
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--json") == 0)
            out->json = true;
        else if (strcmp(argv[i], "--config") == 0 && i + 1 < argc)
            out->config = argv[++i];
        else
            return false;
    }
    return true;
}

static enum language
language_of_terminal(void)
{
    static const char *const names[] = { "LC_ALL", "LC_MESSAGES", "LANG" };
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        const char *value = getenv(names[i]);
        if (value && value[0])
            return strncmp(value, "ja", 2) == 0 ? LANGUAGE_JA : LANGUAGE_EN;
    }
    return LANGUAGE_EN;
}

static void
print_indented(struct str text, const char *mark)
{
    struct str line;
    while (str_cut(&text, '\n', &line)) {
        printf("         %s" STR_FMT "\n", mark, STR_ARG(line));
        mark = "  ";
    }
}

static void
print_tile(const struct tile *t, bool colours)
{
    static const char *const words[] = { "", " ok ", "warn", "FAIL", " -- ", "info" };
    static const char *const paint[] = { "", "\033[32m", "\033[33m", "\033[31m", "", "\033[34m" };
    printf("  %s[%s]%s " STR_FMT ": " STR_FMT "\n", colours ? paint[t->state] : "", words[t->state],
           colours ? "\033[0m" : "", STR_ARG(t->title), STR_ARG(t->summary));
    if (t->state == TILE_RED || t->state == TILE_YELLOW) {
        if (!str_eq(t->detail, t->summary))
            print_indented(t->detail, "- ");
        if (t->remedy.len)
            print_indented(t->remedy, "> ");
    }
}

static void
print_json(struct doctor *d)
{
    const struct status_report report = { { d->tiles, d->count } };
    struct text t = text_new(d->program.s.arena, 1024 * 1024);
    shape_write_json(&t, &status_report_shape, &report);
    struct str document = text_str(&t);
    printf(STR_FMT "\n", STR_ARG(document));
}

static int
count_of(const struct doctor *d, enum tile_state state)
{
    int count = 0;
    for (size_t i = 0; i < d->count; i++)
        count += d->tiles[i].state == state;
    return count;
}

static void
print_all(struct doctor *d)
{
    struct scope *s = &d->program.s;
    for (size_t i = 0; i < d->count; i++)
        print_tile(&d->tiles[i], isatty(STDOUT_FILENO));
    struct str sum = tile_text(s, "%d wrong, %d to look after", "異常 %d 件、要確認 %d 件", count_of(d, TILE_RED),
                               count_of(d, TILE_YELLOW));
    printf("\n" STR_FMT "\n", STR_ARG(sum));
}

int
doctor_command(int argc, char **argv)
{
    struct doctor d = { 0 };
    struct doctor_options options;
    if (!options_read(argc, argv, &options)) {
        fprintf(stderr, "yagura doctor [--json] [--config FILE]\n");
        return 2;
    }
    if (!program_start(&d.program, options.config))
        return program_complain(&d.program);
    d.program.s.language = language_of_terminal();
    d.tiles = arena_array_of(d.program.s.arena, DOCTOR_TILES_MAX, struct tile);
    doctor_looks_at_configuration(&d);
    doctor_looks_at_database(&d);
    doctor_looks_at_tiles(&d);
    doctor_looks_at_audit(&d);
    doctor_looks_outside(&d);
    if (options.json)
        print_json(&d);
    else
        print_all(&d);
    db_close(d.db);
    return program_end(&d.program, count_of(&d, TILE_RED) ? 1 : 0);
}
