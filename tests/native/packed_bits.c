/*
 * Packed streams of every format, floats beside them, every length, every stream at its own alignment, all kinds of
 * data; then ranges of many such tensors in one call and in pieces: against what is unpacked, computed and packed one
 * element at a time. Nothing else may change.
 */
#include "check.h"
#include "packed.h"
#include "suite.h"

#include <math.h>
#include <string.h>

enum { TENSORS = 12, ROWS = 4, SPACE = TENSORS * PACKED_COUNT * (MOST_ELEMENTS * 5 + 200) };

static _Alignas(64) unsigned char before[SPACE], got[SPACE], expected[SPACE];

typedef struct packed_case {
    na_scalars rows[ROWS];
    packed_tensor tensors[TENSORS];
    uint64_t tensor_count, total, begin, end;
    size_t used;
} packed_case;

/* The options of usual steps, for which there are loops of their own, or any. */
static void make_rows(const suite_call *c, packed_case *p, int usual, random_source *r)
{
    const unsigned usually = GRAD_SCALE | V_CAP | EPS | EPS_IN | LAMBDA;
    for (int i = 0; i < ROWS; ++i) {
        p->rows[i] = na_make_row((unsigned)na_random(r) & c->op->scalars & (usual ? usually : ~0u),
                                 (uint32_t)na_random(r) & c->op->flags & (usual ? NA_ZERO_GRAD : ~0u), r);
        if (na_random_below(r, 16) == 0)
            na_make_wild(&p->rows[i], r);
    }
}

static void add_tensor(const suite_call *c, packed_case *p, size_t count, int usual, random_source *r)
{
    packed_tensor *t = &p->tensors[p->tensor_count++];
    const uint32_t kind = na_random_below(r, 2 * DATA_KINDS);
    t->count = count;
    t->row = na_random_below(r, ROWS);
    t->steps = c->op->most_steps > 0 ? na_random_below(r, ROWS - t->row + 1) : 0;
    na_place_packed(t, c->op, c->op->needs | (usual ? 0u : c->op->takes & (unsigned)na_random(r)), &p->used, r);
    na_fill_packed(t, before, kind < DATA_KINDS ? (data_kind)kind : ORDINARY, r);
    p->total += count;
}

static void view(const packed_case *p, unsigned char *bytes, na_tensor *tensors, na_packing *packings)
{
    memcpy(bytes, before, p->used + 64);
    for (uint64_t i = 0; i < p->tensor_count; ++i)
        na_view_packed(&p->tensors[i], bytes, &tensors[i], &packings[i]);
}

static void run_reference(const suite_call *c, const packed_case *p)
{
    na_tensor tensors[TENSORS];
    na_packing packings[TENSORS];
    uint64_t start = 0;
    view(p, expected, tensors, packings);
    for (uint64_t i = 0; i < p->tensor_count; start += p->tensors[i].count, ++i) {
        const uint64_t begin = p->begin > start ? p->begin - start : 0;
        const uint64_t end = p->end > start ? p->end - start : 0, count = p->tensors[i].count;
        if (begin < count && begin < end)
            na_reference_packed(c->op, &p->rows[p->tensors[i].row], &tensors[i], begin, end < count ? end : count);
    }
}

/* The last place before a position, or there, where a range may begin or end. */
static uint64_t on_border(const packed_case *p, uint64_t position)
{
    uint64_t start = 0;
    for (uint64_t i = 0; i < p->tensor_count; start += p->tensors[i].count, ++i)
        if (position - start < p->tensors[i].count)
            return p->tensors[i].has_blocks ? start + (position - start) / NA_BLOCK * NA_BLOCK : position;
    return position;
}

static void run_pieces(const suite_call *c, const packed_case *p, uint64_t longest_piece, random_source *r)
{
    na_tensor tensors[TENSORS];
    na_packing packings[TENSORS];
    na_job job = {c->kernels, p->rows, tensors, ROWS, p->tensor_count, p->begin, p->begin, na_scratch()};
    view(p, got, tensors, packings);
    do {
        const uint64_t left = p->end - job.end;
        job.begin = job.end;
        job.end = left <= longest_piece
                      ? p->end
                      : on_border(p, job.end + longest_piece / 2 + na_random_below(r, (uint32_t)longest_piece / 2));
        na_expect_status(NA_OK, c->op->run(&job));
    } while (job.end < p->end);
    na_compare_packed(p->tensors, p->tensor_count, expected, got, p->used + 64);
}

static void start_case(const suite_call *c, packed_case *p, int usual, random_source *r)
{
    memset(p, 0, sizeof *p);
    make_rows(c, p, usual, r);
}

static void run_length(const suite_call *c, size_t count, random_source *r)
{
    static packed_case p;
    const int usual = na_random_below(r, 2) != 0;
    start_case(c, &p, usual, r);
    add_tensor(c, &p, count, usual, r);
    p.end = count;
    na_note("%s of %d elements, %s, %s", c->op->name, (int)count, na_formats_text(&p.tensors[0]),
            na_row_text(&p.rows[p.tensors[0].row]));
    run_reference(c, &p);
    run_pieces(c, &p, UINT64_MAX, r);
}

