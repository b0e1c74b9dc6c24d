/*
 * How an op's block runs over a range: elements up to the first aligned vector as one part of a vector, then several
 * vectors at a time, single vectors, and the rest as one part of a vector. A block loads all it needs before its first
 * store: neighbouring arrays often lie a few bytes apart modulo 4096, where an early store delays the loads behind it.
 * Four vectors at a time then are best, and two where all streams are aligned, as the library's own are. A block takes
 * its vectors through one operation after the other: the next divide does not wait behind the whole chain of the one
 * before, and an option is asked for once a block.
 *
 * BLOCK(t, ahead, at, k, on, i, vectors, lanes) works on `vectors` vectors of `lanes` lanes from element i, and
 * prefetches what lies at element `at` of `ahead`, unless that is null: the same tensor 256 bytes further, then the
 * head of the next one. In the inner caches prefetching only costs, 3 to 8 %, which is why a small call does without.
 */
#define NA_AHEAD 64

/* Where only one stream is read, the lines of so many streams are its own: 4 KiB. */
#define NA_FAR_AHEAD 1024

/* The statements four times, twice or once, with j a constant, so that arrays indexed by it live in registers. */
#define NA_EACH(j, vectors, ...)                                                                                       \
    do {                                                                                                               \
        {                                                                                                              \
            enum { j = 0 };                                                                                            \
            __VA_ARGS__                                                                                                \
        }                                                                                                              \
        if ((vectors) > 1) {                                                                                           \
            enum { j = 1 };                                                                                            \
            __VA_ARGS__                                                                                                \
        }                                                                                                              \
        if ((vectors) > 2) {                                                                                           \
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

/* Asks for the cache lines under so many vectors at p + i, an address that need not be of any array. */
NA_INLINE void na_prefetch_block(const float *p, size_t i, int vectors)
{
    const uintptr_t address = (uintptr_t)p + i * sizeof(float);
    const size_t bytes = (size_t)vectors * NA_LANES * sizeof(float);
    na_prefetch((const void *)address);
    if (bytes > 64)
        na_prefetch((const void *)(address + 64));
    if (bytes > 128) {
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

/* Whether element i of every stream is where a vector begins. A stream that is not there counts as one of address 0. */
NA_INLINE int na_aligned(const na_tensor *t, size_t i)
{
    const uintptr_t past = i * sizeof(float);
    return (((uintptr_t)t->w + past) | ((uintptr_t)t->g + past) | ((uintptr_t)t->m + past) | ((uintptr_t)t->v + past) |
            ((uintptr_t)t->x + past) | ((uintptr_t)t->a + past) | ((uintptr_t)t->s + past) | ((uintptr_t)t->d + past)) %
               (NA_LANES * sizeof(float)) ==
           0;
}

#define NA_LOOP(BLOCK, vectors, t, ahead, at, k, on, i, end)                                                           \
    for (; (end)-i >= (vectors)*NA_LANES; i += (vectors)*NA_LANES)                                                     \
    BLOCK(t, ahead, at, k, on, i, vectors, NA_LANES)

/* Its copies of tensors are ones that no store can change, so that the compiler keeps the pointers in registers. */
#if NA_LANES == 1
/* Plain C, which the compiler makes vectors of as it can. */
#define NA_SWEEP(BLOCK, stream, t, next, k, on, begin, end)                                                            \
    do {                                                                                                               \
        const na_tensor self = *(t);                                                                                   \
        size_t i;                                                                                                      \
        (void)(next);                                                                                                  \
        for (i = (begin); i < (end); ++i)                                                                              \
            BLOCK(&self, 0, 0, k, on, i, 1, 1);                                                                        \
    } while (0)
#else
#define NA_SWEEP(BLOCK, stream, t, next, k, on, begin, end)                                                            \
    do {                                                                                                               \
        const na_tensor self = *(t);                                                                                   \
        const int near = (next) == (t);                                                                                \
        size_t i = (begin);                                                                                            \
        const size_t head = na_head(self.stream + i, (end)-i);                                                         \
        size_t stop;                                                                                                   \
        if (head > 0) {                                                                                                \
            BLOCK(&self, 0, 0, k, on, i, 1, head);                                                                     \
            i += head;                                                                                                 \
        }                                                                                                              \
        stop = !near && (end)-i > NA_AHEAD ? (end)-NA_AHEAD : i;                                                       \
        if (na_aligned(&self, i)) {                                                                                    \
            NA_LOOP(BLOCK, 2, &self, &self, i + NA_AHEAD, k, on, i, stop);                                             \
        } else if (near) {                                                                                             \
            NA_LOOP(BLOCK, 4, &self, 0, 0, k, on, i, end);                                                             \
        } else {                                                                                                       \
            NA_LOOP(BLOCK, 4, &self, &self, i + NA_AHEAD, k, on, i, stop);                                             \
        }                                                                                                              \
        if ((next) != 0 && !near) {                                                                                    \
            const na_tensor after = *(next);                                                                           \
            const size_t from = i;                                                                                     \
            NA_LOOP(BLOCK, 2, &self, &after, i - from, k, on, i, end);                                                 \
        }                                                                                                              \
        NA_LOOP(BLOCK, 2, &self, 0, 0, k, on, i, end);                                                                 \
        NA_LOOP(BLOCK, 1, &self, 0, 0, k, on, i, end);                                                                 \
        if (i < (end))                                                                                                 \
            BLOCK(&self, 0, 0, k, on, i, 1, (end)-i);                                                                  \
    } while (0)
#endif
