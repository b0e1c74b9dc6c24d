/*
 * How an op's block runs over a range: elements up to the first aligned vector as one part of a vector, then four
 * vectors at a time, single vectors, and the rest as one part of a vector. A block loads all it needs before its first
 * store: neighbouring arrays often lie a few bytes apart modulo 4096, where an early store delays the loads behind it.
 * It takes its four vectors through one operation after the other: the next divide does not wait behind the whole
 * chain of the one before, and a test of an option is made once for four vectors.
 *
 * BLOCK(t, ahead, at, k, on, i, vectors, lanes) works on `vectors` vectors of `lanes` lanes from element i, and
 * prefetches what lies at element `at` of `ahead`, unless that is null: the same tensor 1 KiB further, then the head of
 * the next one. 1 KiB was the best distance in the outer caches. In the
 * inner ones prefetching only costs, 3 to 8 %, which is why a small call does without.
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

/* Its copy of the tensor is one that no store can change, so that the compiler keeps the pointers in registers. */
#define NA_SWEEP(BLOCK, stream, t, next, k, on, begin, end)                                                            \
    do {                                                                                                               \
        const na_tensor self = *(t);                                                                                   \
        size_t i = (begin);                                                                                            \
        const size_t head = na_head(self.stream + i, (end)-i);                                                         \
        size_t stop;                                                                                                   \
        if (head > 0) {                                                                                                \
            BLOCK(&self, 0, 0, k, on, i, 1, head);                                                                     \
            i += head;                                                                                                 \
        }                                                                                                              \
        stop = (next) != (t) && (end)-i > NA_AHEAD ? (end)-NA_AHEAD : i;                                               \
        for (; stop - i >= 4 * NA_LANES; i += 4 * NA_LANES)                                                            \
            BLOCK(&self, &self, i + NA_AHEAD, k, on, i, 4, NA_LANES);                                                  \
        if ((next) != 0 && (next) != (t)) {                                                                            \
            const na_tensor after = *(next);                                                                           \
            const size_t from = i;                                                                                     \
            for (; (end)-i >= 4 * NA_LANES; i += 4 * NA_LANES)                                                         \
                BLOCK(&self, &after, i - from, k, on, i, 4, NA_LANES);                                                 \
        }                                                                                                              \
        for (; (end)-i >= 4 * NA_LANES; i += 4 * NA_LANES)                                                             \
            BLOCK(&self, 0, 0, k, on, i, 4, NA_LANES);                                                                 \
        for (; (end)-i >= NA_LANES; i += NA_LANES)                                                                     \
            BLOCK(&self, 0, 0, k, on, i, 1, NA_LANES);                                                                 \
        if (i < (end))                                                                                                 \
            BLOCK(&self, 0, 0, k, on, i, 1, (end)-i);                                                                  \
    } while (0)
