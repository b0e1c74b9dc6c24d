/* The vector words for AVX2: eight lanes. */
#include "../internal.h"
#include <immintrin.h>

#define NA_TABLE na_kernels_avx2
#define NA_ISA NA_ISA_AVX2
#define NA_LANES 8

typedef __m256 na_f32;
typedef __m256i na_u32;
typedef struct {
    __m256d lo, hi;
} na_sum;

static const int32_t na_lane_masks[16] = {-1, -1, -1, -1, -1, -1, -1, -1, 0, 0, 0, 0, 0, 0, 0, 0};

NA_INLINE __m256i na_lanes(size_t lanes)
{
    return _mm256_loadu_si256((const __m256i *)(const void *)(na_lane_masks + 8 - lanes));
}

NA_INLINE na_f32 na_set(float x)
{
    return _mm256_set1_ps(x);
}

NA_INLINE na_u32 na_set_u32(uint32_t bits)
{
    return _mm256_set1_epi32((int32_t)bits);
}

NA_INLINE na_f32 na_load_f32(const float *p, size_t lanes)
{
    return lanes == NA_LANES ? _mm256_loadu_ps(p) : _mm256_maskload_ps(p, na_lanes(lanes));
}

NA_INLINE void na_store_f32(float *p, na_f32 x, size_t lanes)
{
    if (lanes == NA_LANES)
        _mm256_storeu_ps(p, x);
    else
        _mm256_maskstore_ps(p, na_lanes(lanes), x);
}

NA_INLINE na_f32 na_add(na_f32 a, na_f32 b)
{
    return _mm256_add_ps(a, b);
}

NA_INLINE na_f32 na_sub(na_f32 a, na_f32 b)
{
    return _mm256_sub_ps(a, b);
}

NA_INLINE na_f32 na_mul(na_f32 a, na_f32 b)
{
    return _mm256_mul_ps(a, b);
}

NA_INLINE na_f32 na_div(na_f32 a, na_f32 b)
{
    return _mm256_div_ps(a, b);
}

NA_INLINE na_f32 na_sqrt(na_f32 x)
{
    return _mm256_sqrt_ps(x);
}

NA_INLINE na_f32 na_abs(na_f32 x)
{
    return _mm256_andnot_ps(_mm256_set1_ps(-0.0f), x);
}

NA_INLINE na_f32 na_max(na_f32 a, na_f32 b)
{
    return _mm256_castsi256_ps(_mm256_max_epu32(_mm256_castps_si256(a), _mm256_castps_si256(b)));
}

/* min and max answer with their second operand where one is NaN. */
NA_INLINE na_f32 na_clamp(na_f32 x, na_f32 lo, na_f32 hi)
{
    return _mm256_min_ps(hi, _mm256_max_ps(lo, x));
}

NA_INLINE na_f32 na_flush(na_f32 x, na_u32 mask)
{
    const __m256i tested = _mm256_and_si256(_mm256_castps_si256(x), mask);
    const __m256i none = _mm256_cmpeq_epi32(tested, _mm256_setzero_si256());
    return _mm256_andnot_ps(_mm256_castsi256_ps(none), x);
}

NA_INLINE na_f32 na_sub_kept(na_f32 a, na_f32 x, na_f32 cap)
{
    return _mm256_sub_ps(a, _mm256_and_ps(_mm256_cmp_ps(x, cap, _CMP_LE_OQ), x));
}

NA_INLINE int na_any_nonfinite(na_f32 x)
{
    const __m256i exponent = _mm256_set1_epi32(0x7f800000);
    const __m256i bits = _mm256_and_si256(_mm256_castps_si256(x), exponent);
    return _mm256_movemask_epi8(_mm256_cmpeq_epi32(bits, exponent)) != 0;
}

NA_INLINE na_sum na_sum_zero(void)
{
    const na_sum zero = {_mm256_setzero_pd(), _mm256_setzero_pd()};
    return zero;
}

NA_INLINE na_sum na_sum_add(na_sum a, na_sum b)
{
    a.lo = _mm256_add_pd(a.lo, b.lo);
    a.hi = _mm256_add_pd(a.hi, b.hi);
    return a;
}

/* Whole vectors are widened straight from memory. */
NA_INLINE na_sum na_sum_add_square(na_sum sum, const float *p, size_t lanes)
{
    const na_f32 x = na_load_f32(p, lanes);
    const int whole = lanes == NA_LANES;
    const __m256d lo = _mm256_cvtps_pd(whole ? _mm_loadu_ps(p) : _mm256_castps256_ps128(x));
    const __m256d hi = _mm256_cvtps_pd(whole ? _mm_loadu_ps(p + 4) : _mm256_extractf128_ps(x, 1));
    const na_sum square = {_mm256_mul_pd(lo, lo), _mm256_mul_pd(hi, hi)};
    return na_sum_add(sum, square);
}

NA_INLINE void na_sum_store(double *p, na_sum sum)
{
    _mm256_storeu_pd(p, sum.lo);
    _mm256_storeu_pd(p + 4, sum.hi);
}

NA_INLINE void na_prefetch(const void *p)
{
    _mm_prefetch((const char *)p, _MM_HINT_T0);
}
