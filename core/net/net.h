/* net: the libraries that talk to the outside, started once. Call net_start at process start, before any thread:
 * it readies libcurl and GMime and makes a closed socket an error instead of a signal. */
#ifndef YAGURA_CORE_NET_NET_H
#define YAGURA_CORE_NET_NET_H

#include "core/base/base.h"

must_check bool net_start(void);

#endif
