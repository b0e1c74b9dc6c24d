/* What is measured: every op with the options that a user would choose. */
#ifndef CASES_H
#define CASES_H

#include "native_adamax.h"

/* What the case is held to. NEUTRAL: no options, where the divider or the caches bind. UPDATE: an optimizer's step. */
enum { NEUTRAL_ADAM, NEUTRAL_ADAMAX, UPDATE, OTHER };

typedef struct {
    const char *name;
    int32_t (*run)(const na_job *job);
    unsigned options;
    int kind;
    int quick; /* also measured with --quick */

    /* Filled in by cases_open. */
    unsigned reads, writes; /* streams, see roof.h */
    na_scalars scalars;
} bench_case;

extern bench_case bench_cases[];
extern const size_t bench_case_count;

void cases_open(void);

#endif
