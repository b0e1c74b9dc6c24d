/*
 * A call reads and writes the elements of its range, what lies beside them, its books and its scratch memory, and
 * nothing else: all of them lie against pages that nothing can touch, what is only read in pages that cannot be
 * written.
 */
#include "check.h"
#include "memory.h"
#include "packed.h"
#include "reference.h"
#include "suite.h"

#include <string.h>

enum { LONGEST = NA_SUM_BLOCK, SPACE = (LONGEST + 8) * 4 };

typedef enum side { AT_START, AT_END } side;

typedef struct fixture {
    guarded data[PACKED_COUNT], beside[PACKED_COUNT], books[2], scratch;
    random_source r;
} fixture;

/* A range of count elements, `begin` elements into a tensor that goes on for `after`. */
typedef struct range {
    uint64_t begin, after;
    size_t count;
    side where;
} range;

static void *place(const guarded *g, side where, size_t bytes)
{
    return where == AT_START ? g->pages : na_at_end(g, bytes);
}

static size_t book_bytes(uint32_t format)
{
    return (format == NA_BOOK4 ? 31 : 511) * sizeof(float);
}

static void open_fixture(fixture *f)
{
    f->r.state = 13;
    for (int s = 0; s < PACKED_COUNT; ++s) {
        f->data[s] = na_guarded(SPACE);
        f->beside[s] = na_guarded(SPACE / 2);
    }
    for (uint32_t format = NA_BOOK8; format <= NA_BOOK4; ++format) {
        const guarded *g = &f->books[format == NA_BOOK4];
        f->books[format == NA_BOOK4] = na_guarded(book_bytes(format));
        memcpy(na_at_end(g, book_bytes(format)), na_book(format, 0), book_bytes(format));
        na_close(g, na_at_end(g, book_bytes(format)), book_bytes(format), 0);
    }
    f->scratch = na_guarded(NA_SCRATCH * sizeof(float));
}

static void close_fixture(fixture *f)
{
    for (int s = 0; s < PACKED_COUNT; ++s) {
        na_free_guarded(&f->data[s]);
        na_free_guarded(&f->beside[s]);
    }
    na_free_guarded(&f->books[0]);
    na_free_guarded(&f->books[1]);
    na_free_guarded(&f->scratch);
}

static void *moved_back(void *p, size_t bytes)
{
    return (void *)((uintptr_t)p - (uintptr_t)bytes);
}

/* Puts a range of a stream against one side of its pages. */
static void place_stream(fixture *f, const range *at, int stream, uint32_t format, int writable, na_tensor *t,
                         na_packing *packing)
{
    static float floats[LONGEST];
    na_packed *p = na_packed_stream(packing, stream);
    const size_t bytes = na_data_bytes(format, at->count), beside = na_beside_bytes(format, at->count);
    void *first = place(&f->data[stream], at->where, bytes), *rest = place(&f->beside[stream], at->where, beside);
    na_fill(floats, at->count, stream, na_random_below(&f->r, 2) ? ORDINARY : SPRINKLED, &f->r);
    if (format == 0) {
        memcpy(first, floats, bytes);
        na_set_stream(t, stream, moved_back(first, at->begin * sizeof(float)));
    } else {
        p->format = format;
        p->data = moved_back(first, na_data_bytes(format, at->begin));
        if (na_beside_alignment(format) != 0)
            p->beside = moved_back(rest, na_beside_bytes(format, at->begin));
        if (na_format_has_book(format))
            p->book = na_at_end(&f->books[format == NA_BOOK4], book_bytes(format));
        na_reference_pack(p, floats, at->begin, at->begin + at->count, packing, stream);
    }
    na_close(&f->data[stream], first, bytes, writable);
    na_close(&f->beside[stream], rest, beside, writable);
}

static void open_streams(const fixture *f)
{
    for (int s = 0; s < PACKED_COUNT; ++s) {
        na_open(&f->data[s]);
        na_open(&f->beside[s]);
    }
    na_open(&f->scratch);
}

/* Scratch memory of the size that the header asks for. */
static float *closed_scratch(const fixture *f, side where)
{
    float *scratch = place(&f->scratch, where, NA_SCRATCH * sizeof(float));
    na_close(&f->scratch, scratch, NA_SCRATCH * sizeof(float), 1);
    return scratch;
}

