#include "roof.h"

volatile float roof_sink;

const struct roof *roof_of(int32_t isa)
{
    static const struct roof *const roofs[] = {
#if defined(__x86_64__) || defined(_M_X64)
        &roof_avx512,
        &roof_avx2,
#elif defined(__aarch64__) || defined(_M_ARM64)
        &roof_neon,
#endif
        &roof_portable,
    };
    size_t i;
    for (i = 0; i < sizeof roofs / sizeof roofs[0]; ++i)
        if (roofs[i]->isa == isa)
            return roofs[i];
    return 0;
}
