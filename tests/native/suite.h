#ifndef NA_TEST_SUITE_H
#define NA_TEST_SUITE_H

#include "op.h"

/* What a suite works on. */
typedef struct suite_call {
    const op *op;              /* suites of scope OP */
    const na_kernels *kernels; /* of the instruction set under test; scope ONCE: the best */
    const na_kernels *portable;
    int quick; /* fewer combinations, for emulators and sanitizers */
} suite_call;

#define NA_SUITE(scope, name) void na_suite_##name(const suite_call *c);
#include "suites.def"
#undef NA_SUITE

/* Suites that take other arguments from the command line. */
void na_suite_best_isa_is(const char *isa);
void na_suite_library(const char *file, int packed, char **exports, int export_count);

const char *na_isa_name(int32_t isa);
int32_t na_isa_number(const char *name);

#endif
