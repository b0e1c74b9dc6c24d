/* The checks of a call, which every op has compiled for its own streams: nothing has been changed when they answer. */

static int known(const na_kernels *kernels);

static int32_t check_stream(const float *p, int needed)
{
    if (p == 0)
        return needed ? NA_ERROR_NULL : NA_OK;
    return (uintptr_t)p % sizeof(float) != 0 ? NA_ERROR_ALIGNMENT : NA_OK;
}

/* The first stream in order that is missing or misaligned decides. */
NA_APART int32_t fault_of(const na_tensor *t, int needs, int uses)
{
    const float *const streams[] = {t->w, t->g, t->m, t->v, t->x, t->a, t->s, t->d};
    int i;
    for (i = 0; i < STREAMS; ++i) {
        if ((needs | uses) & 1 << i) {
            const int32_t status = check_stream(streams[i], needs & 1 << i);
            if (status != NA_OK)
                return status;
        }
    }
    return NA_OK;
}

/* Usually all is well, which an operation or two a stream tell. */
NA_INLINE int32_t check_tensor(const na_tensor *t, const na_op *op, const float *scratch)
{
    const int needs = op->needs, all = needs | op->uses;
    uintptr_t bits = 0;
#define CHECK_STREAM(bit, p)                                                                                           \
    if ((needs & (bit)) && (p) == 0)                                                                                   \
        return t->count == 0 ? NA_OK : fault_of(t, needs, op->uses);                                                   \
    bits |= all & (bit) ? (uintptr_t)(p) : 0;
    if (t->count > SIZE_MAX / sizeof(float))
        return NA_ERROR_RANGE;
    if (t->packing != 0)
        return na_check_packed(t, op, scratch);
    CHECK_STREAM(W, t->w)
    CHECK_STREAM(G, t->g)
    CHECK_STREAM(M, t->m)
    CHECK_STREAM(V, t->v)
    CHECK_STREAM(X, t->x)
    CHECK_STREAM(A, t->a)
    CHECK_STREAM(S, t->s)
    CHECK_STREAM(D, t->d)
#undef CHECK_STREAM
    return t->count == 0 || bits % sizeof(float) == 0 ? NA_OK : fault_of(t, needs, op->uses);
}

/* Whether a range ends inside a block of a tensor's streams. */
static int cuts_block(const na_tensor *t, const na_op *op, uint64_t start, uint64_t position)
{
    return position > start && position - start < t->count && (position - start) % NA_BLOCK != 0 &&
           na_has_blocks(t, op);
}

NA_INLINE int32_t check(const na_job *job, const na_op *op, int with_rows)
{
    uint64_t i, total = 0;
    if (job == 0 || job->kernels == 0)
        return NA_ERROR_NULL;
    if (!known(job->kernels))
        return NA_ERROR_KERNELS;
    if (job->begin > job->end)
        return NA_ERROR_RANGE;
    if (job->tensors == 0 && job->tensor_count > 0)
        return NA_ERROR_NULL;
    for (i = 0; i < job->tensor_count; ++i) {
        const na_tensor *t = job->tensors + i;
        const int32_t status = check_tensor(t, op, job->scratch);
        if (status != NA_OK)
            return status;
        if (t->count > UINT64_MAX - total)
            return NA_ERROR_RANGE;
        if (t->packing != 0 && (cuts_block(t, op, total, job->begin) || cuts_block(t, op, total, job->end)))
            return NA_ERROR_RANGE;
        total += t->count;
        if (with_rows && (t->row >= job->row_count || t->steps > job->row_count - t->row))
            return NA_ERROR_ROW;
    }
    if (with_rows && job->rows == 0 && job->tensor_count > 0)
        return NA_ERROR_NULL;
    return job->end > total ? NA_ERROR_RANGE : NA_OK;
}
