/*
 * Every argument that the header calls an error, one at a time in a job that is right otherwise, for every function
 * that takes a job. A refused call must leave all it was given as it was.
 */
#include "calls.h"
#include "check.h"
#include "data.h"
#include "suite.h"

#include <string.h>

enum { COUNT = 40, TENSORS = 3 };

/* Everything that a call can reach. */
typedef struct world {
    float streams[TENSORS][STREAM_COUNT][COUNT + 1];
    na_tensor tensors[TENSORS];
    na_scalars rows[2];
    na_job job;
} world;

static world now, before;

static int reads_rows(const op *o)
{
    return o->reference != NULL;
}

/* A job that every function accepts. */
static void reset(const suite_call *c)
{
    random_source r = {9};
    memset(&now, 0, sizeof now);
    for (int i = 0; i < 2; ++i)
        now.rows[i] = na_make_row(0x7ff, NA_ZERO_GRAD, &r);
    for (int i = 0; i < TENSORS; ++i) {
        for (int s = 0; s < STREAM_COUNT; ++s) {
            na_fill(now.streams[i][s], COUNT + 1, s, ORDINARY, &r);
            na_set_stream(&now.tensors[i], s, now.streams[i][s]);
        }
        now.tensors[i].count = COUNT;
        now.tensors[i].row = (uint32_t)i % 2;
    }
    now.job.kernels = c->kernels;
    now.job.rows = now.rows;
    now.job.tensors = now.tensors;
    now.job.row_count = 2;
    now.job.tensor_count = TENSORS;
    now.job.end = TENSORS * COUNT;
}

/* Calls with what was made of the job, expects the status, and makes the job right again. */
static void refused(const suite_call *c, const op *o, const char *why, int32_t status)
{
    na_note("%s: %s", o->name, why);
    na_expect_refused(o, &now.job, &now, &before, sizeof now, status);
    reset(c);
}

void na_suite_null_is_refused(const suite_call *c)
{
    const na_layout_entry *entries;
    uint64_t count;
    int32_t isa;
    reset(c);
    for (unsigned f = 0; f < na_call_count(); ++f) {
        const op *o = na_call_at(f);
        na_note("%s: no job", o->name);
        na_expect_status(NA_ERROR_NULL, o->run(NULL));
        now.job.kernels = NULL;
        refused(c, o, "no kernels", NA_ERROR_NULL);
        now.job.tensors = NULL;
        refused(c, o, "no tensors", NA_ERROR_NULL);
        now.job.rows = NULL;
        if (reads_rows(o))
            refused(c, o, "no rows", NA_ERROR_NULL);
        for (int s = 0; s < STREAM_COUNT; ++s)
            for (int i = 0; i < TENSORS && o->needs & 1u << s; ++i) {
                na_set_stream(&now.tensors[i], s, NULL);
                refused(c, o, "a stream that it needs is null", NA_ERROR_NULL);
            }
    }
    na_note("an output is null");
    na_expect_status(NA_ERROR_NULL, na_sum_squares_f32(&now.job, NULL, TENSORS));
    na_expect_status(NA_ERROR_NULL, na_first_nonfinite_f32(&now.job, NULL, &na_answers.index));
    na_expect_status(NA_ERROR_NULL, na_first_nonfinite_f32(&now.job, &na_answers.tensor, NULL));
    na_expect_status(NA_ERROR_NULL, na_kernels_open(NA_ISA_BEST, NULL));
    na_expect_status(NA_ERROR_NULL, na_kernels_isa(NULL, &isa));
    na_expect_status(NA_ERROR_NULL, na_kernels_isa(c->kernels, NULL));
    na_expect_status(NA_ERROR_NULL, na_layout(NULL, &count));
    na_expect_status(NA_ERROR_NULL, na_layout(&entries, NULL));
    if (na_answers.index != 99 || na_answers.tensor != 99)
        na_fail("a refused call changed an output");
}

static void set_range(uint64_t begin, uint64_t end)
{
    now.job.begin = begin;
    now.job.end = end;
}

