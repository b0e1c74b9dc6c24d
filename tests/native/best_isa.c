/* Which instruction set the library chooses, and that it opens those below it and no others. */
#include "check.h"
#include "suite.h"

#include <string.h>

/* What the compiler's own library finds in this CPU. */
static int32_t compilers_choice(void)
{
#if defined(__aarch64__) || defined(_M_ARM64)
    return NA_ISA_NEON;
#elif defined(__x86_64__) && defined(__GNUC__)
    const int avx512 = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
                       __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw");
    return avx512 ? NA_ISA_AVX512 : __builtin_cpu_supports("avx2") ? NA_ISA_AVX2 : NA_ISA_PORTABLE;
#else
    return NA_ISA_PORTABLE;
#endif
}

void na_suite_best_isa_is(const char *name)
{
    const int32_t best = strcmp(name, "the_compilers_choice") == 0 ? compilers_choice() : na_isa_number(name);
    const na_kernels *kernels = NULL;
    int32_t isa = 0;
    na_expect_status(NA_OK, na_kernels_open(NA_ISA_BEST, &kernels));
    na_expect_status(NA_OK, na_kernels_isa(kernels, &isa));
    if (isa != best)
        na_fail("the library chose %s, expected %s", na_isa_name(isa), na_isa_name(best));
    for (int32_t i = NA_ISA_PORTABLE; i <= NA_ISA_NEON; ++i) {
        const int below = best == NA_ISA_NEON ? i == NA_ISA_PORTABLE : i < best;
        na_note("opening %s", na_isa_name(i));
        na_expect_status(i == best || below ? NA_OK : NA_ERROR_ISA, na_kernels_open(i, &kernels));
    }
}
