/* Combinations of formats, and the memory of a tensor in one of them. */
#ifndef PACKINGS_H
#define PACKINGS_H

#include "roof.h"
#include "streams.h"

/* The formats of the streams, 0 where they are floats; copy: that of a copy of the weights, 0 where there is none. */
typedef struct {
    const char *name;
    uint32_t w, g, m, v, copy;
    int adamax;     /* also measured for Adamax */
    double fastest; /* at least so many times as fast as float32 at memory on one thread, or 0 */
} combination;

typedef struct {
    void *pages;
    size_t bytes;
    const streams *floats; /* those of float32, which it shares where a stream is not packed */
    na_packing packing;
    na_tensor tensor;
    roof_stream roof[10]; /* without the scales of blocks, which are a 64th of their codes */
    int roof_count;
    double moved, kept; /* bytes an element, of a step */
} packed_streams;

/* Reserves the packed streams of a combination; answers 0 where there is not so much memory. */
int packings_open(packed_streams *p, const combination *c, const streams *floats);

void packings_close(packed_streams *p);

/* Fills the streams of float32 and packs what is packed of them. scratch: as of a job. */
void packings_fill(packed_streams *p, const na_kernels *kernels, float *scratch);

/* Whether no element of the combination's streams is smaller than 16 bits. */
int packings_of_halves(const combination *c);

#endif
