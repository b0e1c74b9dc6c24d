/* What the kernels are measured against: loops over the same streams with trivial arithmetic, and the divider alone. */
#ifndef ROOF_H
#define ROOF_H

#include "internal.h" /* the streams as bits */

/* Every pattern of reads and writes that a case of cases.c has: a loop of each is compiled. */
#define ROOF_PATTERNS(PATTERN)                                                                                         \
    PATTERN(W | G | M | V, W | M | V)                                                                                  \
    PATTERN(W | G | M | V, W | G | M | V)                                                                              \
    PATTERN(W | G | M | V | X, W | M | V | X)                                                                          \
    PATTERN(W | G | M | V | A, W | M | V | A)                                                                          \
    PATTERN(W | G | M | V | A, W | G | M | V | A)                                                                      \
    PATTERN(W | G | M | V | X | A, W | G | M | V | X | A)                                                              \
    PATTERN(W | G | M | V | S, W | M | V | S)                                                                          \
    PATTERN(W | G | M | V | S, W | G | M | V | S)                                                                      \
    PATTERN(W | A, A)                                                                                                  \
    PATTERN(G | S, S)                                                                                                  \
    PATTERN(G | S, G | S)                                                                                              \
    PATTERN(G, 0)

/* Elements of a tile of streams whose elements are not floats. */
#define ROOF_TILE 256

/* One of them. bytes: of ROOF_TILE elements, at least 128. */
typedef struct {
    void *p;
    size_t bytes;
    int reads, writes;
} roof_stream;

struct roof {
    int32_t isa;
    /* Reads and writes back what is there; prefetch: as far ahead as the kernels. 0 if the pattern is not of
     * ROOF_PATTERNS. */
    void (*sweep)(const na_tensor *t, unsigned reads, unsigned writes, int prefetch, size_t begin, size_t end);
    /* The same of streams of any element size. begin and end: multiples of ROOF_TILE. */
    void (*bytes)(const roof_stream *streams, int count, int prefetch, size_t begin, size_t end);
    /* One divide and one square root an element, of elements in the first cache. */
    void (*divider)(const float *p, size_t count);
    /* As many additions and multiplications as fit into a cycle, none waiting for another. */
    void (*probe)(int turns);
};

extern const struct roof roof_portable;
extern const struct roof roof_avx2;
extern const struct roof roof_avx512;
extern const struct roof roof_neon;

/* That of an instruction set; null if this build has none. */
const struct roof *roof_of(int32_t isa);

/* Where results go that nothing needs, so that they are computed. */
extern volatile float roof_sink;

#endif
