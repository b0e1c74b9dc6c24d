#ifndef NA_TEST_OP_H
#define NA_TEST_OP_H

#include "native_adamax.h"

/* The streams of na_tensor, as bits, in the order of its fields. */
enum { W = 1, G = 2, M = 4, V = 8, X = 16, A = 32, S = 64, D = 128, STREAM_COUNT = 8 };

/* The scalars that can be neutral, as bits, in the order of scalars.def. */
enum {
    GRAD_SCALE = 1,
    CLIP = 2,
    L2 = 4,
    V_CAP = 8,
    NU_SCALE = 16,
    ROOT = 32,
    EPS = 64,
    EPS_IN = 128,
    NUM_M = 256,
    NUM_G = 512,
    LAMBDA = 1024,
    SCALAR_COUNT = 11
};

typedef struct op {
    const char *name;
    int32_t (*run)(const na_job *job);
    void (*reference)(const na_scalars *k, const na_tensor *t, uint64_t begin, uint64_t end);
    unsigned needs;
    unsigned takes;
    unsigned writes;
    unsigned scalars;
    uint32_t flags;
    uint32_t most_steps;
} op;

extern const op na_ops[];
extern const unsigned na_op_count;

const op *na_find_op(const char *name);

/* The streams that a call with these flags writes in a tensor of these streams. */
unsigned na_written(const op *o, uint32_t flags, unsigned streams);

float *na_stream(const na_tensor *t, int stream);
void na_set_stream(na_tensor *t, int stream, float *p);
char na_stream_name(int stream);

#endif
