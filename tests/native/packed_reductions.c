/* The reductions of packed gradients: those of the floats that they unpack to. */
#include "check.h"
#include "packed.h"
#include "reference.h"
#include "suite.h"

#include <math.h>
#include <string.h>

enum { COUNT = 5000 };

static float floats[2][COUNT];
static uint16_t data[2][COUNT];
static float beside[2][COUNT];

/* Two tensors in a format, of floats that stand in the array above as well, as what they unpack to. */
typedef struct gradients {
    na_packing packings[2];
    na_tensor tensors[2];
    na_job job;
} gradients;

static void make(const suite_call *c, gradients *g, uint32_t format, size_t count)
{
    const na_job job = {c->kernels, NULL, g->tensors, 0, 2, 0, 2 * count, na_scratch()};
    g->job = job;
    memset(g->packings, 0, sizeof g->packings);
    memset(g->tensors, 0, sizeof g->tensors);
    for (int i = 0; i < 2; ++i) {
        const na_packed p = {data[i], na_beside_alignment(format) ? beside[i] : NULL, na_book(format, 0), format, 0};
        g->packings[i].g = p;
        g->tensors[i].packing = &g->packings[i];
        g->tensors[i].count = count;
        na_reference_pack(&p, floats[i], 0, count, &g->packings[i], 1);
        na_reference_unpack(&p, floats[i], 0, count);
    }
}

void na_suite_sum_squares_of_packed_gradients_is_that_of_floats(const suite_call *c)
{
    static const size_t counts[] = {0, 1, 77, NA_BLOCK, NA_SUM_BLOCK - 1, NA_SUM_BLOCK, NA_SUM_BLOCK + 1, COUNT};
    random_source r = {14};
    gradients g;
    for (uint32_t format = NA_BF16; format <= NA_BOOK4; ++format)
        for (size_t i = 0; i < 2 * (sizeof counts / sizeof counts[0]); ++i) {
            const size_t count = counts[i / 2];
            double sums[5] = {-1.0, -1.0, -1.0, -1.0, -1.0};
            int blocks = 0;
            na_fill(floats[0], COUNT, 1, i % 2 ? SPRINKLED : ORDINARY, &r);
            na_fill(floats[1], COUNT, 1, ORDINARY, &r);
            make(c, &g, format, count);
            na_note("format %d, two tensors of %d", (int)format, (int)count);
            na_expect_status(NA_OK, na_sum_squares_f32(&g.job, sums, 4));
            for (int t = 0; t < 2; ++t)
                for (size_t at = 0; at < count; at += NA_SUM_BLOCK, ++blocks) {
                    const size_t n = count - at < NA_SUM_BLOCK ? count - at : NA_SUM_BLOCK;
                    const double right = na_reference_sum_squares(floats[t] + at, n);
                    if (!(sums[blocks] == right || (isnan(sums[blocks]) && isnan(right))))
                        na_fail("sum %d is %.17g, expected %.17g", blocks, sums[blocks], right);
                }
            if (sums[blocks] != -1.0)
                na_fail("there is a sum too many");
        }
}

static size_t first_nonfinite(const float *x, size_t begin, size_t end)
{
    while (begin < end && isfinite(x[begin]))
        ++begin;
    return begin;
}

void na_suite_first_nonfinite_of_packed_gradients_is_the_first(const suite_call *c)
{
    random_source r = {15};
    gradients g;
    for (uint32_t format = NA_BF16; format <= NA_BOOK4; ++format)
        for (int i = 0; i < (c->quick ? 20 : 300); ++i) {
            const uint32_t count = 1 + na_random_below(&r, COUNT), grain = na_format_has_blocks(format) ? NA_BLOCK : 1;
            const uint64_t begin = na_random_below(&r, count) / grain * grain;
            const int bad = (int)na_random_below(&r, 4);
            uint64_t tensor = 77, index = 77, expected;
            na_fill(floats[0], count, 1, ORDINARY, &r);
            na_fill(floats[1], count, 1, ORDINARY, &r);
            for (int n = 0; n < bad; ++n)
                floats[n % 2][na_random_below(&r, count)] = na_random_below(&r, 2) ? NAN : -INFINITY;
            make(c, &g, format, count);
            g.job.begin = begin;
            expected = first_nonfinite(floats[0], begin, count);
            if (expected == count)
                expected += first_nonfinite(floats[1], 0, count);
            na_note("format %d, two tensors of %d, from %d on", (int)format, (int)count, (int)begin);
            na_expect_status(NA_OK, na_first_nonfinite_f32(&g.job, &tensor, &index));
            if (expected == 2 * count ? tensor != 2 || index != 0
                                      : tensor * count + index != expected || index >= count)
                na_fail("answers %d, %d, expected element %d", (int)tensor, (int)index, (int)expected);
        }
}
