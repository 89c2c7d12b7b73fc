/* base: the few words that every file of the house uses. */
#ifndef YAGURA_CORE_BASE_BASE_H
#define YAGURA_CORE_BASE_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define must_check __attribute__((warn_unused_result))
#define printf_like(fmt, args) __attribute__((format(printf, fmt, args)))

/* A foreign handle that ends with the block it was opened in: `scoped(fclose_ptr) FILE *f = …`. */
#define scoped(end) __attribute__((cleanup(end)))

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

/* Calls that hide a bound, a locale or a static buffer do not compile. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#ifndef __cplusplus
#pragma GCC poison strcpy strcat strtok sprintf vsprintf atoi atol localtime gmtime asctime
#endif

#endif
