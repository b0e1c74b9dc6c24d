/*
 * native_adamax: fused optimizer kernels. This header is the whole C ABI.
 *
 * One step, element by element, in IEEE binary32 operations in the order of the parentheses and never fused:
 *
 *     g  = clamp(grad_scale * (s + g_in), -clip, +clip) + l2 * w     s only where the tensor has an s stream
 *     m  = flush(m + c1 * (g - m))
 *     adam:    v = flush(v + c2 * (g * g - keep(v)))         keep(v) = v if v <= v_cap, else 0
 *              x = v, or where the tensor has an x stream  x = max(x, nu_scale * v)
 *              d = (num_m * m + num_g * g) / (sqrt(x + root) + eps)
 *     adamax:  v = flush(max(v - c2 * v, |g| + eps_in))      the infinity norm, u in the paper
 *              d = (num_m * m + num_g * g) / (v + eps)
 *     w  = w - (lambda * w + step * d)
 *     a  = a + ema * (w - a)                                 where the tensor has an a stream
 *
 * and then, where the flags ask for it, w = a, and 0 for a w below 0. s is left at zero. A tensor with a d stream gets
 * the change of w there, 0 - (lambda * w + step * d), and keeps w and a as they are.
 *
 * A neutral scalar (grad_scale 1, clip +inf, l2 0, num_m 1, num_g 0, nu_scale 1, root 0, eps_in 0, lambda 0) means
 * that its operation is not done at all. flush turns a magnitude below FLT_MIN into +0, where eps or eps_in is at least
 * 2^-39 or root at least 2^-78, so that it cannot show in the quotient. docs/numerics.md has the reasons.
 *
 * The library imports nothing, allocates nothing, keeps no state and starts no threads. Every function checks
 * its arguments before it changes anything and answers with a status; of a job, all tensors, also those outside its
 * range.
 */
#ifndef NATIVE_ADAMAX_H
#define NATIVE_ADAMAX_H

#include <stddef.h>
#include <stdint.h>

#if defined(NA_STATIC)
#define NA_API
#elif defined(_WIN32)
#define NA_API __declspec(dllexport)
#else
#define NA_API __attribute__((visibility("default")))
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* Raised with every change of a struct, a function or a meaning below. */
#define NA_ABI_VERSION 3

/* Status codes. */
#define NA_OK 0
#define NA_ERROR_NULL 1      /* a pointer that the call needs is null */
#define NA_ERROR_RANGE 2     /* begin > end, end beyond the tensors, or a count whose bytes exceed the address space */
#define NA_ERROR_ROW 3       /* a tensor's row is not below row_count */
#define NA_ERROR_ALIGNMENT 4 /* a stream is not aligned to its elements */
#define NA_ERROR_ISA 5       /* this build or this CPU does not have the instruction set */
#define NA_ERROR_KERNELS 6   /* kernels was not given by na_kernels_open */
#define NA_ERROR_CAPACITY 7  /* an output array is too small */
#define NA_ERROR_FORMAT 8    /* a packed stream's format is none, or not one for that stream */

/* Instruction sets. */
#define NA_ISA_BEST 0
#define NA_ISA_PORTABLE 1
#define NA_ISA_AVX2 2
#define NA_ISA_AVX512 3 /* F, VL, DQ and BW */
#define NA_ISA_NEON 4

/* na_scalars.flags */
#define NA_ZERO_GRAD 1u     /* store 0 over the gradient that was read */
#define NA_EMA_OVERWRITE 2u /* store a over w too */
#define NA_NON_NEGATIVE 4u  /* store 0 for a w below 0 */

/* Elements whose squares share one sum of na_sum_squares_f32. */
#define NA_SUM_BLOCK 4096

/*
 * Formats of packed streams. The arithmetic of a step is the same for all: what it reads was unpacked before, what it
 * stored is packed after. NaN stays NaN.
 */

