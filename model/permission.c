#include "model/permission.h"

#define P true
#define B false
#define PERMISSION_ROW(id, words, en_title, ja_title, side)                                           \
    [FUNCTION_##id] = { .spelling = words, .title = { .en = en_title, .ja = ja_title }, .provider_only = side },
const struct permission_function permission_functions[FUNCTION_COUNT] = { PERMISSION_FUNCTIONS(PERMISSION_ROW) };
#undef PERMISSION_ROW
#undef P
#undef B

_Static_assert((int)FUNCTION_COUNT <= (int)PERMISSION_FUNCTIONS_MAX, "a principal has room for every function");
