/*
 * Every argument of packed streams that the header calls an error, one at a time in a job that is right otherwise, for
 * every function that takes a job; and what is no error. A refused call must leave all it was given as it was.
 */
#include "calls.h"
#include "check.h"
#include "packed.h"
#include "suite.h"

#include <string.h>

enum { COUNT = NA_BLOCK + 44, TENSORS = 2, ELEMENTS = 2 * COUNT };

/* Everything that a call can reach. */
typedef struct world {
    _Alignas(64) float scratch[NA_SCRATCH];
    uint32_t data[TENSORS][PACKED_COUNT][COUNT];
    uint32_t beside[TENSORS][PACKED_COUNT][COUNT];
    float floats[STREAM_COUNT][COUNT];
    na_packing packings[TENSORS];
    na_tensor tensors[TENSORS];
    na_scalars rows[1];
    na_job job;
} world;

static world now, before;

static na_packed *packed(int tensor, int stream)
{
    return na_packed_stream(&now.packings[tensor], stream);
}

static void set_format(int tensor, int stream, uint32_t format)
{
    packed(tensor, stream)->format = format;
    packed(tensor, stream)->book = na_book(format, 0);
}

/* A job that every function accepts, with all streams in this format, or in bf16 where the copy cannot have it. */
static void reset(const suite_call *c, uint32_t format)
{
    random_source r = {22};
    memset(&now, 0, sizeof now);
    now.rows[0] = na_make_row(0, 0, &r);
    for (int t = 0; t < TENSORS; ++t) {
        for (int s = 0; s < PACKED_COUNT; ++s) {
            packed(t, s)->data = now.data[t][s];
            packed(t, s)->beside = now.beside[t][s];
            set_format(t, s, s == COPY && format > NA_BF16_RANDOM ? NA_BF16 : format);
        }
        now.tensors[t].packing = &now.packings[t];
        now.tensors[t].count = COUNT;
    }
    now.job.kernels = c->kernels;
    now.job.rows = now.rows;
    now.job.tensors = now.tensors;
    now.job.row_count = 1;
    now.job.tensor_count = TENSORS;
    now.job.end = ELEMENTS;
    now.job.scratch = now.scratch;
}

/* Calls with what was made of the job, expects the status, and makes the job right again. */
static void refused(const suite_call *c, const op *o, uint32_t format, int stream, const char *why, int32_t status)
{
    na_note("%s, format %d, stream %d: %s", o->name, (int)format, stream, why);
    na_expect_refused(o, &now.job, &now, &before, sizeof now, status);
    reset(c, format);
}

static void accepted(const op *o, const char *what)
{
    na_note("%s: %s", o->name, what);
    na_expect_status(NA_OK, o->run(&now.job));
}

/* Whether an op uses a stream of the packing. */
static int uses(const op *o, int stream)
{
    return stream == COPY ? (o->writes & W) != 0 : ((o->needs | o->takes) & 1u << stream) != 0;
}

static void refuse_stream(const suite_call *c, const op *o, uint32_t format, int s)
{
    static const uint32_t unknown[] = {0, NA_BOOK4 + 1, 1000, UINT32_MAX};
    const size_t data = na_data_alignment(format), beside = na_beside_alignment(format);
    const int t = TENSORS - 1;
    for (int i = 0; i < 4; ++i) {
        packed(t, s)->format = unknown[i];
        refused(c, o, format, s, "the format is none", NA_ERROR_FORMAT);
    }
    for (uint32_t other = NA_BF16_REST16; other <= NA_BOOK4 && s == COPY; ++other) {
        set_format(t, s, other);
        refused(c, o, format, s, "the format is not one of a copy", NA_ERROR_FORMAT);
    }
    if (s != COPY) {
        na_set_stream(&now.tensors[t], s, now.floats[s]);
        refused(c, o, format, s, "the stream is packed and floats", NA_ERROR_FORMAT);
        packed(t, s)->data = NULL;
        if (o->needs & 1u << s)
            refused(c, o, format, s, "the stream is nowhere", NA_ERROR_NULL);
        packed(t, s)->data = NULL;
        na_set_stream(&now.tensors[t], s, (float *)((uintptr_t)now.floats[s] + 2));
        refused(c, o, format, s, "floats beside packed streams are not aligned", NA_ERROR_ALIGNMENT);
    }
    for (size_t bytes = 1; bytes < data; ++bytes) {
        packed(t, s)->data = (char *)now.data[t][s] + bytes;
        refused(c, o, format, s, "the data is not aligned", NA_ERROR_ALIGNMENT);
    }
    for (size_t bytes = 1; bytes < beside && s != COPY; ++bytes) {
        packed(t, s)->beside = (char *)now.beside[t][s] + bytes;
        refused(c, o, format, s, "what is beside is not aligned", NA_ERROR_ALIGNMENT);
    }
    if (beside != 0 && s != COPY) {
        packed(t, s)->beside = NULL;
        refused(c, o, format, s, "nothing is beside", NA_ERROR_NULL);
    }
    if (na_format_has_book(format) && s != COPY) {
        packed(t, s)->book = NULL;
        refused(c, o, format, s, "there is no book", NA_ERROR_NULL);
        packed(t, s)->book = (const float *)((uintptr_t)na_book(format, 0) + 1);
        refused(c, o, format, s, "the book is not aligned", NA_ERROR_ALIGNMENT);
    }
}

