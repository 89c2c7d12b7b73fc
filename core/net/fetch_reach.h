/* fetch_reach: which addresses outgoing calls may enter, by binary address, for fetch and its tests. */
#ifndef YAGURA_CORE_NET_FETCH_REACH_H
#define YAGURA_CORE_NET_FETCH_REACH_H

#include "core/net/fetch.h"

struct sockaddr;

bool fetch_reach_allows_socket(const struct fetch_reach *reach, const struct sockaddr *address);

#endif
