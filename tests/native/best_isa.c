/* Which instruction set the library chooses, and that it opens those below it and no others. */
#include "check.h"
#include "suite.h"

void na_suite_best_isa_is(const char *name)
{
    const int32_t best = na_isa_number(name);
    const na_kernels *kernels = NULL;
    int32_t isa = 0;
    na_expect_status(NA_OK, na_kernels_open(NA_ISA_BEST, &kernels));
    na_expect_status(NA_OK, na_kernels_isa(kernels, &isa));
    if (isa != best)
        na_fail("the library chose %s, expected %s", na_isa_name(isa), name);
    for (int32_t i = NA_ISA_PORTABLE; i <= NA_ISA_NEON; ++i) {
        const int below = best == NA_ISA_NEON ? i == NA_ISA_PORTABLE : i < best;
        na_note("opening %s", na_isa_name(i));
        na_expect_status(i == best || below ? NA_OK : NA_ERROR_ISA, na_kernels_open(i, &kernels));
    }
}