/* blocks: formats of blocks, so that the range must lie on their borders; else the others. */
static void run_guarded(const suite_call *c, fixture *f, const range *at, int blocks)
{
    const uint32_t kind = na_random_below(&f->r, 2);
    const uint32_t flags = (uint32_t)na_random(&f->r) & c->op->flags & (kind ? NA_ZERO_GRAD : ~0u);
    const na_scalars row =
        na_make_row((unsigned)na_random(&f->r) & c->op->scalars & (kind ? LAMBDA : ~0u), flags, &f->r);
    const unsigned known = c->op->needs | c->op->takes;
    const unsigned streams = c->op->needs | (kind ? 0u : c->op->takes & (unsigned)na_random(&f->r));
    const unsigned written = na_written(c->op, flags, streams);
    na_packing packing = {0};
    na_tensor t = {0};
    na_job job = {c->kernels, &row, &t, 1, 1, at->begin, at->begin + at->count, closed_scratch(f, at->where)};
    t.packing = &packing;
    t.count = at->begin + at->count + at->after;
    t.steps = c->op->most_steps > 0;
    packing.seed = packing.step = na_random(&f->r) >> 16;
    for (int s = 0; s < PACKED_COUNT; ++s) {
        const uint32_t format = na_random_below(&f->r, blocks ? NA_BOOK4 + 1 : NA_BF16_REST8 + 1);
        if (s == COPY) {
            place_stream(f, at, s, 1 + na_random_below(&f->r, NA_BF16_RANDOM), (written & W) != 0, &t, &packing);
        } else if (streams & 1u << s) {
            place_stream(f, at, s, format, (written & 1u << s) != 0, &t, &packing);
        } else if ((known & 1u << s) == 0) {
            na_packed_stream(&packing, s)->data = na_at_end(&f->data[s], 0);
            na_packed_stream(&packing, s)->format = NA_BOOK4 + 1;
        }
    }
    na_note("%s, elements %llu to %llu of %llu, at the %s, formats %d %d %d %d %d %d %d %d %d, %s", c->op->name,
            (unsigned long long)job.begin, (unsigned long long)job.end, (unsigned long long)t.count,
            at->where == AT_START ? "start" : "end", packing.w.format, packing.g.format, packing.m.format,
            packing.v.format, packing.x.format, packing.a.format, packing.s.format, packing.d.format,
            packing.copy.format, na_row_text(&row));
    na_expect_status(NA_OK, c->op->run(&job));
    open_streams(f);
}

/* Both sides, and a range in the middle of a tensor, which is longer than 32 bits can count. */
static void run_places(fixture *f, size_t count, int blocks, const suite_call *c,
                       void (*run)(const suite_call *c, fixture *f, const range *at, int blocks))
{
    static const uint64_t outside[] = {0, 1, 7, (UINT64_C(1) << 32) + 3};
    for (int i = 0; i < 4; ++i) {
        const uint64_t some = outside[i] * (blocks ? NA_BLOCK : 1);
        range at = {some, blocks && count % NA_BLOCK != 0 ? 0 : some, count, AT_START};
        run(c, f, &at, blocks);
        at.where = AT_END;
        run(c, f, &at, blocks);
    }
}

static void run_lengths(const suite_call *c, void (*run)(const suite_call *c, fixture *f, const range *at, int blocks))
{
    static const size_t lengths[] = {255, 256, 257, 511, 512, 513, 1023, 1024, 1025, 1056, 1999, LONGEST};
    fixture f;
    open_fixture(&f);
    for (int blocks = 0; blocks < 2; ++blocks) {
        for (size_t count = 0; count < 4 * 16 + 4; count += c->quick ? 3 : 1)
            run_places(&f, count, blocks, c, run);
        for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; ++i)
            run_places(&f, lengths[i], blocks, c, run);
    }
    close_fixture(&f);
}

void na_suite_packed_op_stays_inside_its_range(const suite_call *c)
{
    run_lengths(c, run_guarded);
}

static void run_reductions(const suite_call *c, fixture *f, const range *at, int blocks)
{
    const uint32_t format =
        blocks ? NA_SOFTSIGN8 + na_random_below(&f->r, 4) : 1 + na_random_below(&f->r, NA_BF16_REST8);
    na_packing packing = {0};
    na_tensor t = {0};
    na_job job = {c->kernels, NULL, &t, 0, 1, at->begin, at->begin + at->count, closed_scratch(f, at->where)};
    double sums[2];
    uint64_t tensor, index;
    t.packing = &packing;
    t.count = at->begin + at->count + at->after;
    place_stream(f, at, 1, format, 0, &t, &packing);
    na_note("format %d, elements %llu to %llu of %llu, at the %s", (int)format, (unsigned long long)job.begin,
            (unsigned long long)job.end, (unsigned long long)t.count, at->where == AT_START ? "start" : "end");
    na_expect_status(NA_OK, na_first_nonfinite_f32(&job, &tensor, &index));
    if (at->begin % NA_SUM_BLOCK == 0 && (at->after == 0 || at->count == NA_SUM_BLOCK))
        na_expect_status(NA_OK, na_sum_squares_f32(&job, sums, 2));
    open_streams(f);
}

void na_suite_packed_reductions_stays_inside_its_range(const suite_call *c)
{
    run_lengths(c, run_reductions);
}
