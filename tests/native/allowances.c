/* What a call does not need may be missing: other streams, empty tensors, rows where they are not read, a range. */
#include "check.h"
#include "data.h"
#include "suite.h"

#include <string.h>

enum { COUNT = 21 };

void na_suite_what_is_not_needed_may_be_null(const suite_call *c)
{
    static float streams[STREAM_COUNT][COUNT], before[STREAM_COUNT][COUNT];
    random_source r = {10};
    const na_scalars row = na_make_row(0, 0, &r);
    double sum = -1.0;
    uint64_t tensor = 99, index = 99;
    for (unsigned f = 0; f < na_op_count; ++f) {
        const op *o = &na_ops[f];
        na_tensor tensors[3];
        na_job job = {c->kernels, &row, tensors, 1, 3, 0, COUNT, NULL};
        memset(tensors, 0, sizeof tensors);
        tensors[1].count = COUNT;
        tensors[1].steps = o->most_steps > 0;
        for (int s = 0; s < STREAM_COUNT; ++s) {
            na_fill(streams[s], COUNT, s, ORDINARY, &r);
            if (o->needs & 1u << s)
                na_set_stream(&tensors[1], s, streams[s]);
        }
        memcpy(before, streams, sizeof before);
        na_note("%s with an empty range", o->name);
        job.begin = job.end = 7;
        na_expect_status(NA_OK, o->run(&job));
        if (memcmp(before, streams, sizeof before) != 0)
            na_fail("an empty range changed something");
        na_note("%s between empty tensors without streams", o->name);
        job.begin = 0;
        job.end = COUNT;
        na_expect_status(NA_OK, o->run(&job));
        if (memcmp(before, streams, sizeof before) == 0)
            na_fail("nothing was done");
        na_note("%s without tensors", o->name);
        job.tensors = NULL;
        job.tensor_count = job.end = 0;
        na_expect_status(NA_OK, o->run(&job));
    }

    na_job none = {c->kernels, NULL, NULL, 0, 0, 0, 0, NULL};
    na_note("reductions without tensors, rows and outputs");
    na_expect_status(NA_OK, na_sum_squares_f32(&none, NULL, 0));
    na_expect_status(NA_OK, na_sum_squares_f32(&none, &sum, 1));
    na_expect_status(NA_OK, na_first_nonfinite_f32(&none, &tensor, &index));
    if (sum != -1.0 || tensor != 0 || index != 0)
        na_fail("sum %g, tensor %d, index %d", sum, (int)tensor, (int)index);
}
