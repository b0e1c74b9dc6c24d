/* The exports: every argument is checked before anything is changed, then the tensors of the range are walked. */
#include "internal.h"

#include "checks.h"

uint32_t na_abi_version(void)
{
    return NA_ABI_VERSION;
}

/* The best first. */
static const struct na_kernels *const tables[] = {
#if defined(NA_X64)
    &na_kernels_avx512,
    &na_kernels_avx2,
#elif defined(NA_ARM64)
    &na_kernels_neon,
#endif
    &na_kernels_portable,
};

enum { TABLES = sizeof tables / sizeof tables[0] };

int32_t na_kernels_open(int32_t isa, const na_kernels **kernels)
{
    int i;
    if (kernels == 0)
        return NA_ERROR_NULL;
    for (i = 0; i < TABLES; ++i) {
        if ((isa == NA_ISA_BEST || isa == tables[i]->isa) && na_cpu_has(tables[i]->isa)) {
            *kernels = tables[i];
            return NA_OK;
        }
    }
    return NA_ERROR_ISA;
}

static int known(const na_kernels *kernels)
{
    int i;
    for (i = 0; i < TABLES; ++i)
        if (kernels == tables[i])
            return 1;
    return 0;
}

int32_t na_kernels_isa(const na_kernels *kernels, int32_t *isa)
{
    if (kernels == 0 || isa == 0)
        return NA_ERROR_NULL;
    if (!known(kernels))
        return NA_ERROR_KERNELS;
    *isa = kernels->isa;
    return NA_OK;
}

/* na_row_options. The rarer ones are asked for one by one only where there is one: a short call would notice. */
NA_INLINE unsigned row_options(const na_scalars *r)
{
    const uint32_t one = na_bits(1.0f);
    const uint32_t not_neutral = (na_bits(r->clip) ^ na_bits(na_infinity())) | (na_bits(r->num_m) ^ one) |
                                 (na_bits(r->nu_scale) ^ one) |
                                 (na_bits(r->num_g) | na_bits(r->root) | na_bits(r->eps_in)) << 1;
    return not_neutral == 0 ? na_usual_options(r) : na_row_options(r);
}

/* Elements whose streams probably are in the second cache: half a megabyte of Adam's. */
#define NEAR_ELEMENTS 32768

/* Calls the op for the part of every tensor that lies between begin and end. */
NA_INLINE int32_t walk(const na_job *job, const na_op *op, const na_sweeps *sweeps)
{
    const uint64_t from = job->begin, to = job->end;
    const na_tensor *t = job->tensors, *const none = t + job->tensor_count;
    const na_scalars *row = 0;
    const int near = to - from <= NEAR_ELEMENTS;
    unsigned on = 0;
    uint64_t start = 0;
    for (; t != none && start < to; start += t->count, ++t) {
        const uint64_t begin = from > start ? from - start : 0;
        const uint64_t end = to - start < t->count ? to - start : t->count;
        const int last = t + 1 == none || to - start <= t->count;
        if (begin >= end)
            continue;
        if (row != job->rows + t->row) {
            row = job->rows + t->row;
            on = row_options(row);
        }
        if (t->packing != 0)
            sweeps->packed(t, op, row, on, (size_t)begin, (size_t)end, job->scratch);
        else
            sweeps->floats(t, near ? t : last ? 0 : t + 1, row, on | na_stream_options(t), (size_t)begin, (size_t)end);
    }
    return NA_OK;
}

int32_t na_adam_f32(const na_job *job)
{
    static const na_op op = {W | G | M | V, X | A | S | D, W | G | M | V | X | A | S, W | G | M | V | X | A | S | D};
    const int32_t status = check(job, &op, 1);
    return status != NA_OK ? status : walk(job, &op, &job->kernels->adam);
}

int32_t na_adamax_f32(const na_job *job)
{
    static const na_op op = {W | G | M | V, A | S | D, W | G | M | V | A | S, W | G | M | V | A | S | D};
    const int32_t status = check(job, &op, 1);
    return status != NA_OK ? status : walk(job, &op, &job->kernels->adamax);
}

int32_t na_adam_replay_f32(const na_job *job)
{
    static const na_op op = {W | M | V, X, W | M | V | X, W | M | V | X};
    const int32_t status = check(job, &op, 1);
    return status != NA_OK ? status : walk(job, &op, &job->kernels->adam_replay);
}

int32_t na_adamax_replay_f32(const na_job *job)
{
    static const na_op op = {W | M | V, 0, W | M | V, W | M | V};
    const int32_t status = check(job, &op, 1);
    return status != NA_OK ? status : walk(job, &op, &job->kernels->adamax_replay);
}