void na_suite_bad_range_is_refused(const suite_call *c)
{
    static const uint64_t too_many[] = {UINT64_C(1) << 62, UINT64_C(1) << 63, UINT64_MAX};
    reset(c);
    for (unsigned f = 0; f < na_call_count(); ++f) {
        const op *o = na_call_at(f);
        set_range(COUNT, 0);
        refused(c, o, "begin > end", NA_ERROR_RANGE);
        set_range(0, TENSORS * COUNT + 1);
        refused(c, o, "end beyond the tensors", NA_ERROR_RANGE);
        set_range(TENSORS * COUNT + 1, TENSORS * COUNT + 1);
        refused(c, o, "begin beyond the tensors", NA_ERROR_RANGE);
        set_range(0, UINT64_MAX);
        refused(c, o, "the largest end", NA_ERROR_RANGE);
        now.job.tensor_count = 0;
        refused(c, o, "a range of no tensors", NA_ERROR_RANGE);
        for (int i = 0; i < 3; ++i) {
            now.tensors[1].count = too_many[i];
            refused(c, o, "a count that memory cannot hold", NA_ERROR_RANGE);
        }
        for (int i = 0; i < TENSORS; ++i)
            now.tensors[i].count = (UINT64_C(1) << 62) - 1;
        now.tensors[0].row = now.tensors[1].row = 0;
        set_range(UINT64_MAX - 1, UINT64_MAX);
        refused(c, o, "an end beyond three of the largest tensors", NA_ERROR_RANGE);
    }
    set_range(1, COUNT);
    refused(c, &na_reductions[SUM_SQUARES], "squares from the middle of a block", NA_ERROR_RANGE);
    set_range(0, COUNT - 1);
    refused(c, &na_reductions[SUM_SQUARES], "squares to the middle of a block", NA_ERROR_RANGE);
    set_range(COUNT + 1, COUNT + 1);
    refused(c, &na_reductions[SUM_SQUARES], "no squares in the middle of a block", NA_ERROR_RANGE);
    set_range(COUNT, 2 * COUNT + 1);
    refused(c, &na_reductions[SUM_SQUARES], "squares to the middle of the next tensor's block", NA_ERROR_RANGE);
}

void na_suite_bad_row_is_refused(const suite_call *c)
{
    static const uint32_t rows[] = {2, 3, UINT32_MAX};
    reset(c);
    for (unsigned f = 0; f < na_op_count; ++f) {
        for (int i = 0; i < TENSORS; ++i)
            for (int j = 0; j < 3; ++j) {
                now.tensors[i].row = rows[j];
                refused(c, &na_ops[f], "a tensor's row is not below row_count", NA_ERROR_ROW);
            }
        for (uint32_t row = 0; row < 2; ++row) {
            now.tensors[1].row = row;
            now.tensors[1].steps = 3 - row;
            refused(c, &na_ops[f], "a tensor's steps go beyond the rows", NA_ERROR_ROW);
        }
        now.job.row_count = 0;
        refused(c, &na_ops[f], "there are no rows", NA_ERROR_ROW);
    }
}

void na_suite_misaligned_stream_is_refused(const suite_call *c)
{
    reset(c);
    for (unsigned f = 0; f < na_call_count(); ++f) {
        const op *o = na_call_at(f);
        for (int s = 0; s < STREAM_COUNT; ++s)
            for (uintptr_t bytes = 1; bytes < 4 && (o->needs | o->takes) & 1u << s; ++bytes) {
                na_set_stream(&now.tensors[1], s, (float *)((uintptr_t)now.streams[1][s] + bytes));
                refused(c, o, "a stream is not aligned to a float", NA_ERROR_ALIGNMENT);
            }
    }
}

void na_suite_unknown_isa_is_refused(const suite_call *c)
{
    static const int32_t unknown[] = {-1, NA_ISA_NEON + 1, 1000, INT32_MIN, INT32_MAX};
    const na_kernels *kernels = c->portable;
    for (int i = 0; i < 5; ++i) {
        na_note("instruction set %d", (int)unknown[i]);
        na_expect_status(NA_ERROR_ISA, na_kernels_open(unknown[i], &kernels));
    }
#if defined(__aarch64__) || defined(_M_ARM64)
    na_expect_status(NA_ERROR_ISA, na_kernels_open(NA_ISA_AVX2, &kernels));
    na_expect_status(NA_ERROR_ISA, na_kernels_open(NA_ISA_AVX512, &kernels));
#else
    na_expect_status(NA_ERROR_ISA, na_kernels_open(NA_ISA_NEON, &kernels));
#endif
    if (kernels != c->portable)
        na_fail("a refused call changed the kernels");
}

void na_suite_foreign_kernels_are_refused(const suite_call *c)
{
    int32_t isa = 99;
    reset(c);
    for (unsigned f = 0; f < na_call_count(); ++f) {
        now.job.kernels = (const na_kernels *)(const void *)&now;
        refused(c, na_call_at(f), "kernels that are not the library's", NA_ERROR_KERNELS);
        now.job.kernels = (const na_kernels *)(uintptr_t)1;
        refused(c, na_call_at(f), "kernels that point to nothing", NA_ERROR_KERNELS);
    }
    na_expect_status(NA_ERROR_KERNELS, na_kernels_isa((const na_kernels *)(uintptr_t)1, &isa));
    if (isa != 99)
        na_fail("a refused call changed the instruction set");
}

void na_suite_small_capacity_is_refused(const suite_call *c)
{
    const answers untouched = na_answers;
    reset(c);
    for (uint64_t capacity = 0; capacity < TENSORS; ++capacity) {
        na_note("%d sums for %d blocks", (int)capacity, TENSORS);
        na_expect_status(NA_ERROR_CAPACITY, na_sum_squares_f32(&now.job, na_answers.sums, capacity));
        if (memcmp(&untouched, &na_answers, sizeof untouched) != 0)
            na_fail("the refused call changed something");
    }
    na_note("as many sums as blocks");
    na_expect_status(NA_OK, na_sum_squares_f32(&now.job, na_answers.sums, TENSORS));
}
