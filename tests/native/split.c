/*
 * Many tensors of all sizes, with rows and streams of their own, and ranges that begin and end anywhere: one call, and
 * the same range in pieces, against the formulas. What lies outside the range must not change.
 */
#include "check.h"
#include "data.h"
#include "suite.h"

#include <string.h>

enum { TENSORS = 40, ROWS = 4, ROOM = 48 * 1024, MOST = 40 * 1024 };

static float before[STREAM_COUNT][ROOM], got[STREAM_COUNT][ROOM], expected[STREAM_COUNT][ROOM];

typedef struct split_case {
    na_scalars rows[ROWS];
    uint64_t tensor_count, total, begin, end;
    uint64_t count[TENSORS];
    uint32_t row[TENSORS], steps[TENSORS];
    unsigned streams[TENSORS];
    size_t start[TENSORS][STREAM_COUNT];
    size_t used[STREAM_COUNT];
} split_case;

static uint64_t some_count(random_source *r)
{
    static const uint32_t around[] = {0, 1, 8, 16, 32, 64, 128, 1024, NA_SUM_BLOCK};
    const uint32_t n = around[na_random_below(r, sizeof around / sizeof around[0])];
    switch (na_random_below(r, 4)) {
    case 0:
        return n + na_random_below(r, 4);
    case 1:
        return n > 0 ? n - 1 : 0;
    case 2:
        return na_random_below(r, 200);
    default:
        return n;
    }
}

static void make_case(const suite_call *c, split_case *s, random_source *r)
{
    memset(s, 0, sizeof *s);
    for (int i = 0; i < ROWS; ++i)
        s->rows[i] = na_make_row((unsigned)na_random(r) & (unsigned)na_random(r) & c->op->scalars,
                                 (uint32_t)na_random(r) & c->op->flags, r);
    const uint64_t wanted = 1 + na_random_below(r, TENSORS);
    while (s->tensor_count < wanted && s->total < MOST - 2 * NA_SUM_BLOCK) {
        const uint64_t i = s->tensor_count++;
        s->count[i] = some_count(r);
        s->row[i] = na_random_below(r, ROWS);
        s->steps[i] = c->op->most_steps > 0 ? na_random_below(r, ROWS - s->row[i] + 1) : 0;
        s->streams[i] = c->op->needs | (c->op->takes & (unsigned)na_random(r));
        s->total += s->count[i];
        for (int stream = 0; stream < STREAM_COUNT; ++stream) {
            s->start[i][stream] = s->used[stream] + na_random_below(r, 4);
            s->used[stream] = s->start[i][stream] + s->count[i];
        }
    }
    s->begin = na_random_below(r, (uint32_t)s->total + 1);
    s->end = s->begin + na_random_below(r, (uint32_t)(s->total - s->begin) + 1);
    if (na_random_below(r, 4) == 0) {
        s->begin = 0;
        s->end = s->total;
    }
    for (int stream = 0; stream < STREAM_COUNT; ++stream)
        na_fill(before[stream], ROOM, stream, na_random_below(r, 2) ? ORDINARY : SPRINKLED, r);
}

static void make_tensors(const split_case *s, float buffers[STREAM_COUNT][ROOM], na_tensor *tensors)
{
    memcpy(buffers, before, sizeof before);
    memset(tensors, 0, TENSORS * sizeof *tensors);
    for (uint64_t i = 0; i < s->tensor_count; ++i) {
        tensors[i].count = s->count[i];
        tensors[i].row = s->row[i];
        tensors[i].steps = s->steps[i];
        for (int stream = 0; stream < STREAM_COUNT; ++stream)
            if (s->streams[i] & 1u << stream && s->count[i] > 0)
                na_set_stream(&tensors[i], stream, buffers[stream] + s->start[i][stream]);
    }
}

static void run_reference(const suite_call *c, const split_case *s)
{
    na_tensor tensors[TENSORS];
    uint64_t start = 0;
    make_tensors(s, expected, tensors);
    for (uint64_t i = 0; i < s->tensor_count; start += s->count[i], ++i) {
        const uint64_t begin = s->begin > start ? s->begin - start : 0;
        const uint64_t end = s->end > start ? s->end - start : 0;
        if (begin < s->count[i] && begin < end)
            c->op->reference(&s->rows[s->row[i]], &tensors[i], begin, end < s->count[i] ? end : s->count[i]);
    }
}

static void run_pieces(const suite_call *c, const split_case *s, uint64_t longest_piece, random_source *r)
{
    na_tensor tensors[TENSORS];
    na_job job = {c->kernels, s->rows, tensors, ROWS, s->tensor_count, s->begin, s->begin, NULL};
    make_tensors(s, got, tensors);
    do {
        const uint64_t most = s->end - job.end < longest_piece ? s->end - job.end : longest_piece;
        job.begin = job.end;
        job.end += longest_piece == UINT64_MAX ? most : na_random_below(r, (uint32_t)most + 1);
        na_expect_status(NA_OK, c->op->run(&job));
    } while (job.end < s->end);
    for (int stream = 0; stream < STREAM_COUNT; ++stream) {
        const size_t at = na_first_difference(expected[stream], got[stream], ROOM);
        if (at < ROOM)
            na_fail("%c[%d] is %08x, expected %08x, was %08x", na_stream_name(stream), (int)at,
                    na_bits(got[stream][at]), na_bits(expected[stream][at]), na_bits(before[stream][at]));
    }
}

void na_suite_any_split_gives_the_same(const suite_call *c)
{
    static split_case s;
    random_source r = {5};
    for (int i = 0; i < (c->quick ? 20 : 250); ++i) {
        make_case(c, &s, &r);
        na_note("case %d: %s over %d tensors, elements %d to %d of %d", i, c->op->name, (int)s.tensor_count,
                (int)s.begin, (int)s.end, (int)s.total);
        run_reference(c, &s);
        run_pieces(c, &s, UINT64_MAX, &r);
        run_pieces(c, &s, 3000, &r);
        if (s.end - s.begin < 2000)
            run_pieces(c, &s, 5, &r);
    }
}
