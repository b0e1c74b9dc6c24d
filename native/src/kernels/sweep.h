/*
 * How an op's block runs over a range: vectors up to the first aligned one as one part of a vector, then four vectors
 * at a time, single vectors, and the rest as one part of a vector. A block loads all it needs before its first store:
 * neighbouring arrays often lie a few bytes apart modulo 4096, where an early store delays the loads behind it.
 *
 * BLOCK(t, ahead, k, on, i, vectors, lanes) works on `vectors` vectors of `lanes` lanes from element i, and prefetches
 * what lies at element i of `ahead`: the same tensor 1 KiB further, then the head of the next one. 1 KiB was the
 * best distance in the outer caches and costs nothing in the inner ones.
 */
#define NA_AHEAD 256

/* The statements four times or once, with j a constant, so that arrays indexed by it live in registers. */
#define NA_EACH(j, vectors, ...)                                                                                       \
    do {                                                                                                               \
        {                                                                                                              \
            enum { j = 0 };                                                                                            \
            __VA_ARGS__                                                                                                \
        }                                                                                                              \
        if ((vectors) > 1) {                                                                                           \
            {                                                                                                          \
                enum { j = 1 };                                                                                        \
                __VA_ARGS__                                                                                            \
            }                                                                                                          \
            {                                                                                                          \
                enum { j = 2 };                                                                                        \
                __VA_ARGS__                                                                                            \
            }                                                                                                          \
            {                                                                                                          \
                enum { j = 3 };                                                                                        \
                __VA_ARGS__                                                                                            \
            }                                                                                                          \
        }                                                                                                              \
    } while (0)

/* Asks for the cache lines under the four vectors at p + i, an address that need not be of any array. */
NA_INLINE void na_prefetch_block(const float *p, size_t i)
{
    const uintptr_t address = (uintptr_t)p + i * sizeof(float);
    na_prefetch((const void *)address);
    if (NA_LANES >= 8)
        na_prefetch((const void *)(address + 64));
    if (NA_LANES >= 16) {
        na_prefetch((const void *)(address + 128));
        na_prefetch((const void *)(address + 192));
    }
}

/* Elements from p to the first vector boundary, at most n. */
NA_INLINE size_t na_head(const float *p, size_t n)
{
    const size_t past = ((uintptr_t)p / sizeof(float)) % NA_LANES;
    const size_t head = past == 0 ? 0 : NA_LANES - past;
    return head < n ? head : n;
}

/* Streams such that element i of the answer is element i + offset of t. */
NA_INLINE na_tensor na_shifted(const na_tensor *t, ptrdiff_t offset)
{
    na_tensor r = *t;
    r.w = (float *)((uintptr_t)r.w + (uintptr_t)offset * sizeof(float));
    r.g = (float *)((uintptr_t)r.g + (uintptr_t)offset * sizeof(float));
    r.m = (float *)((uintptr_t)r.m + (uintptr_t)offset * sizeof(float));
    r.v = (float *)((uintptr_t)r.v + (uintptr_t)offset * sizeof(float));
    r.x = (float *)((uintptr_t)r.x + (uintptr_t)offset * sizeof(float));
    r.a = (float *)((uintptr_t)r.a + (uintptr_t)offset * sizeof(float));
    r.s = (float *)((uintptr_t)r.s + (uintptr_t)offset * sizeof(float));
    r.d = (float *)((uintptr_t)r.d + (uintptr_t)offset * sizeof(float));
    return r;
}

#define NA_SWEEP(BLOCK, stream, t, next, k, on, begin, end)                                                            \
    do {                                                                                                               \
        size_t i = (begin);                                                                                            \
        const size_t head = na_head((t)->stream + i, (end)-i);                                                         \
        size_t part;                                                                                                   \
        if (head > 0) {                                                                                                \
            BLOCK(t, t, k, on, i, 1, head);                                                                            \
            i += head;                                                                                                 \
        }                                                                                                              \
        for (part = 0; part < 2; ++part) {                                                                             \
            const size_t stop = part == 0 ? ((end)-i > NA_AHEAD ? (end)-NA_AHEAD : i) : (end);                         \
            const na_tensor ahead = part == 0     ? na_shifted(t, NA_AHEAD)                                            \
                                    : (next) != 0 ? na_shifted(next, -(ptrdiff_t)i)                                    \
                                                  : *(t);                                                              \
            for (; stop - i >= 4 * NA_LANES; i += 4 * NA_LANES)                                                        \
                BLOCK(t, &ahead, k, on, i, 4, NA_LANES);                                                               \
        }                                                                                                              \
        for (; (end)-i >= NA_LANES; i += NA_LANES)                                                                     \
            BLOCK(t, t, k, on, i, 1, NA_LANES);                                                                        \
        if (i < (end))                                                                                                 \
            BLOCK(t, t, k, on, i, 1, (end)-i);                                                                         \
    } while (0)
