/* fuzz: what libFuzzer calls. Each fuzz_NAME.c defines it for one parser of bytes from outside. */
#ifndef YAGURA_TESTS_FUZZ_H
#define YAGURA_TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
