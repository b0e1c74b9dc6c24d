/* What the translation units of the library share: the table of one instruction set, and the options of a row. */
#ifndef NA_INTERNAL_H
#define NA_INTERNAL_H

#include "native_adamax.h"

#if defined(_MSC_VER) && !defined(__clang__)
#define NA_INLINE static __forceinline
#define NA_APART static __declspec(noinline)
#define NA_RARELY(x) (x)
#pragma fp_contract(off)
#else
#define NA_INLINE static inline __attribute__((always_inline))
#define NA_APART static __attribute__((noinline))
#define NA_RARELY(x) __builtin_expect((x) != 0, 0)
#endif

#if defined(__x86_64__) || defined(_M_X64)
#define NA_X64 1
#elif defined(__aarch64__) || defined(_M_ARM64)
#define NA_ARM64 1
#endif

/* The operations that a call does at all. A neutral scalar or a missing stream leaves its operation out. */
enum {
    NA_ON_SCALE = 1 << 0,
    NA_ON_CLIP = 1 << 1,
    NA_ON_L2 = 1 << 2,
    NA_ON_NUM_M = 1 << 3,
    NA_ON_NUM_G = 1 << 4,
    NA_ON_ROOT = 1 << 5,
    NA_ON_NU_SCALE = 1 << 6,
    NA_ON_EPS_IN = 1 << 7,
    NA_ON_DECAY = 1 << 8,
    NA_ON_ZERO_GRAD = 1 << 9,
    NA_ON_MAX = 1 << 10,   /* the tensor has an x stream */
    NA_ON_EMA = 1 << 11,   /* the tensor has an a stream */
    NA_ON_SUM = 1 << 12,   /* the tensor has an s stream */
    NA_ON_DELTA = 1 << 13, /* the tensor has a d stream */
    NA_ON_OVERWRITE = 1 << 14,
    NA_ON_NON_NEGATIVE = 1 << 15
};

NA_INLINE uint32_t na_bits(float x)
{
    const union {
        float f;
        uint32_t u;
    } c = {x};
    return c.u;
}

NA_INLINE float na_infinity(void)
{
    const union {
        uint32_t u;
        float f;
    } infinity = {0x7f800000u};
    return infinity.f;
}

NA_INLINE float na_nan(void)
{
    const union {
        uint32_t u;
        float f;
    } nan = {0x7fc00000u};
    return nan.f;
}

/* x != 0.0f, by its bits, which is several times faster for so many numbers. */
NA_INLINE int na_is_not_0(float x)
{
    return na_bits(x) << 1 != 0;
}

/* x != 1.0f */
NA_INLINE int na_is_not_1(float x)
{
    return na_bits(x) != na_bits(1.0f);
}

/* The operations that rows often ask for. */
NA_INLINE unsigned na_usual_options(const na_scalars *r)
{
    unsigned on = 0;
    on |= na_is_not_1(r->grad_scale) ? NA_ON_SCALE : 0u;
    on |= na_is_not_0(r->l2) ? NA_ON_L2 : 0u;
    on |= na_is_not_0(r->lambda) ? NA_ON_DECAY : 0u;
    on |= (r->flags & NA_ZERO_GRAD) != 0 ? NA_ON_ZERO_GRAD : 0u;
    on |= (r->flags & NA_EMA_OVERWRITE) != 0 ? NA_ON_OVERWRITE : 0u;
    on |= (r->flags & NA_NON_NEGATIVE) != 0 ? NA_ON_NON_NEGATIVE : 0u;
    return on;
}

/* The operations that a row asks for. One rule for every op and, in its twin, for the managed kernels. */
NA_INLINE unsigned na_row_options(const na_scalars *r)
{
    unsigned on = na_usual_options(r);
    on |= na_bits(r->clip) != na_bits(na_infinity()) ? NA_ON_CLIP : 0u;
    on |= na_is_not_1(r->num_m) ? NA_ON_NUM_M : 0u;
    on |= na_is_not_0(r->num_g) ? NA_ON_NUM_G : 0u;
    on |= na_is_not_0(r->root) ? NA_ON_ROOT : 0u;
    on |= na_is_not_1(r->nu_scale) ? NA_ON_NU_SCALE : 0u;
    on |= na_is_not_0(r->eps_in) ? NA_ON_EPS_IN : 0u;
    return on;
}

/* The streams of a tensor as bits, in the order of na_tensor and na_packing; COPY is the number of the last. */
enum { W = 1, G = 2, M = 4, V = 8, X = 16, A = 32, S = 64, D = 128, STREAMS = 8, COPY = 8 };

/* The streams of an op: those that must be there, those it uses where they are there, and of both what it does. */
typedef struct na_op {
    int needs;
    int uses;
    int reads;
    int writes;
} na_op;

/* How an op runs over elements begin to end - 1 of t. on: NA_ON_ bits. */
typedef struct na_sweeps {
    /* next: the tensor that follows, to be prefetched, or null; t itself where nothing is to be prefetched. */
    void (*floats)(const na_tensor *t, const na_tensor *next, const na_scalars *row, unsigned on, size_t begin,
                   size_t end);
    /* t has a packing; the NA_ON_ bits of its streams are not in `on` yet. */
    void (*packed)(const na_tensor *t, const na_op *op, const na_scalars *row, unsigned on, size_t begin, size_t end,
                   float *scratch);
} na_sweeps;

/* Elements of a tile of a tensor with packed streams, which had best stay near. Its streams lie a row apart in scratch.
 */
#define NA_TILE NA_BLOCK
#define NA_TILE_ROW (NA_TILE + 80)

struct na_kernels {
    int32_t isa;
    na_sweeps adam;
    na_sweeps adamax;
    na_sweeps adam_replay;
    na_sweeps adamax_replay;
    na_sweeps ema;
    na_sweeps accumulate;
    na_sweeps copy;
    /* Elements begin to begin + count - 1 of a packed stream; begin is where a block starts, if it has blocks. */
    void (*unpack)(const na_packed *p, float *floats, size_t begin, size_t count);
    double (*sum_squares)(const float *g, size_t count);
    size_t (*first_nonfinite)(const float *g, size_t begin, size_t end); /* end if all are finite */
};

extern const struct na_kernels na_kernels_portable;
extern const struct na_kernels na_kernels_avx2;
extern const struct na_kernels na_kernels_avx512;
extern const struct na_kernels na_kernels_neon;

/* The operations that the streams of a tensor ask for. */
NA_INLINE unsigned na_stream_options(const na_tensor *t)
{
    unsigned on = 0;
    if (((uintptr_t)t->x | (uintptr_t)t->a | (uintptr_t)t->s | (uintptr_t)t->d) == 0)
        return 0;
    on |= t->x != 0 ? NA_ON_MAX : 0u;
    on |= t->a != 0 ? NA_ON_EMA : 0u;
    on |= t->s != 0 ? NA_ON_SUM : 0u;
    on |= t->d != 0 ? NA_ON_DELTA : 0u;
    return on;
}

/* The checks of a tensor with a packing: a status. */
int32_t na_check_packed(const na_tensor *t, const na_op *op, const float *scratch);

/* Whether a stream that the op uses has blocks, which a range must not cut. */
int na_has_blocks(const na_tensor *t, const na_op *op);

/* Whether this CPU and its operating system run an instruction set. */
int na_cpu_has(int32_t isa);

#endif
