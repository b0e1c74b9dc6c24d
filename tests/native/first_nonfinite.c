/* The search for the first number that is not finite, with each kind of them at every place. */
#include "check.h"
#include "data.h"
#include "suite.h"

#include <math.h>

static float data[256];

static void expect_position(const na_job *job, uint64_t tensor, uint64_t index)
{
    uint64_t t = 12345, i = 12345;
    na_expect_status(NA_OK, na_first_nonfinite_f32(job, &t, &i));
    if (t != tensor || i != index)
        na_fail("answers %llu, %llu; expected %llu, %llu", (unsigned long long)t, (unsigned long long)i,
                (unsigned long long)tensor, (unsigned long long)index);
}

void na_suite_first_nonfinite_is_the_first(const suite_call *c)
{
    static const uint32_t bad[] = {0x7f800000u, 0xff800000u, 0x7fc00000u, 0xffc00000u, 0x7f800001u, 0xff812345u};
    random_source r = {8};
    na_tensor tensors[3] = {{0}, {0}, {0}};
    na_job job = {c->kernels, NULL, tensors, 0, 3, 0, 0, NULL};
    for (size_t count = 0; count < 4 * 16 + 4; ++count) {
        const size_t offset = na_random_below(&r, 16);
        float *const g = data + offset;
        for (size_t i = 0; i < count + 40; ++i)
            g[i] = na_from_bits(i % 3 ? 0xff7fffffu : 0x00000001u);
        tensors[0].g = g + count;
        tensors[0].count = 19;
        tensors[2].g = g;
        tensors[2].count = count;
        for (size_t i = 0; i < count; ++i) {
            g[i] = na_from_bits(bad[na_random_below(&r, 6)]);
            if (i + 5 < count)
                g[i + 5] = NAN; /* a later one does not matter */
            na_note("element %d of %d at offset %d is %08x", (int)i, (int)count, (int)offset, na_bits(g[i]));
            job.begin = 0;
            job.end = 19 + count;
            expect_position(&job, 2, i);
            job.begin = 19 + i;
            expect_position(&job, 2, i);
            job.end = 19 + i + 1;
            expect_position(&job, 2, i);
            job.begin = 3;
            job.end = 19 + i;
            expect_position(&job, 3, 0);
            g[i] = 1.0f;
            if (i + 5 < count)
                g[i + 5] = 1.0f;
        }
        /* Far into a tensor whose beginning the range leaves out. */
        const uint64_t beyond = UINT64_C(1) << 32;
        na_note("the last of %d, 2^32 elements into its tensor", (int)count);
        if (count > 0) {
            g[count - 1] = NAN;
            tensors[2].g = (float *)((uintptr_t)g - (uintptr_t)(beyond * sizeof(float)));
            tensors[2].count = beyond + count;
            job.begin = 19 + beyond;
            job.end = job.begin + count;
            expect_position(&job, 2, beyond + count - 1);
            g[count - 1] = 1.0f;
            tensors[2].g = g;
            tensors[2].count = count;
        }
        na_note("none of %d", (int)count);
        job.begin = 0;
        job.end = 19 + count;
        expect_position(&job, 3, 0);
    }
}
