/* story: one sequence over several computers and people, told from its beginning. */
#include "server/simulation/parts.h"

int64_t
sim_story_length_us(const struct sim_story *story)
{
    int64_t ms = 0;
    for (size_t i = 0; i < story->count; i++)
        ms += story->steps[i].after_ms;
    return ms * 1000;
}

struct str
sim_story_name(const struct sim_story *story)
{
    return str_of(story->name);
}

const struct sim_company *
sim_story_company(const struct sim_story *story)
{
    return sim_company_of(str_of(story->company));
}

/* What was told before is gone through all the same: later steps are by the processes it began. */
struct listener {
    sim_tell *tell;
    void *to;
    struct instant since;
};

static bool
tell_since(void *to, const struct sim_event *event)
{
    struct listener *l = to;
    return event->at.us < l->since.us || l->tell(l->to, event);
}

static void
go_to(struct sim_course *c, const struct sim_step *step)
{
    if (step->host)
        c->computer = sim_computer_of(c->company, step->host);
    if (step->user)
        c->user = str_of(step->user);
}

bool
sim_tell_story(const struct sim_story *story, struct instant begin, int64_t speed, struct instant since,
               struct instant until, sim_tell *tell, void *to_whom)
{
    scoped(arena_end) struct arena *arena = arena_new(256 << 10);
    struct listener l = { tell, to_whom, since };
    struct sim_course *c = arena_new_of(arena, struct sim_course);
    const struct sim_company *company = sim_story_company(story);
    *c = (struct sim_course){ .arena = arena, .company = company, .computer = &company->computers[0], .at = begin,
                              .seed = sim_mix_text(31, story->name), .tell = tell_since, .to = &l };
    for (size_t i = 0; i < story->count; i++) {
        const struct sim_step *step = &story->steps[i];
        go_to(c, step);
        c->at = instant_plus(c->at, (int64_t)step->after_ms * 1000 / speed);
        if (c->at.us >= until.us)
            return true;
        if (!sim_say(c, step))
            return false;
    }
    return true;
}
