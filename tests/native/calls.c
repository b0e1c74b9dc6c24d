#include "calls.h"
#include "check.h"

#include <string.h>

answers na_answers = {{-1.0, -1.0, -1.0, -1.0}, 99, 99};

static int32_t sum_squares(const na_job *job)
{
    return na_sum_squares_f32(job, na_answers.sums, sizeof na_answers.sums / sizeof na_answers.sums[0]);
}

static int32_t first_nonfinite(const na_job *job)
{
    return na_first_nonfinite_f32(job, &na_answers.tensor, &na_answers.index);
}

const op na_reductions[REDUCTION_COUNT] = {
    {"sum_squares", sum_squares, NULL, G, 0, 0, 0, 0, 0},
    {"first_nonfinite", first_nonfinite, NULL, G, 0, 0, 0, 0, 0},
};

unsigned na_call_count(void)
{
    return na_op_count + REDUCTION_COUNT;
}

const op *na_call_at(unsigned i)
{
    return i < na_op_count ? &na_ops[i] : &na_reductions[i - na_op_count];
}

void na_expect_refused(const op *o, const na_job *job, const void *world, void *copy, size_t bytes, int32_t status)
{
    const answers before = na_answers;
    memcpy(copy, world, bytes);
    na_expect_status(status, o->run(job));
    if (memcmp(copy, world, bytes) != 0 || memcmp(&before, &na_answers, sizeof before) != 0)
        na_fail("the refused call changed something");
}