/* The upper half of a float's bits; rounded to nearest even. */
#define NA_BF16 1

/* IEEE binary16; rounded to nearest even. */
#define NA_F16 2

/*
 * bf16; away from zero where a random number of 16 bits is below the lower half, but never from finite to infinite.
 * Element i takes half i % 8 (lower halves first) of the four words of Philox4x32-10 with the key (seed, seed >> 32) and,
 * with c = i / 8, the counter
 *     (c, step, tensor, stream | (c >> 32) << 8 | (step >> 32) << 16)
 * where streams are numbered in the order of na_packing. Counts stay below 2^43, steps below 2^48, tensors below 2^32.
 */
#define NA_BF16_RANDOM 3

/* The bits themselves: a bf16 h, the upper half rounded half up, and an int16_t rest; bits = h * 2^16 + rest. */
#define NA_BF16_REST16 4

/* The bits rounded to a multiple of 256, to nearest even: bf16 h and int8_t rest; bits = h * 2^16 + rest * 256. */
#define NA_BF16_REST8 5

/*
 * Blocks of NA_BLOCK elements (the last one of a tensor may be shorter) with their largest magnitude as scale. A block
 * becomes NaN where that is not finite, and zeros where it is below the smallest normal float; its codes are those of
 * 0.
 */

/* int8_t c = x / 2 / (scale / 2 + |x / 2|) * 254, to nearest even; x = scale * (c / (254 - |c|)) */
#define NA_SOFTSIGN8 6

/*
 * uint8_t c = sqrt(|x|) * (255 / sqrt(scale)), to nearest even, at most 255, and at least 1 unless x is 0;
 * x = scale * (t * t), t = c * (1 / 255)
 */
#define NA_SQRT8 7

/*
 * uint8_t c: how many thresholds are at most x / scale; x = scale * values[c]. Where values[0] is below 0 and
 * scale * -values[0] less than N, the largest magnitude of what is below 0, the scale is N / -values[0] instead, at
 * most the largest float: so that -N has a code.
 */
#define NA_BOOK8 8

/* The same in four bits, two elements a byte, the first one in the lower half. */
#define NA_BOOK4 9

/* Elements that share a scale. */
#define NA_BLOCK 256

/* Floats of a job's scratch memory. */
#define NA_SCRATCH 10240

/* The kernels of one instruction set. */
typedef struct na_kernels na_kernels;

/* The scalars of one step. Tensors choose their row by number. */
typedef struct na_scalars {
    float grad_scale;
    float clip;
    float l2;
    float c1; /* 1 - beta1 */
    float c2; /* 1 - beta2 */
    float v_cap;
    float nu_scale;
    float root;
    float eps;
    float eps_in;
    float num_m;
    float num_g;
    float lambda; /* decoupled weight decay, times the learning rate */
    float step;
    float ema; /* 1 - momentum */
    uint32_t flags;
} na_scalars;

/* A stream that is not kept as floats. A null data: it is, or is not there. */
typedef struct na_packed {
    void *data;        /* uint16_t, int8_t or uint8_t: an element each, or half of one */
    void *beside;      /* the rests, or the scales of the blocks as float; null for other formats */
    const float *book; /* 256 (of BOOK4 16) rising values, and behind them one threshold fewer, rising; else null */
    uint32_t format;   /* NA_BF16 ... */
    uint32_t reserved; /* 0 */
} na_packed;

/* The packed streams of one tensor, and what random rounding is keyed by. */
typedef struct na_packing {
    na_packed w;
    na_packed g;
    na_packed m;
    na_packed v;
    na_packed x;
    na_packed a;
    na_packed s;
    na_packed d;
    na_packed copy; /* of the weights, whenever they are stored: BF16, F16 or BF16_RANDOM */
    uint64_t seed;
    uint64_t step;
    uint64_t tensor;
} na_packing;

