/*
 * The roofs over the vector words that were included before. Values come back as they were: zero * g is added to each,
 * which no compiler leaves out.
 */
#include "roof.h"
#include "kernels/sweep.h"
#include "roof_bytes.h"

#include <stdio.h>
#include <stdlib.h>

typedef struct {
    na_f32 w[4], g[4], m[4], v[4], x[4], a[4], s[4];
} roof_values;

#define ROOF_STREAMS(DO)                                                                                               \
    DO(W, w)                                                                                                           \
    DO(G, g)                                                                                                           \
    DO(M, m)                                                                                                           \
    DO(V, v)                                                                                                           \
    DO(X, x)                                                                                                           \
    DO(A, a)                                                                                                           \
    DO(S, s)

#define ROOF_LOAD(bit, name)                                                                                           \
    if (reads & (bit))                                                                                                 \
        e.name[j] = na_load_f32(t->name + i + j * NA_LANES, lanes);

#define ROOF_TAKE(bit, name)                                                                                           \
    if (reads & ~writes & (bit))                                                                                       \
        none = na_add(none, na_mul(zero, e.name[j]));

#define ROOF_STORE(bit, name)                                                                                          \
    if (writes & (bit))                                                                                                \
        na_store_f32(t->name + i + j * NA_LANES, na_add(e.name[j], none), lanes);

#define ROOF_PREFETCH(bit, name)                                                                                       \
    if ((reads | writes) & (bit))                                                                                      \
        na_prefetch_block(t->name, i + (writes == 0 ? NA_FAR_AHEAD : NA_AHEAD), vectors);

NA_INLINE void roof_block(const na_tensor *t, unsigned reads, unsigned writes, int prefetch, na_f32 zero, na_f32 *sum,
                          size_t i, int vectors, size_t lanes)
{
    roof_values e;
    NA_EACH(j, vectors, {ROOF_STREAMS(ROOF_LOAD)});
    if (prefetch && vectors > 1) {
        ROOF_STREAMS(ROOF_PREFETCH)
    }
    if (writes == 0) {
        NA_EACH(j, vectors, { sum[j] = na_add(sum[j], e.g[j]); });
        return;
    }
    NA_EACH(j, vectors, {
        na_f32 none = zero;
        ROOF_STREAMS(ROOF_TAKE)
        ROOF_STREAMS(ROOF_STORE)
    });
}

NA_INLINE void roof_run(const na_tensor *tensor, unsigned reads, unsigned writes, int prefetch, size_t begin,
                        size_t end)
{
    static volatile const float nothing = 0.0f;
    const na_tensor self = *tensor, *t = &self; /* which no store can change */
    const na_f32 zero = na_set(nothing);
    na_f32 sum[4];
    float lanes[NA_LANES];
    const float *first = writes & M ? t->m : writes & A ? t->a : writes & S ? t->s : t->g;
    size_t i = begin;
    const size_t head = na_head(first + i, end - i);
    NA_EACH(j, 4, { sum[j] = zero; });
    if (head > 0)
        roof_block(t, reads, writes, 0, zero, sum, i, 1, head);
    for (i += head; end - i >= 4 * NA_LANES; i += 4 * NA_LANES)
        roof_block(t, reads, writes, prefetch, zero, sum, i, 4, NA_LANES);
    for (; end - i >= NA_LANES; i += NA_LANES)
        roof_block(t, reads, writes, 0, zero, sum, i, 1, NA_LANES);
    if (i < end)
        roof_block(t, reads, writes, 0, zero, sum, i, 1, end - i);
    na_store_f32(lanes, na_add(na_add(sum[0], sum[1]), na_add(sum[2], sum[3])), NA_LANES);
    roof_sink = lanes[0];
}

#define ROOF_CASE(r, w)                                                                                                \
    if (reads == (unsigned)(r) && writes == (unsigned)(w)) {                                                           \
        if (prefetch)                                                                                                  \
            roof_run(t, (r), (w), 1, begin, end);                                                                      \
        else                                                                                                           \
            roof_run(t, (r), (w), 0, begin, end);                                                                      \
        return;                                                                                                        \
    }

static void sweep(const na_tensor *t, unsigned reads, unsigned writes, int prefetch, size_t begin, size_t end)
{
    ROOF_PATTERNS(ROOF_CASE)
    fprintf(stderr, "no roof for streams read %x and written %x\n", reads, writes);
    exit(3);
}

static void divider(const float *p, size_t count)
{
    const na_f32 one = na_set(1.0f);
    na_f32 most[4];
    float lanes[NA_LANES];
    size_t i;
    NA_EACH(j, 4, { most[j] = na_set(0.0f); });
    for (i = 0; count - i >= 4 * NA_LANES; i += 4 * NA_LANES)
        NA_EACH(j, 4,
                { most[j] = na_max(most[j], na_div(one, na_sqrt(na_load_f32(p + i + j * NA_LANES, NA_LANES)))); });
    na_store_f32(lanes, na_max(na_max(most[0], most[1]), na_max(most[2], most[3])), NA_LANES);
    roof_sink = lanes[0];
}

static void probe(int turns)
{
    const na_f32 one = na_set(1.0f);
    na_f32 a[4], b[4], c[4], d[4];
    float lanes[NA_LANES];
    NA_EACH(j, 4, { a[j] = b[j] = c[j] = d[j] = one; });
    for (; turns > 0; --turns)
        NA_EACH(j, 4, {
            a[j] = na_add(a[j], one);
            b[j] = na_mul(b[j], one);
            c[j] = na_sub(c[j], one);
            d[j] = na_max(d[j], one);
        });
    NA_EACH(j, 4, { a[j] = na_add(na_add(a[j], b[j]), na_add(c[j], d[j])); });
    na_store_f32(lanes, na_add(na_add(a[0], a[1]), na_add(a[2], a[3])), NA_LANES);
    roof_sink = lanes[0];
}

const struct roof ROOF = {NA_ISA, sweep, bytes, divider, probe};