void na_suite_bad_packed_stream_is_refused(const suite_call *c)
{
    for (uint32_t format = NA_BF16; format <= NA_BOOK4; ++format) {
        reset(c, format);
        for (unsigned f = 0; f < na_call_count(); ++f)
            for (int s = 0; s < PACKED_COUNT; ++s)
                if (uses(na_call_at(f), s))
                    refuse_stream(c, na_call_at(f), format, s);
    }
}

void na_suite_bad_scratch_is_refused(const suite_call *c)
{
    reset(c, NA_BF16);
    for (unsigned f = 0; f < na_call_count(); ++f) {
        now.job.scratch = NULL;
        refused(c, na_call_at(f), NA_BF16, 0, "there is no scratch memory", NA_ERROR_NULL);
        for (int floats = 1; floats < 16; ++floats) {
            now.job.scratch = now.scratch + floats;
            refused(c, na_call_at(f), NA_BF16, 0, "scratch memory is not aligned to 64 bytes", NA_ERROR_ALIGNMENT);
        }
    }
}

/* Ranges that begin or end inside a block, at both of the tensors. */
void na_suite_range_that_cuts_a_block_is_refused(const suite_call *c)
{
    static const uint64_t cuts[] = {1,         2,         NA_BLOCK / 2,         NA_BLOCK - 1,         NA_BLOCK + 1,
                                    COUNT - 2, COUNT + 2, COUNT + NA_BLOCK / 2, COUNT + NA_BLOCK + 1, ELEMENTS - 1};
    static const uint64_t borders[] = {0, NA_BLOCK, COUNT, COUNT + NA_BLOCK, ELEMENTS};
    for (uint32_t format = NA_SOFTSIGN8; format <= NA_BOOK4; ++format)
        for (unsigned f = 0; f < na_call_count(); ++f) {
            const op *o = na_call_at(f);
            for (int s = 0; s < STREAM_COUNT; ++s) {
                for (size_t i = 0; i < sizeof cuts / sizeof cuts[0] && uses(o, s); ++i) {
                    for (int other = 0; other < 3; ++other) {
                        reset(c, NA_BF16);
                        set_format(0, s, format);
                        set_format(1, s, format);
                        now.job.begin = other == 0 ? 0 : cuts[i];
                        now.job.end = other == 1 ? ELEMENTS : cuts[i];
                        refused(c, o, NA_BF16, s, "a range cuts a block", NA_ERROR_RANGE);
                    }
                }
            }
            for (int i = 0; i < 5 && o != &na_reductions[SUM_SQUARES]; ++i)
                for (int j = i; j < 5; ++j) {
                    reset(c, format);
                    now.job.begin = borders[i];
                    now.job.end = borders[j];
                    accepted(o, "a range of whole blocks");
                }
        }
}

void na_suite_what_is_not_packed_needs_no_packing(const suite_call *c)
{
    for (unsigned f = 0; f < na_call_count(); ++f) {
        const op *o = na_call_at(f);
        static const na_tensor empty;
        na_packing nothing = {0};
        reset(c, NA_BF16);
        for (int s = 0; s < PACKED_COUNT; ++s)
            if (!uses(o, s)) {
                packed(0, s)->data = (void *)(uintptr_t)1;
                packed(0, s)->format = 77;
            }
        accepted(o, "streams that it does not use are not looked at");
        reset(c, NA_BOOK8);
        now.tensors[0] = empty;
        now.tensors[0].packing = &nothing;
        now.job.end = COUNT;
        accepted(o, "an empty tensor has no streams");
        reset(c, NA_BOOK8);
        now.tensors[0] = now.tensors[1] = empty;
        now.tensors[0].packing = now.tensors[1].packing = &nothing;
        now.job.end = 0;
        now.job.scratch = NULL;
        accepted(o, "empty tensors need no scratch memory");
    }
}

/* The same floats with a packing that packs nothing, and without. */
void na_suite_packing_of_nothing_changes_nothing(const suite_call *c)
{
    random_source r = {23};
    for (unsigned f = 0; f < na_op_count; ++f) {
        const op *o = &na_ops[f];
        reset(c, NA_BF16);
        memset(now.packings, 0, sizeof now.packings);
        now.rows[0] = na_make_row(o->scalars, o->flags, &r);
        now.job.tensor_count = 1;
        now.job.end = COUNT;
        for (int s = 0; s < STREAM_COUNT; ++s) {
            na_fill(now.floats[s], COUNT, s, ORDINARY, &r);
            if (uses(o, s))
                na_set_stream(&now.tensors[0], s, now.floats[s]);
        }
        memcpy(&before, &now, sizeof now);
        accepted(o, "a packing of nothing");
        for (int s = 0; s < STREAM_COUNT; ++s) {
            float with[COUNT];
            memcpy(with, now.floats[s], sizeof with);
            memcpy(now.floats[s], before.floats[s], sizeof with);
            memcpy(before.floats[s], with, sizeof with);
        }
        now.tensors[0].packing = NULL;
        now.job.scratch = NULL;
        accepted(o, "no packing");
        for (int s = 0; s < STREAM_COUNT; ++s)
            if (na_first_difference(before.floats[s], now.floats[s], COUNT) < COUNT)
                na_fail("%c is not the same", na_stream_name(s));
    }
}
