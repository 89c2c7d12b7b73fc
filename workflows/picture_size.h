/* picture_size: what a picture says of itself in its head, read before anybody decodes it: some hundred bytes can
 * announce gigabytes of pixels. PNG, JPEG, GIF, WebP and BMP; of anything else, and of a broken head, false. */
#ifndef YAGURA_WORKFLOWS_PICTURE_SIZE_H
#define YAGURA_WORKFLOWS_PICTURE_SIZE_H

#include "core/base/str.h"

enum picture_format { PICTURE_NONE, PICTURE_PNG, PICTURE_JPEG, PICTURE_GIF, PICTURE_WEBP, PICTURE_BMP };

struct picture_size {
    enum picture_format format;
    int64_t width, height; /* of a GIF: the larger of its screen and its first picture */
};

must_check bool picture_size_read(struct str file, struct picture_size *out);

#endif