int32_t na_ema_f32(const na_job *job)
{
    static const na_op op = {W | A, 0, W | A, A};
    const int32_t status = check(job, &op, 1);
    return status != NA_OK ? status : walk(job, &op, &job->kernels->ema);
}

int32_t na_accumulate_f32(const na_job *job)
{
    static const na_op op = {G | S, 0, G | S, G | S};
    const int32_t status = check(job, &op, 1);
    return status != NA_OK ? status : walk(job, &op, &job->kernels->accumulate);
}

int32_t na_copy_f32(const na_job *job)
{
    static const na_op op = {W | G, 0, G, W};
    const int32_t status = check(job, &op, 1);
    return status != NA_OK ? status : walk(job, &op, &job->kernels->copy);
}

/* What the ops that answer with a number read. */
static const na_op gradient_op = {G, 0, G, 0};

/* Elements begin to begin + count - 1 of the gradient as floats: where they are, or in scratch memory. */
static const float *gradient_of(const na_job *job, const na_tensor *t, uint64_t begin, size_t count)
{
    if (t->g != 0)
        return t->g + begin;
    job->kernels->unpack(&t->packing->g, job->scratch, (size_t)begin, count);
    return job->scratch;
}

/* Whether a position of a tensor can be where a range of blocks begins or ends. */
static int on_block(const na_tensor *t, uint64_t position)
{
    return position % NA_SUM_BLOCK == 0 || position >= t->count;
}

int32_t na_sum_squares_f32(const na_job *job, double *block_sums, uint64_t capacity)
{
    const int32_t status = check(job, &gradient_op, 0);
    uint64_t i, start = 0, blocks = 0;
    int pass;
    if (status != NA_OK)
        return status;
    for (pass = 0; pass < 2; ++pass) {
        for (i = 0, start = 0, blocks = 0; i < job->tensor_count && start < job->end;
             start += job->tensors[i].count, ++i) {
            const na_tensor *t = job->tensors + i;
            uint64_t at = job->begin > start ? job->begin - start : 0;
            const uint64_t end = job->end - start < t->count ? job->end - start : t->count;
            if (!on_block(t, at) || !on_block(t, end))
                return NA_ERROR_RANGE;
            for (; at < end; at += NA_SUM_BLOCK, ++blocks) {
                const size_t count = (size_t)(end - at < NA_SUM_BLOCK ? end - at : NA_SUM_BLOCK);
                if (pass == 1)
                    block_sums[blocks] = job->kernels->sum_squares(gradient_of(job, t, at, count), count);
            }
        }
        if (blocks > capacity)
            return NA_ERROR_CAPACITY;
        if (blocks > 0 && block_sums == 0)
            return NA_ERROR_NULL;
    }
    return NA_OK;
}

/* Its index in t; end if there is none. */
static uint64_t first_nonfinite(const na_job *job, const na_tensor *t, uint64_t begin, uint64_t end)
{
    uint64_t at, next;
    if (t->g != 0)
        return job->kernels->first_nonfinite(t->g, (size_t)begin, (size_t)end);
    for (at = begin; at < end; at = next) {
        const uint64_t border = at / NA_SUM_BLOCK * NA_SUM_BLOCK + NA_SUM_BLOCK;
        const size_t count = (size_t)((end < border ? end : border) - at);
        const float *g = gradient_of(job, t, at, count);
        const size_t found = job->kernels->first_nonfinite(g, 0, count);
        if (found < count)
            return at + found;
        next = at + count;
    }
    return end;
}

int32_t na_first_nonfinite_f32(const na_job *job, uint64_t *tensor, uint64_t *index)
{
    const int32_t status = check(job, &gradient_op, 0);
    uint64_t i, start = 0;
    if (status != NA_OK)
        return status;
    if (tensor == 0 || index == 0)
        return NA_ERROR_NULL;
    for (i = 0; i < job->tensor_count && start < job->end; start += job->tensors[i].count, ++i) {
        const na_tensor *t = job->tensors + i;
        const uint64_t begin = job->begin > start ? job->begin - start : 0;
        const uint64_t end = job->end - start < t->count ? job->end - start : t->count;
        const uint64_t at = begin < end ? first_nonfinite(job, t, begin, end) : end;
        if (at < end) {
            *tensor = i;
            *index = at;
            return NA_OK;
        }
    }
    *tensor = job->tensor_count;
    *index = 0;
    return NA_OK;
}
