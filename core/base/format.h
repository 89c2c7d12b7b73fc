/* format: texts that must look like something: an address, a link, a time zone, a date. */
#ifndef YAGURA_CORE_BASE_FORMAT_H
#define YAGURA_CORE_BASE_FORMAT_H

#include "core/base/problem.h"
#include "core/base/shape.h"

/* FAULT_NONE when the text has the form; else which fault, and an example in *expected where one helps. */
enum fault format_fault(enum format format, struct str text, const char **expected);

/* The JSON Schema name of the format, NULL when it has none. */
const char *format_schema_name(enum format format);
const char *format_schema_pattern(enum format format);

#endif
