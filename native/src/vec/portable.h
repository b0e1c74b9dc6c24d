/* The vector words in plain C: one lane. The other instruction sets must give the bits of this file. */
#include "../internal.h"

#define NA_TABLE na_kernels_portable
#define NA_ISA NA_ISA_PORTABLE
#define NA_LANES 1

typedef float na_f32;
typedef uint32_t na_u32;
typedef double na_sum;

NA_INLINE na_f32 na_set(float x)
{
    return x;
}

NA_INLINE na_u32 na_set_u32(uint32_t bits)
{
    return bits;
}

NA_INLINE na_f32 na_load_f32(const float *p, size_t lanes)
{
    (void)lanes;
    return *p;
}

NA_INLINE void na_store_f32(float *p, na_f32 x, size_t lanes)
{
    (void)lanes;
    *p = x;
}

NA_INLINE na_f32 na_add(na_f32 a, na_f32 b)
{
    return a + b;
}

NA_INLINE na_f32 na_sub(na_f32 a, na_f32 b)
{
    return a - b;
}

NA_INLINE na_f32 na_mul(na_f32 a, na_f32 b)
{
    return a * b;
}

NA_INLINE na_f32 na_div(na_f32 a, na_f32 b)
{
    return a / b;
}

/* Correctly rounded, and no call of a C library. */
#if !defined(_MSC_VER) || defined(__clang__)
NA_INLINE na_f32 na_sqrt(na_f32 x)
{
    return __builtin_sqrtf(x); /* an instruction, because errno is not asked for; intrinsics would not be vectorized */
}
#elif defined(NA_X64)
#include <emmintrin.h>
NA_INLINE na_f32 na_sqrt(na_f32 x)
{
    return _mm_cvtss_f32(_mm_sqrt_ss(_mm_set_ss(x)));
}
#else
#include <arm_neon.h>
NA_INLINE na_f32 na_sqrt(na_f32 x)
{
    return vget_lane_f32(vsqrt_f32(vdup_n_f32(x)), 0);
}
#endif

NA_INLINE na_f32 na_abs(na_f32 x)
{
    union {
        uint32_t u;
        float f;
    } c;
    c.u = na_bits(x) & 0x7fffffffu;
    return c.f;
}

/* The larger of two numbers that are +0 or above, or NaN: the larger bit pattern, so that NaN wins. */
NA_INLINE na_f32 na_max(na_f32 a, na_f32 b)
{
    return na_bits(a) > na_bits(b) ? a : b;
}

/* x between lo and hi; NaN stays. */
NA_INLINE na_f32 na_clamp(na_f32 x, na_f32 lo, na_f32 hi)
{
    const na_f32 r = lo > x ? lo : x;
    return hi < r ? hi : r;
}

/* +0 where no bit of the mask is set in x: with the exponent's bits, where x is zero or denormal. */
NA_INLINE na_f32 na_flush(na_f32 x, na_u32 mask)
{
    return (na_bits(x) & mask) != 0 ? x : 0.0f;
}

/* a - x where x <= cap, else a, which is not -0. */
NA_INLINE na_f32 na_sub_kept(na_f32 a, na_f32 x, na_f32 cap)
{
    return a - (x <= cap ? x : 0.0f);
}

NA_INLINE int na_any_nonfinite(na_f32 x)
{
    return (na_bits(x) & 0x7f800000u) == 0x7f800000u;
}

NA_INLINE na_sum na_sum_zero(void)
{
    return 0.0;
}

NA_INLINE na_sum na_sum_add(na_sum a, na_sum b)
{
    return a + b;
}

/* Lane by lane, sum + x * x, where the product of two widened floats is exact. */
NA_INLINE na_sum na_sum_add_square(na_sum sum, const float *p, size_t lanes)
{
    (void)lanes;
    return sum + (double)*p * (double)*p;
}

NA_INLINE void na_sum_store(double *p, na_sum sum)
{
    *p = sum;
}

NA_INLINE void na_prefetch(const void *p)
{
    (void)p;
}
