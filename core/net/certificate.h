/* certificate: until when the certificate is good that we show to others. */
#ifndef YAGURA_CORE_NET_CERTIFICATE_H
#define YAGURA_CORE_NET_CERTIFICATE_H

#include "core/base/scope.h"

struct certificate {
    struct str subject;
    struct instant not_before, not_after;
};

/* The first certificate of a PEM file. */
must_check bool certificate_read(struct scope *s, struct str file, struct certificate *out);

#endif
