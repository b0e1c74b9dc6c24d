/* Which instruction sets this CPU has, and whether the operating system saves their registers. */
#include "internal.h"

#if defined(NA_X64)

#if defined(_MSC_VER) && !defined(__clang__)
#include <immintrin.h>
#include <intrin.h>
static void cpuid(uint32_t leaf, uint32_t r[4])
{
    __cpuidex((int *)r, (int)leaf, 0);
}
static uint64_t xgetbv(void)
{
    return _xgetbv(0);
}
#else
#include <cpuid.h>
static void cpuid(uint32_t leaf, uint32_t r[4])
{
    __cpuid_count(leaf, 0, r[0], r[1], r[2], r[3]);
}
static uint64_t xgetbv(void)
{
    uint32_t lo, hi;
    __asm__ volatile("xgetbv" : "=a"(lo), "=d"(hi) : "c"(0));
    return (uint64_t)hi << 32 | lo;
}
#endif

#define BIT(n) (1u << (n))
#define HAS(value, bits) (((value) & (bits)) == (bits))

int na_cpu_has(int32_t isa)
{
    enum { eax, ebx, ecx, edx };
    const uint32_t os_saves = BIT(27), avx = BIT(28);                  /* leaf 1, ecx */
    const uint32_t avx2 = BIT(5);                                      /* leaf 7, ebx */
    const uint32_t f_dq_bw_vl = BIT(16) | BIT(17) | BIT(30) | BIT(31); /* leaf 7, ebx */
    const uint64_t ymm = 0x06, zmm = 0xe6;                             /* XCR0: the register files that are saved */
    uint32_t r[4];
    uint64_t saved;
    if (isa == NA_ISA_PORTABLE)
        return 1;
    cpuid(0, r);
    if (r[eax] < 7)
        return 0;
    cpuid(1, r);
    if (!HAS(r[ecx], os_saves | avx))
        return 0;
    saved = xgetbv();
    cpuid(7, r);
    if (isa == NA_ISA_AVX2)
        return HAS(saved, ymm) && HAS(r[ebx], avx2);
    if (isa == NA_ISA_AVX512)
        return HAS(saved, zmm) && HAS(r[ebx], avx2 | f_dq_bw_vl);
    return 0;
}

#elif defined(NA_ARM64)

/* NEON is part of the 64-bit ARM baseline. */
int na_cpu_has(int32_t isa)
{
    return isa == NA_ISA_PORTABLE || isa == NA_ISA_NEON;
}

#else

int na_cpu_has(int32_t isa)
{
    return isa == NA_ISA_PORTABLE;
}

#endif
