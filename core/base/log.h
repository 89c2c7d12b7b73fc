/* log: one JSON line per event on stderr: time, level, event, request, tenant, person, message.
 * Event names ("ticket.closed") are an interface; fields marked secret never come here. */
#ifndef YAGURA_CORE_BASE_LOG_H
#define YAGURA_CORE_BASE_LOG_H

#include "core/base/scope.h"

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR };

void log_start(enum log_level least); /* once, at process start; default is LOG_INFO */
/* s may be NULL outside any unit of work. errno is preserved. */
void log_event(const struct scope *s, enum log_level level, const char *event, const char *fmt, ...) printf_like(4, 5);

#define log_debug(s, ...) log_event((s), LOG_DEBUG, __VA_ARGS__)
#define log_info(s, ...) log_event((s), LOG_INFO, __VA_ARGS__)
#define log_warn(s, ...) log_event((s), LOG_WARN, __VA_ARGS__)
#define log_error(s, ...) log_event((s), LOG_ERROR, __VA_ARGS__)

#endif
