/* mail_kind: a kind of mail: a key, a template per language, and the struct the templates are written for. */
#ifndef YAGURA_WORKFLOWS_MAIL_KIND_H
#define YAGURA_WORKFLOWS_MAIL_KIND_H

#include "core/base/shape.h"

struct mail_kind {
    const char *key;          /* templates/{ja,en}/<key>.mustache */
    struct bilingual title;   /* what an administrator calls it */
    const struct shape *data; /* text, bool, int, instant, domain members, texts and rows; .secret ones are masked */
    const void *example;      /* for the preview page and the test send */
};

#endif
