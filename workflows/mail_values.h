/* mail_values: from a mail's struct to what its template is filled with. */
#ifndef YAGURA_WORKFLOWS_MAIL_VALUES_H
#define YAGURA_WORKFLOWS_MAIL_VALUES_H

#include "core/base/shape.h"
#include "core/net/mustache.h"

struct zone;

struct mail_reader {
    enum language language;
    const struct zone *zone;
    struct str zone_name;
    bool masked; /* secret members show that there is a link, not which */
};

/* A member per field of the shape. Instants are written for the reader; absent members are MUSTACHE_ABSENT. */
struct mustache_value mail_values(struct arena *a, const struct shape *sh, const void *data,
                                  const struct mail_reader *reader);

/* 2026年11月28日(土) 10:00(日本時間) · Saturday, 28 November 2026, 10:00 (Asia/Tokyo) */
struct str mail_instant(struct arena *a, struct instant t, const struct mail_reader *reader);

/* https://hub.example.jp/invitations/•••••••• */
struct str mail_masked(struct arena *a, struct str secret);

#endif
