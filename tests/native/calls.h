#ifndef NA_TEST_CALLS_H
#define NA_TEST_CALLS_H

#include "op.h"

#include <stddef.h>

/* What the reductions answer, of at most so many sums. */
typedef struct answers {
    double sums[4];
    uint64_t tensor, index;
} answers;

extern answers na_answers;

/* All functions that take a job: the ops, then the reductions, which answer in na_answers and have no reference. */
enum { SUM_SQUARES, FIRST_NONFINITE, REDUCTION_COUNT };

extern const op na_reductions[REDUCTION_COUNT];

unsigned na_call_count(void);
const op *na_call_at(unsigned i);

/* A call that must be refused with this status and leave the answers and so many bytes as they were. */
void na_expect_refused(const op *o, const na_job *job, const void *world, void *copy, size_t bytes, int32_t status);

#endif
