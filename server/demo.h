/* demo: who lives in the demonstration: two customers, their people and the provider's. */
#ifndef YAGURA_SERVER_DEMO_H
#define YAGURA_SERVER_DEMO_H

#include "model/person.h"
#include "model/tenant.h"

struct demo_tenant {
    const char *code, *name, *name_kana, *time_zone, *country;
    enum tenant_plan plan;
    enum language language;
    const char *contract_start;
};

/* A year's story told in days: everything happens `day` days before today. */
struct demo_person {
    const char *tenant; /* short code; NULL: the provider */
    const char *email, *name, *set;
    enum language language;
    enum person_status status;
    bool all_tenants;
    const char *sees; /* short code of one customer, for people of the provider */
    int day;
    bool login;       /* one of the four that script/server prints */
};

extern const struct demo_tenant demo_tenants[];
extern const size_t demo_tenant_count;
extern const struct demo_person demo_people[];
extern const size_t demo_people_count;

#endif