void na_suite_packed_streams_have_the_same_bits(const suite_call *c)
{
    static const size_t lengths[] = {255,  256,  257,  258,  259,  260,  511,  512, 513,
                                     1023, 1024, 1025, 1026, 1027, 1055, 2048, 3000};
    random_source r = {11};
    memset(before, 0xa5, sizeof before);
    for (int i = 0; i < (c->quick ? 3 : 200); ++i) {
        for (size_t count = 0; count < 4 * 16 + 8; ++count)
            run_length(c, count, &r);
        for (size_t j = 0; j < sizeof lengths / sizeof lengths[0]; j += c->quick ? 3 : 1)
            run_length(c, lengths[j], &r);
    }
}

/* What is left at the end of a long tensor is far behind what its scratch has room for. */
void na_suite_long_packed_streams_have_the_same_bits(const suite_call *c)
{
    random_source r = {14};
    memset(before, 0xa5, sizeof before);
    for (int i = 0; i < (c->quick ? 10 : 100); ++i)
        run_length(c, MOST_ELEMENTS - 1 - na_random_below(&r, 256), &r);
}

static uint32_t some_count(random_source *r)
{
    static const uint32_t around[] = {0, 16, 64, NA_BLOCK, 2 * NA_BLOCK, 4 * NA_BLOCK, 8 * NA_BLOCK};
    return around[na_random_below(r, 7)] + na_random_below(r, na_random_below(r, 2) ? 40 : 600);
}

void na_suite_any_split_of_packed_streams_gives_the_same(const suite_call *c)
{
    static packed_case p;
    random_source r = {12};
    memset(before, 0xa5, sizeof before);
    for (int i = 0; i < (c->quick ? 15 : 600); ++i) {
        const uint32_t wanted = 1 + na_random_below(&r, TENSORS);
        const int usual = na_random_below(&r, 2) != 0;
        start_case(c, &p, usual, &r);
        while (p.tensor_count < wanted)
            add_tensor(c, &p, some_count(&r), usual, &r);
        p.end = p.total;
        if (na_random_below(&r, 4) != 0) {
            p.begin = on_border(&p, na_random_below(&r, (uint32_t)p.total + 1));
            p.end = on_border(&p, p.begin + na_random_below(&r, (uint32_t)(p.total - p.begin) + 1));
        }
        na_note("case %d: %s over %d tensors, elements %d to %d of %d, the first one %s", i, c->op->name,
                (int)p.tensor_count, (int)p.begin, (int)p.end, (int)p.total, na_formats_text(&p.tensors[0]));
        run_reference(c, &p);
        run_pieces(c, &p, UINT64_MAX, &r);
        run_pieces(c, &p, 2000, &r);
        run_pieces(c, &p, 600, &r);
    }
}

/* Blocks of numbers about 2^exponent, whose m may be halved for its codes, or not; a v of the wrong sign has no root.
 */
static void run_companded(const suite_call *c, const op *adam, int exponent, int negative, random_source *r)
{
    static packed_case p;
    const suite_call call = {adam, c->kernels, c->portable, c->quick};
    packed_tensor *t = &p.tensors[0];
    na_tensor view;
    na_packing packing;
    memset(&p, 0, sizeof p);
    p.rows[0] = na_make_row(0, 0, r);
    p.rows[0].eps = 1e-8f;
    p.tensor_count = 1;
    p.total = p.end = t->count = 2 * NA_BLOCK + 40;
    t->streams = W | G | M | V;
    t->has_blocks = t->has_packing = 1;
    t->format[2] = NA_SOFTSIGN8;
    t->format[3] = NA_SQRT8;
    for (int s = 0; s < 4; ++s) {
        t->data[s] = p.used;
        t->beside[s] = t->data[s] + t->count * sizeof(float);
        p.used = t->beside[s] + 3 * sizeof(float);
    }
    na_fill_packed(t, before, ORDINARY, r);
    na_view_packed(t, before, &view, &packing);
    for (uint64_t i = 0; i < t->count; ++i)
        view.g[i] = ldexpf(view.g[i], exponent);
    for (int b = 0; b < 3; ++b) {
        ((float *)packing.m.beside)[b] = ldexpf(1.0f + 0.25f * (float)b, exponent);
        ((float *)packing.v.beside)[b] = ldexpf(b == 1 && negative ? -1.0f : 1.0f, exponent);
    }
    na_note("moments about 2^%d%s", exponent, negative ? ", v below 0" : "");
    run_reference(&call, &p);
    run_pieces(&call, &p, UINT64_MAX, r);
}

void na_suite_companded_moments_of_every_size(const suite_call *c)
{
    random_source r = {13};
    const op *adam = na_find_op("adam");
    for (int exponent = -140; exponent <= 127; ++exponent)
        for (int negative = 0; negative < 2; ++negative)
            run_companded(c, adam, exponent, negative, &r);
}
