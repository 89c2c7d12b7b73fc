/* claims: cmocka with what it forgets to include, and without its macro that hides our fail(). */
#ifndef YAGURA_TESTS_UNIT_CLAIMS_H
#define YAGURA_TESTS_UNIT_CLAIMS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#undef fail
#undef fail_msg
#define claim_failed(...) (print_error(__VA_ARGS__), print_error("\n"), _fail(__FILE__, __LINE__))

/* A skipped test says why; without a reason it counts as failed. */
#define skip_because(reason)       \
    do {                           \
        puts("skipped: " reason);  \
        skip();                    \
    } while (0)

/* A name for mkdtemp or mkstemp in the run's own folder, which goes with the run. */
#define temporary_name(out, size, what)                                                            \
    snprintf(out, size, "%s/yagura-" what "-XXXXXX", getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp")

#endif
