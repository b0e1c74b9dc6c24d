/*
 * A call reads and writes the elements of its range and nothing else, and writes only what it is there to write: the
 * ranges lie against pages that nothing can touch, also where the tensor goes on there, streams that an op only reads
 * lie in pages that cannot be written, and streams that it does not know in pages that cannot be read.
 */
#include "check.h"
#include "data.h"
#include "memory.h"
#include "suite.h"

enum { SPACE = 1024, LONGEST = 4 * 16 + 3 };

typedef enum side { AT_START, AT_END } side;

/* How far a tensor goes on before and behind the range; the last is more than 32 bits can count. */
static const uint64_t outside[] = {0, 1, 7, 64, (UINT64_C(1) << 32) + 3};

typedef struct fixture {
    guarded pages[STREAM_COUNT];
    random_source r;
} fixture;

static void open_fixture(fixture *f)
{
    f->r.state = 3;
    for (int s = 0; s < STREAM_COUNT; ++s)
        f->pages[s] = na_guarded(SPACE * sizeof(float));
}

static void close_fixture(fixture *f)
{
    for (int s = 0; s < STREAM_COUNT; ++s)
        na_free_guarded(&f->pages[s]);
}

/* The first element of a range against one side of the pages. */
static float *place(const guarded *g, side where, size_t count)
{
    return where == AT_START ? (float *)(void *)g->pages : na_at_end(g, count * sizeof(float));
}

/* A range of count elements that begins `begin` elements into a tensor, which goes on for `after` elements. */
static void run_guarded(const suite_call *c, fixture *f, unsigned options, uint32_t flags, unsigned streams, side where,
                        uint64_t begin, size_t count, uint64_t after)
{
    const na_scalars row = na_make_row(options, flags, &f->r);
    na_tensor t = {0};
    na_job job = {c->kernels, &row, &t, 1, 1, 0, 0, NULL};
    t.count = begin + count + after;
    t.steps = c->op->most_steps > 0;
    job.begin = begin;
    job.end = begin + count;
    for (int s = 0; s < STREAM_COUNT; ++s) {
        float *const first = place(&f->pages[s], where, count);
        if (((c->op->needs | c->op->takes) & 1u << s) == 0)
            na_set_stream(&t, s, na_at_end(&f->pages[s], 0));
        if ((streams & 1u << s) == 0)
            continue;
        na_fill(first, count, s, SPRINKLED, &f->r);
        na_close(&f->pages[s], first, count * sizeof *first, (na_written(c->op, flags, streams) & 1u << s) != 0);
        na_set_stream(&t, s, (float *)((uintptr_t)first - (uintptr_t)(begin * sizeof(float))));
    }
    na_note("%s, elements %llu to %llu of %llu, at the %s, streams %x, %s", c->op->name, (unsigned long long)begin,
            (unsigned long long)job.end, (unsigned long long)t.count, where == AT_START ? "start" : "end", streams,
            na_row_text(&row));
    na_expect_status(NA_OK, c->op->run(&job));
    for (int s = 0; s < STREAM_COUNT; ++s)
        if (streams & 1u << s)
            na_open(&f->pages[s]);
}

void na_suite_stays_inside_its_range(const suite_call *c)
{
    fixture f;
    open_fixture(&f);
    for (unsigned choice = 0; choice < 8; ++choice) {
        const unsigned options = choice & 1 ? c->op->scalars : 0;
        const uint32_t flags = choice & 2 ? c->op->flags : 0;
        const unsigned streams = c->op->needs | (choice & 4 ? c->op->takes : 0u);
        for (size_t i = 0; i < sizeof outside / sizeof outside[0]; i += c->quick ? 2 : 1)
            for (size_t count = 0; count <= LONGEST; ++count) {
                run_guarded(c, &f, options, flags, streams, AT_START, outside[i], count, outside[i]);
                run_guarded(c, &f, options, flags, streams, AT_END, outside[i], count, outside[i]);
            }
        /* All of the pages, so that both sides are guarded. */
        run_guarded(c, &f, options, flags, streams, AT_START, 0, f.pages[0].bytes / sizeof(float), 0);
        run_guarded(c, &f, options, flags, streams, AT_END, 3, f.pages[0].bytes / sizeof(float) - 1, 3);
    }
    close_fixture(&f);
}

/* na_sum_squares_f32 and na_first_nonfinite_f32 over blocks `first` to `first + 1` of a tensor against each side. */
static void run_reductions(const suite_call *c, fixture *f, side where, uint64_t begin, size_t count, uint64_t after,
                           int sums)
{
    const guarded *pages = &f->pages[0];
    float *const first = place(pages, where, count);
    na_tensor t = {0};
    na_job job = {c->kernels, NULL, &t, 0, 1, 0, 0, NULL};
    double sum = 0.0;
    uint64_t tensor, index;
    t.count = begin + count + after;
    t.g = (float *)((uintptr_t)first - (uintptr_t)(begin * sizeof(float)));
    job.begin = begin;
    job.end = begin + count;
    na_note("elements %llu to %llu of %llu, at the %s", (unsigned long long)begin, (unsigned long long)job.end,
            (unsigned long long)t.count, where == AT_START ? "start" : "end");
    na_fill(first, count, 1, ORDINARY, &f->r);
    na_close(pages, first, count * sizeof *first, 0);
    if (sums)
        na_expect_status(NA_OK, na_sum_squares_f32(&job, &sum, 1));
    else
        na_expect_status(NA_OK, na_first_nonfinite_f32(&job, &tensor, &index));
    na_open(pages);
}

void na_suite_first_nonfinite_stays_inside_its_range(const suite_call *c)
{
    fixture f;
    open_fixture(&f);
    for (size_t i = 0; i < sizeof outside / sizeof outside[0]; ++i)
        for (size_t count = 0; count <= LONGEST; ++count) {
            run_reductions(c, &f, AT_START, outside[i], count, outside[i], 0);
            run_reductions(c, &f, AT_END, outside[i], count, outside[i], 0);
        }
    close_fixture(&f);
}

/* A range of squares begins at a block and ends at a block or the tensor's end. */
void na_suite_sum_squares_stays_inside_its_range(const suite_call *c)
{
    fixture f;
    open_fixture(&f);
    for (size_t count = 0; count <= LONGEST; ++count) {
        run_reductions(c, &f, AT_START, 0, count, 0, 1);
        run_reductions(c, &f, AT_END, 0, count, 0, 1);
        run_reductions(c, &f, AT_START, 2 * NA_SUM_BLOCK, count, 0, 1);
        run_reductions(c, &f, AT_END, UINT64_C(1) << 32, count, 0, 1);
    }
    close_fixture(&f);

    fixture block = {{{0, 0}}, {4}};
    block.pages[0] = na_guarded(NA_SUM_BLOCK * sizeof(float));
    run_reductions(c, &block, AT_START, 0, NA_SUM_BLOCK, NA_SUM_BLOCK, 1);
    run_reductions(c, &block, AT_END, NA_SUM_BLOCK, NA_SUM_BLOCK, 5, 1);
    na_free_guarded(&block.pages[0]);
}
