/* The sums of squares against the header's rule, for one tensor and for parts of many. */
#include "check.h"
#include "data.h"
#include "reference.h"
#include "suite.h"

#include <math.h>
#include <string.h>

enum { MOST = 3 * NA_SUM_BLOCK + 100, TENSORS = 12, BLOCKS = 64 };

static float data[TENSORS * (NA_SUM_BLOCK + 64) + MOST];

static int same_double(double a, double b)
{
    return memcmp(&a, &b, sizeof a) == 0 || (isnan(a) && isnan(b));
}

/* The job over one tensor. */
static na_job over(const suite_call *c, const na_tensor *t)
{
    na_job job = {c->kernels, NULL, t, 0, 1, 0, 0, NULL};
    job.end = t->count;
    return job;
}

/* Sums a range and compares; block_sums must stay as they were behind the last block. Answers the number of blocks. */
static uint64_t check_sums(const na_job *job)
{
    double sums[BLOCKS + 1];
    uint64_t blocks = 0, start = 0;
    for (int i = 0; i <= BLOCKS; ++i)
        sums[i] = -1.0;
    na_expect_status(NA_OK, na_sum_squares_f32(job, sums, BLOCKS));
    for (uint64_t i = 0; i < job->tensor_count; start += job->tensors[i].count, ++i) {
        const na_tensor *t = &job->tensors[i];
        for (uint64_t at = 0; at < t->count; at += NA_SUM_BLOCK) {
            const uint64_t left = t->count - at;
            double right;
            if (start + at < job->begin || start + at >= job->end)
                continue;
            right = na_reference_sum_squares(t->g + at, left < NA_SUM_BLOCK ? left : NA_SUM_BLOCK);
            if (!same_double(sums[blocks], right))
                na_fail("sum %d is %.17g, expected %.17g", (int)blocks, sums[blocks], right);
            ++blocks;
        }
    }
    if (sums[blocks] != -1.0)
        na_fail("there are %d blocks, and the sum behind them was changed to %.17g", (int)blocks, sums[blocks]);
    return blocks;
}

static void check_length(const suite_call *c, size_t count, random_source *r)
{
    for (int kind = 0; kind < DATA_KINDS; ++kind) {
        na_tensor t = {0};
        const size_t offset = na_random_below(r, 16);
        na_fill(data + offset, count, 1, (data_kind)kind, r);
        t.g = data + offset;
        t.count = count;
        na_note("%d elements at offset %d, data kind %d", (int)count, (int)offset, kind);
        const na_job job = over(c, &t);
        check_sums(&job);
    }
}

/* A sum is not finite if, and only if, an element is not: also where every square overflows a float. */
static void check_finiteness(const suite_call *c, size_t count)
{
    na_tensor t = {0};
    double sum = 0.0;
    for (size_t i = 0; i < count; ++i)
        data[i] = na_from_bits(0x7f7fffffu);
    t.g = data;
    t.count = count;
    const na_job job = over(c, &t);
    na_note("%d of the largest floats", (int)count);
    na_expect_status(NA_OK, na_sum_squares_f32(&job, &sum, 1));
    if (!isfinite(sum))
        na_fail("the sum is %g", sum);
    for (size_t i = 0; i < count; ++i) {
        data[i] = i % 2 ? INFINITY : NAN;
        na_expect_status(NA_OK, na_sum_squares_f32(&job, &sum, 1));
        if (isfinite(sum))
            na_fail("the sum is %g with element %d not finite", sum, (int)i);
        data[i] = na_from_bits(0x7f7fffffu);
    }
}

void na_suite_sum_squares_follows_the_header(const suite_call *c)
{
    random_source r = {6};
    for (size_t count = 0; count < 4 * 32 + 4; ++count)
        check_length(c, count, &r);
    check_length(c, 1000, &r);
    for (size_t count = NA_SUM_BLOCK - 2; count < NA_SUM_BLOCK + 3; ++count)
        check_length(c, count, &r);
    check_length(c, MOST, &r);
    check_finiteness(c, 1);
    check_finiteness(c, 67);
    check_finiteness(c, NA_SUM_BLOCK);
}

/* Tensors of random sizes, and offsets into data that keep them apart. */
static uint64_t make_tensors(na_tensor *tensors, random_source *r)
{
    static const uint32_t counts[] = {0, 1, 33, 500, NA_SUM_BLOCK - 1, NA_SUM_BLOCK, NA_SUM_BLOCK + 1};
    uint64_t total = 0;
    memset(tensors, 0, TENSORS * sizeof *tensors);
    na_fill(data, sizeof data / sizeof data[0], 1, ORDINARY, r);
    for (int i = 0; i < TENSORS; ++i) {
        tensors[i].count = counts[na_random_below(r, sizeof counts / sizeof counts[0])];
        tensors[i].g = tensors[i].count > 0 ? data + total + i : NULL;
        tensors[i].row = 77; /* rows are not read */
        total += tensors[i].count;
    }
    return total;
}

/* The next element after `from` where a block begins or a tensor ends. */
static uint64_t next_border(const na_tensor *tensors, uint64_t from)
{
    uint64_t start = 0;
    int i = 0;
    while (start + tensors[i].count <= from)
        start += tensors[i++].count;
    const uint64_t next = start + ((from - start) / NA_SUM_BLOCK + 1) * NA_SUM_BLOCK;
    return next < start + tensors[i].count ? next : start + tensors[i].count;
}

void na_suite_sum_squares_of_parts_is_the_same(const suite_call *c)
{
    random_source r = {7};
    for (int round = 0; round < (c->quick ? 10 : 200); ++round) {
        na_tensor tensors[TENSORS];
        const uint64_t total = make_tensors(tensors, &r);
        na_job job = {c->kernels, NULL, tensors, 0, TENSORS, 0, 0, NULL};
        uint64_t blocks = 0;
        while (job.end < total) {
            job.begin = job.end;
            do
                job.end = next_border(tensors, job.end);
            while (job.end < total && na_random_below(&r, 2));
            na_note("round %d, elements %d to %d of %d", round, (int)job.begin, (int)job.end, (int)total);
            blocks += check_sums(&job);
        }
        job.begin = 0;
        na_note("round %d, all of %d elements", round, (int)total);
        if (check_sums(&job) != blocks)
            na_fail("the parts have %d blocks", (int)blocks);
    }
}
