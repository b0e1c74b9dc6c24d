#ifndef NA_TEST_DATA_H
#define NA_TEST_DATA_H

#include "op.h"
#include "random.h"

#include <stddef.h>

/* What a buffer is filled with. */
typedef enum data_kind {
    ORDINARY,  /* magnitudes about 1 */
    SPRINKLED, /* every eighth number special */
    SPECIALS,  /* NaN, infinities, zeros, denormals, the largest, the smallest */
    TINY,      /* around the smallest normal number */
    HUGE_SIZES,
    DATA_KINDS
} data_kind;

/*
 * Fills count elements for a stream. Second moments and maxima (v, x) are what training can leave there: +0 and above,
 * or NaN; the others have both signs.
 */
void na_fill(float *p, size_t count, int stream, data_kind kind, random_source *r);

uint32_t na_bits(float x);
float na_from_bits(uint32_t bits);

/* The first element where two arrays differ in a bit, all NaN being the same; count if none does. */
size_t na_first_difference(const float *a, const float *b, size_t count);

/* A row of scalars: option bit set, one of the values that are not neutral; else neutral. */
na_scalars na_make_row(unsigned options, uint32_t flags, random_source *r);

/* In one of the scalars that may take any value at all, puts a special one. */
void na_make_wild(na_scalars *row, random_source *r);

/* The row as text, in a buffer that the next call reuses. */
const char *na_row_text(const na_scalars *row);

#endif
