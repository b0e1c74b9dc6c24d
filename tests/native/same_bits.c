/*
 * Every combination of options, every length up to four vectors and three, some thousands of elements, every stream at
 * its own misalignment, all kinds of data: the kernels against the portable ones, and those against the formulas.
 */
#include "check.h"
#include "data.h"
#include "suite.h"

#include <stdio.h>
#include <string.h>

enum { STEPS = 4, MARGIN = 32, LONGEST = 3 * NA_SUM_BLOCK + 5, ROOM = LONGEST + 2 * MARGIN, POOL = 4 * ROOM };

/* Options as bits: the scalars, the flags, the streams that may be there. */
enum { FIRST_TAKEN = SCALAR_COUNT + 3 };

static float pool[DATA_KINDS][STREAM_COUNT][POOL];

/* The same streams thrice: as they were, as the kernels leave them, as they should be. */
static _Alignas(64) float before[STREAM_COUNT][ROOM], got[STREAM_COUNT][ROOM], expected[STREAM_COUNT][ROOM];

typedef struct bits_case {
    na_scalars rows[STEPS];
    uint32_t steps;
    unsigned streams;
    size_t count;
    size_t start[STREAM_COUNT]; /* of the elements in the buffers above */
} bits_case;

static void fill_pools(void)
{
    random_source r = {1};
    for (int kind = 0; kind < DATA_KINDS; ++kind)
        for (int s = 0; s < STREAM_COUNT; ++s)
            na_fill(pool[kind][s], POOL, s, (data_kind)kind, &r);
}

static void load(const bits_case *b, random_source *r)
{
    const uint32_t mixed = na_random_below(r, DATA_KINDS + 1);
    for (int s = 0; s < STREAM_COUNT; ++s) {
        const uint32_t kind = mixed < DATA_KINDS ? mixed : na_random_below(r, DATA_KINDS);
        const size_t size = b->start[s] + b->count + MARGIN;
        const float *from = pool[kind][s] + na_random_below(r, (uint32_t)(POOL - size));
        if ((b->streams & 1u << s) == 0)
            continue;
        memcpy(before[s], from, size * sizeof *from);
        memcpy(got[s], from, size * sizeof *from);
        memcpy(expected[s], from, size * sizeof *from);
    }
}

static na_tensor tensor_over(const bits_case *b, float buffers[STREAM_COUNT][ROOM])
{
    na_tensor t = {0};
    t.count = b->count;
    t.steps = b->steps;
    for (int s = 0; s < STREAM_COUNT; ++s)
        if (b->streams & 1u << s)
            na_set_stream(&t, s, buffers[s] + b->start[s]);
    return t;
}

static void run_kernels(const suite_call *c, const na_kernels *kernels, const bits_case *b, const na_tensor *t)
{
    na_job job = {kernels, b->rows, t, STEPS, 1, 0, 0, NULL};
    job.end = b->count;
    na_expect_status(NA_OK, c->op->run(&job));
}

static void compare(const suite_call *c, const bits_case *b)
{
    for (int s = 0; s < STREAM_COUNT; ++s) {
        const size_t size = b->start[s] + b->count + MARGIN;
        size_t i;
        if ((b->streams & 1u << s) == 0 || (i = na_first_difference(expected[s], got[s], size)) == size)
            continue;
        na_note("%s of %d elements, streams %x, %s", c->op->name, (int)b->count, b->streams, na_row_text(&b->rows[0]));
        na_fail("%c[%d] is %08x (%.9g), expected %08x (%.9g), was %08x", na_stream_name(s), (int)i - (int)b->start[s],
                na_bits(got[s][i]), (double)got[s][i], na_bits(expected[s][i]), (double)expected[s][i],
                na_bits(before[s][i]));
        for (int o = 0; o < STREAM_COUNT; ++o)
            if (b->streams & 1u << o && i - b->start[s] < b->count)
                printf("    where %c was %08x\n", na_stream_name(o), na_bits(before[o][i - b->start[s] + b->start[o]]));
    }
}

static void run_case(const suite_call *c, unsigned options, size_t count, random_source *r)
{
    const unsigned scalars = c->op->scalars;
    bits_case b;
    for (int i = 0; i < STEPS; ++i) {
        b.rows[i] = na_make_row(options & scalars, options >> SCALAR_COUNT & c->op->flags, r);
        if (na_random_below(r, 16) == 0)
            na_make_wild(&b.rows[i], r);
    }
    b.steps = c->op->most_steps > 0 ? na_random_below(r, STEPS + 1) : 0;
    b.streams = c->op->needs | ((options >> FIRST_TAKEN) & c->op->takes);
    b.count = count;
    for (int s = 0; s < STREAM_COUNT; ++s)
        b.start[s] = 16 + na_random_below(r, 16);
    load(&b, r);

    const na_tensor actual = tensor_over(&b, got), right = tensor_over(&b, expected);
    run_kernels(c, c->kernels, &b, &actual);
    if (c->kernels != c->portable)
        run_kernels(c, c->portable, &b, &right);
    else
        c->op->reference(b.rows, &right, 0, count);
    compare(c, &b);
}

/* One way to combine the options, with every length. */
static void run_options(const suite_call *c, unsigned options, random_source *r)
{
    static const size_t lengths[] = {100, 255, 1000, NA_SUM_BLOCK - 1, NA_SUM_BLOCK, NA_SUM_BLOCK + 1, LONGEST};
    for (size_t count = 0; count < 4 * 16 + 4; ++count)
        run_case(c, options, count, r);
    if (na_random_below(r, 16) == 0)
        for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; ++i)
            run_case(c, options, lengths[i], r);
}

static int nearly_none_or_all(unsigned options, unsigned all)
{
    const unsigned missing = all & ~options;
    return (options & (options - 1)) == 0 || (missing & (missing - 1)) == 0;
}

static unsigned bit_count(unsigned bits)
{
    unsigned count = 0;
    for (; bits != 0; bits &= bits - 1)
        ++count;
    return count;
}

/* All combinations of so many options; of more a random part, besides those of nearly none and nearly all. */
enum { MOST_BITS = 13 };

void na_suite_same_bits(const suite_call *c)
{
    const unsigned all = c->op->scalars | c->op->flags << SCALAR_COUNT | c->op->takes << FIRST_TAKEN;
    const int enough = c->quick ? 100 : 2000;
    const uint32_t one_in = (c->quick ? 64u : 1u) * (bit_count(all) > MOST_BITS ? 1u << (bit_count(all) - MOST_BITS) : 1u);
    random_source r = {2};
    fill_pools();
    for (int done = 0; done < enough;) { /* an op with few options goes through them more often */
        unsigned options = 0;
        do {
            if (nearly_none_or_all(options, all) || na_random_below(&r, one_in) == 0) {
                run_options(c, options, &r);
                ++done;
            }
            options = (options - all) & all; /* the next subset of all */
        } while (options != 0);
    }
}
