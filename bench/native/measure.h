/* Interleaved measurement: round by round, each contender in turn, so that what else the machine does hits all alike.
 */
#ifndef MEASURE_H
#define MEASURE_H

#include <stddef.h>

enum { MOST_CONTENDERS = 10, MOST_ROUNDS = 401 };

typedef struct {
    void (*run)(void *context, int thread); /* one call; of several threads each does its part */
    void *context;
} contender;

typedef struct {
    int threads;
    size_t elements;               /* a call's, for the time of one */
    double seconds;                /* that all may take, about */
    void (*before)(void *context); /* before every batch, not timed; may be null */
    void *context;
    void (*probe)(int turns); /* see roof.h */
    int calls;                /* of a batch; 0: as many as make it long enough for the clock */
} plan;

typedef struct {
    double ns[MOST_CONTENDERS]; /* medians, of one element */
    double rounds[MOST_CONTENDERS][MOST_ROUNDS];
    int round_count; /* that count: where the CPU was not shared, if there were some */
    int quiet;       /* whether there were */
    int count;
} timings;

/* Takes a second to find out how fast the probe can be. */
void measure_calibrate(void (*probe)(int turns));

void measure(const plan *p, const contender *contenders, int count, timings *t);

/* The median over the rounds of contender i's time as a multiple of the shortest of contenders first to last - 1. */
double ratio_to(const timings *t, int i, int first, int last);

#endif