/*
 * The streams of one tensor, each of count elements and none overlapping another. Null: the stream is not there, or is
 * packed.
 */
typedef struct na_tensor {
    float *w;                  /* weights */
    float *g;                  /* gradient */
    float *m;                  /* first moment */
    float *v;                  /* second moment, or Adamax's infinity norm */
    float *x;                  /* AMSGrad's maximum */
    float *a;                  /* moving average of the weights */
    float *s;                  /* sum of gradients */
    float *d;                  /* the change of w, to be added to it */
    const na_packing *packing; /* null: nothing is packed */
    uint64_t count;
    uint32_t row;
    uint32_t steps; /* rows that a replay takes, from row on; 0 elsewhere */
} na_tensor;

/*
 * What one call works on: elements begin to end - 1 of all tensors laid end to end. In a tensor with a format of blocks
 * they fall on a block's start or on the tensor's end.
 */
typedef struct na_job {
    const na_kernels *kernels;
    const na_scalars *rows;
    const na_tensor *tensors;
    uint64_t row_count;
    uint64_t tensor_count;
    uint64_t begin;
    uint64_t end;
    float *scratch; /* NA_SCRATCH floats for this call alone, aligned to 64 bytes; null if no tensor has a packing */
} na_job;

/* A size (field null) or an offset of a struct of this header, as the library was compiled. */
typedef struct na_layout_entry {
    const char *type;
    const char *field;
    uint64_t value;
} na_layout_entry;

NA_API uint32_t na_abi_version(void);

/* The layout table, for bindings to check themselves against. */
NA_API int32_t na_layout(const na_layout_entry **entries, uint64_t *count);

/* The kernels of an instruction set that this CPU and its operating system can run. CPUID is slow: keep the answer. */
NA_API int32_t na_kernels_open(int32_t isa, const na_kernels **kernels);

/* The instruction set of kernels. */
NA_API int32_t na_kernels_isa(const na_kernels *kernels, int32_t *isa);

/* One step. Needs w, g, m and v; reads and writes x, a, s and d where they are there. Adamax ignores x. */
NA_API int32_t na_adam_f32(const na_job *job);
NA_API int32_t na_adamax_f32(const na_job *job);

/*
 * The steps of rows row, row + 1, ..., row + steps - 1 with a gradient of zero, one after the other in registers: what
 * a tensor missed that was left out of so many calls. Needs w, m and v; reads and writes x where it is there.
 */
NA_API int32_t na_adam_replay_f32(const na_job *job);
NA_API int32_t na_adamax_replay_f32(const na_job *job);

/* a = a + ema * (w - a). Needs w and a. */
NA_API int32_t na_ema_f32(const na_job *job);

/* s = s + grad_scale * g, then g = 0 with NA_ZERO_GRAD. Needs g and s. */
NA_API int32_t na_accumulate_f32(const na_job *job);

/* w = g, bit for bit but for what their formats round: packs, unpacks, or writes a copy. Needs g and w. */
NA_API int32_t na_copy_f32(const na_job *job);

/*
 * Sums of g * g in double, exact products, one sum for every NA_SUM_BLOCK elements of a tensor (the last block of a
 * tensor may be shorter). begin and end must fall on a block's start or a tensor's end; block_sums[0] belongs to the
 * block at begin. Within a block, element i adds to lane i % 32 in rising order, and lanes are added as
 * s[i] += s[i + h] for h = 16, 8, 4, 2, 1. A sum is not finite if, and only if, an element is not. Rows are not read.
 */
NA_API int32_t na_sum_squares_f32(const na_job *job, double *block_sums, uint64_t capacity);

/*
 * The first element of g that is infinite or NaN: its tensor and its index there; tensor_count and 0 if none is. Rows
 * are not read.
 */
NA_API int32_t na_first_nonfinite_f32(const na_job *job, uint64_t *tensor, uint64_t *index);

#ifdef __cplusplus
}
#endif
#endif
