#ifndef NA_TEST_PACKED_H
#define NA_TEST_PACKED_H

#include "data.h"

/* The streams of na_packing: those of na_tensor, and the copy of the weights. */
enum { COPY = STREAM_COUNT, PACKED_COUNT };

/* No tensor here has more elements: twice as many as a scratch has floats. */
enum { MOST_ELEMENTS = 2 * NA_SCRATCH };

na_packed *na_packed_stream(na_packing *packing, int stream);

int na_format_has_blocks(uint32_t format);
int na_format_has_book(uint32_t format);

/* Bytes of so many elements; format 0: floats. And the alignment of each. */
size_t na_data_bytes(uint32_t format, size_t count);
size_t na_beside_bytes(uint32_t format, size_t count);
size_t na_data_alignment(uint32_t format);
size_t na_beside_alignment(uint32_t format);

/*
 * Rising values from -1 or 0 to 1, with a 0 among them, and behind them thresholds halfway between neighbours, in a
 * format's number; null where it has no book.
 */
const float *na_book(uint32_t format, int from_zero);

/* A tensor whose streams lie in an array of bytes, each at an offset and alignment of its own. */
typedef struct packed_tensor {
    uint64_t count;
    uint32_t row, steps;
    unsigned streams; /* as bits, COPY's too */
    int has_blocks;   /* in a stream that the op uses */
    int has_packing;
    uint32_t format[PACKED_COUNT]; /* 0: floats */
    size_t data[PACKED_COUNT], beside[PACKED_COUNT];
    uint64_t seed, step, number;
} packed_tensor;

/* Formats for the streams of an op, and places for them from *used on. What is set besides: count, row, steps. */
void na_place_packed(packed_tensor *p, const op *o, unsigned streams, size_t *used, random_source *r);

/* Puts numbers of a kind into the streams. */
void na_fill_packed(const packed_tensor *p, unsigned char *bytes, data_kind kind, random_source *r);

/* The ABI's view of it. */
void na_view_packed(const packed_tensor *p, unsigned char *bytes, na_tensor *t, na_packing *packing);

/* What a call does to elements begin to end - 1: unpacks, runs the op's formula, packs what was stored. */
void na_reference_packed(const op *o, const na_scalars *row, const na_tensor *t, uint64_t begin, uint64_t end);

/* Fails unless `used` bytes are the same, floats that are NaN being the same. Changes the NaN of got. */
void na_compare_packed(const packed_tensor *tensors, uint64_t tensor_count, const unsigned char *expected,
                       unsigned char *got, size_t used);

/* A text for notes, in a buffer that the next call reuses. */
const char *na_formats_text(const packed_tensor *p);

/* Memory for the scratch of a job: exactly as much as the header asks for, up to a page that nothing can touch. */
float *na_scratch(void);

#endif
