/* file_look: looking into files of strangers, in a process of its own that can do nothing but look.
 *
 *     worker --the bytes--> `yagura look type|picture` --what it is, or a picture of its own making--> worker
 *
 * The child has no environment, no open files but the one socket, bounds on memory and time, and a list of system
 * calls that neither opens, connects nor starts anything: whoever breaks a decoder there has gained a process that can
 * only write to a socket. What comes back is again not trusted: its length is bounded, a type is a few letters, a
 * picture is sent as image/webp and as nothing else.
 */
#ifndef YAGURA_WORKFLOWS_FILE_LOOK_H
#define YAGURA_WORKFLOWS_FILE_LOOK_H

#include "core/base/scope.h"

enum {
    LOOK_HEAD_BYTES = 1024 * 1024,           /* is what a type is judged by */
    LOOK_PICTURE_BYTES_MAX = 32 * 1024 * 1024,
    LOOK_PIXELS_MAX = 40 * 1000 * 1000,      /* of a picture as it was sent */
    LOOK_SIDE_MAX = 1600                     /* of a picture as it is shown */
};

extern const struct problem picture_refused; /* 422: too many pixels, broken, or nothing we decode */

/* "text/plain"; application/octet-stream when nobody can tell. */
must_check bool file_type_of(struct scope *s, struct str head, struct str *out);
must_check bool picture_of(struct scope *s, struct str file, struct str *webp);

/* The child: `yagura look type`, from its standard input to its standard output. */
int file_look_child(int argc, char **argv);

#endif
