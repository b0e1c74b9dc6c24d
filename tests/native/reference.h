#ifndef NA_TEST_REFERENCE_H
#define NA_TEST_REFERENCE_H

#include "native_adamax.h"

/* The formulas of native_adamax.h, one element at a time, for elements begin to end - 1 of a tensor. */
#define NA_OP(name, needs, takes, writes, scalars, flags, most_steps)                                                  \
    void na_reference_##name(const na_scalars *k, const na_tensor *t, uint64_t begin, uint64_t end);
#include "ops.def"
#undef NA_OP

/* The sum of the squares of count elements, at most NA_SUM_BLOCK of them, that start a block. */
double na_reference_sum_squares(const float *g, uint64_t count);

/* Philox4x32-10. */
void na_reference_philox(const uint32_t counter[4], const uint32_t key[2], uint32_t words[4]);

/* The number that rounds element i of a stream: 0 for w, in the order of na_packing. */
uint32_t na_reference_random(const na_packing *key, int stream, uint64_t i);

/* The value of a binary16 number. */
float na_reference_from_f16(uint32_t h);

/*
 * Elements begin to end - 1 of a packed stream from and to floats, of which the first is element begin. Where there are
 * blocks, begin is the start of one.
 */
void na_reference_unpack(const na_packed *p, float *floats, uint64_t begin, uint64_t end);
void na_reference_pack(const na_packed *p, const float *floats, uint64_t begin, uint64_t end, const na_packing *key,
                       int stream);

#endif
