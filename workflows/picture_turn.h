/* picture_turn: how a camera was held. EXIF says with a number from 1 to 8 how the pixels of a JPEG, PNG or WebP have
 * to
 * be turned and mirrored to be seen as they were taken; a picture that says nothing, or nonsense, stands as it is. */
#ifndef YAGURA_WORKFLOWS_PICTURE_TURN_H
#define YAGURA_WORKFLOWS_PICTURE_TURN_H

#include "core/base/str.h"

enum { PICTURE_UPRIGHT = 1, PICTURE_TURNS = 8 };

int picture_turn(struct str file); /* 1 to 8 */

/* Where a pixel of the turned picture stands in the one that was sent, of the width and height that was sent. */
struct picture_place {
    int x, y;
};
struct picture_place picture_turned(int turn, int x, int y, int width, int height);

#endif
