/* Rows of results: printed as they come, written as a table for the report, and held to their limits. */
#ifndef RESULTS_H
#define RESULTS_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

typedef struct {
    const char *op, *isa, *layout;
    size_t elements;
    int threads;
    double ns, reference_ns, ratio; /* ratio: to the reference, the median over rounds */
    const char *reference;
    double limit;       /* of the ratio; 0: the row is held to nothing */
    double moved, kept; /* bytes an element, or 0 where they are not told */
} result;

typedef struct {
    FILE *table; /* tab-separated, or null */
    int rows, limited, missed, left_out, check;
    char last[160]; /* what the line before was about */
} results;

const char *isa_name(int32_t isa);

void results_open(results *r, FILE *table, int check);

void results_add(results *r, const result *row);

/* Of what could not be measured: a check fails by it. */
void results_leave_out(results *r, const char *op, size_t elements);

/* The summary; the exit status of the program. */
int results_close(results *r);

#endif
