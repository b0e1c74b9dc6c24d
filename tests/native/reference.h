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

#endif
