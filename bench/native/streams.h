/* The memory of a tensor's streams, laid out as the library's own or as neighbouring .NET arrays lie. */
#ifndef STREAMS_H
#define STREAMS_H

#include "native_adamax.h"

enum { FLOAT_STREAMS = 7 }; /* all but d */

typedef struct {
    const char *name;
    size_t first; /* bytes from a 4096-byte boundary to the first stream */
    size_t apart; /* bytes modulo 4096 from one stream to the next */
    int huge;     /* pages */
    int quick;
} layout;

extern const layout layouts[];
extern const size_t layout_count;

typedef struct {
    void *pages;
    size_t bytes;
    float *of[FLOAT_STREAMS]; /* in the order of na_tensor */
    size_t count;
} streams;

/* Reserves and fills all streams; answers 0 where there is not so much memory. */
int streams_open(streams *s, const layout *l, size_t count);

void streams_close(streams *s);

/* Fills the streams with those numbers of a run: the same at every call. */
void streams_fill(streams *s);

/* Those of `use`, in the bits of roof.h. */
na_tensor streams_tensor(const streams *s, unsigned use);

#endif
