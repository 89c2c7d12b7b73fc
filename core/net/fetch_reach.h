/* fetch_reach: which addresses outgoing calls may enter: the public internet, and the networks the operator named. */
#ifndef YAGURA_CORE_NET_FETCH_REACH_H
#define YAGURA_CORE_NET_FETCH_REACH_H

#include "core/base/arena.h"
#include "core/base/str.h"

struct fetch_reach;
struct sockaddr;

/* "10.20.0.0/16, fd00:1::/32, 127.0.0.1" or "" for none; "*" for everything. NULL on a text it cannot read. */
struct fetch_reach *fetch_reach_parse(struct arena *a, struct str networks);

/* A reach of NULL: the public internet alone. */
bool fetch_reach_allows(const struct fetch_reach *reach, struct str address);
bool fetch_reach_allows_socket(const struct fetch_reach *reach, const struct sockaddr *address);

#endif
