/* The vector words for AVX-512 (F, VL, DQ, BW): sixteen lanes. */
#include "../internal.h"
#include <immintrin.h>

#define NA_TABLE na_kernels_avx512
#define NA_ISA NA_ISA_AVX512
#define NA_LANES 16

typedef __m512 na_f32;
typedef __m512i na_u32;
typedef struct {
    __m512d lo, hi;
} na_sum;

NA_INLINE __mmask16 na_lanes(size_t lanes)
{
    return (__mmask16)((1u << lanes) - 1u);
}

NA_INLINE na_f32 na_set(float x)
{
    return _mm512_set1_ps(x);
}

NA_INLINE na_u32 na_set_u32(uint32_t bits)
{
    return _mm512_set1_epi32((int32_t)bits);
}

NA_INLINE na_f32 na_load_f32(const float *p, size_t lanes)
{
    return lanes == NA_LANES ? _mm512_loadu_ps(p) : _mm512_maskz_loadu_ps(na_lanes(lanes), p);
}

NA_INLINE void na_store_f32(float *p, na_f32 x, size_t lanes)
{
    if (lanes == NA_LANES)
        _mm512_storeu_ps(p, x);
    else
        _mm512_mask_storeu_ps(p, na_lanes(lanes), x);
}

NA_INLINE na_f32 na_add(na_f32 a, na_f32 b)
{
    return _mm512_add_ps(a, b);
}

NA_INLINE na_f32 na_sub(na_f32 a, na_f32 b)
{
    return _mm512_sub_ps(a, b);
}

NA_INLINE na_f32 na_mul(na_f32 a, na_f32 b)
{
    return _mm512_mul_ps(a, b);
}

NA_INLINE na_f32 na_div(na_f32 a, na_f32 b)
{
    return _mm512_div_ps(a, b);
}

NA_INLINE na_f32 na_sqrt(na_f32 x)
{
    return _mm512_sqrt_ps(x);
}

NA_INLINE na_f32 na_abs(na_f32 x)
{
    return _mm512_andnot_ps(_mm512_set1_ps(-0.0f), x);
}

NA_INLINE na_f32 na_max(na_f32 a, na_f32 b)
{
    return _mm512_castsi512_ps(_mm512_max_epu32(_mm512_castps_si512(a), _mm512_castps_si512(b)));
}

/* min and max answer with their second operand where one is NaN. */
NA_INLINE na_f32 na_clamp(na_f32 x, na_f32 lo, na_f32 hi)
{
    return _mm512_min_ps(hi, _mm512_max_ps(lo, x));
}

NA_INLINE na_f32 na_flush(na_f32 x, na_u32 mask)
{
    return _mm512_maskz_mov_ps(_mm512_test_epi32_mask(_mm512_castps_si512(x), mask), x);
}

NA_INLINE na_f32 na_sub_kept(na_f32 a, na_f32 x, na_f32 cap)
{
    return _mm512_mask_sub_ps(a, _mm512_cmp_ps_mask(x, cap, _CMP_LE_OQ), a, x);
}

NA_INLINE int na_any_nonfinite(na_f32 x)
{
    return _mm512_fpclass_ps_mask(x, 0x99 /* quiet NaN, +inf, -inf, signalling NaN */) != 0;
}

NA_INLINE na_sum na_sum_zero(void)
{
    const na_sum zero = {_mm512_setzero_pd(), _mm512_setzero_pd()};
    return zero;
}

NA_INLINE na_sum na_sum_add(na_sum a, na_sum b)
{
    a.lo = _mm512_add_pd(a.lo, b.lo);
    a.hi = _mm512_add_pd(a.hi, b.hi);
    return a;
}

/* Whole vectors are widened straight from memory. */
NA_INLINE na_sum na_sum_add_square(na_sum sum, const float *p, size_t lanes)
{
    const na_f32 x = na_load_f32(p, lanes);
    const int whole = lanes == NA_LANES;
    const __m512d lo = _mm512_cvtps_pd(whole ? _mm256_loadu_ps(p) : _mm512_castps512_ps256(x));
    const __m512d hi = _mm512_cvtps_pd(whole ? _mm256_loadu_ps(p + 8) : _mm512_extractf32x8_ps(x, 1));
    const na_sum square = {_mm512_mul_pd(lo, lo), _mm512_mul_pd(hi, hi)};
    return na_sum_add(sum, square);
}

NA_INLINE void na_sum_store(double *p, na_sum sum)
{
    _mm512_storeu_pd(p, sum.lo);
    _mm512_storeu_pd(p + 8, sum.hi);
}

NA_INLINE void na_prefetch(const void *p)
{
    _mm_prefetch((const char *)p, _MM_HINT_T0);
}
