/* The parts of the benchmark. */
#ifndef SECTIONS_H
#define SECTIONS_H

#include "cases.h"
#include "results.h"
#include "roof.h"
#include "streams.h"

enum { MOST_ISAS = 4 };

typedef struct {
    int quick;
    const char *op;   /* only cases whose name begins so, or null */
    size_t elements;  /* only this size, or 0 */
    const char *only; /* only this layout, or null */
    int threads;      /* only so many, or 0: one and all */
    double seconds;   /* of a row */
    int isa_count;    /* the best first */
    int32_t isas[MOST_ISAS];
    const na_kernels *kernels[MOST_ISAS];
    const struct roof *roofs[MOST_ISAS];
    results *out;
} settings;

int asked_for(const settings *s, const char *name);

/* Every case by size, layout and threads, beside the roof of its pattern. */
void run_sizes(const settings *s);

/* Gradients that are denormal, and parameters whose gradient stopped. */
void run_denormals(const settings *s);

/* Lists of small tensors: one call against the roof over the same list, and against a call a tensor. */
void run_lists(const settings *s);

/* Combinations of packed streams against float32 and against the bytes that they move. */
void run_precision(const settings *s);

#endif
