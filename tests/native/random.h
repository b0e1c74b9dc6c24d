#ifndef NA_TEST_RANDOM_H
#define NA_TEST_RANDOM_H

#include <stdint.h>

/* Splitmix64: the same numbers on every platform, from any seed. */
typedef struct random_source {
    uint64_t state;
} random_source;

static inline uint64_t na_random(random_source *r)
{
    uint64_t z = r->state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

/* From 0 to bound - 1. */
static inline uint32_t na_random_below(random_source *r, uint32_t bound)
{
    return (uint32_t)((na_random(r) >> 32) * bound >> 32);
}

#endif
