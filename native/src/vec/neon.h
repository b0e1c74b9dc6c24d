/* The vector words for NEON on 64-bit ARM: four lanes. */
#include "../internal.h"
#include <arm_neon.h>

#define NA_TABLE na_kernels_neon
#define NA_ISA NA_ISA_NEON
#define NA_LANES 4

typedef float32x4_t na_f32;
typedef uint32x4_t na_u32;
typedef struct {
    float64x2_t lo, hi;
} na_sum;

NA_INLINE na_f32 na_set(float x)
{
    return vdupq_n_f32(x);
}

NA_INLINE na_u32 na_set_u32(uint32_t bits)
{
    return vdupq_n_u32(bits);
}

/* NEON has no masked access: a part of a vector goes lane by lane. */
NA_INLINE na_f32 na_load_f32(const float *p, size_t lanes)
{
    na_f32 x;
    if (lanes == NA_LANES)
        return vld1q_f32(p);
    x = vdupq_n_f32(0.0f);
    if (lanes > 0)
        x = vld1q_lane_f32(p, x, 0);
    if (lanes > 1)
        x = vld1q_lane_f32(p + 1, x, 1);
    if (lanes > 2)
        x = vld1q_lane_f32(p + 2, x, 2);
    return x;
}

NA_INLINE void na_store_f32(float *p, na_f32 x, size_t lanes)
{
    if (lanes == NA_LANES) {
        vst1q_f32(p, x);
        return;
    }
    if (lanes > 0)
        vst1q_lane_f32(p, x, 0);
    if (lanes > 1)
        vst1q_lane_f32(p + 1, x, 1);
    if (lanes > 2)
        vst1q_lane_f32(p + 2, x, 2);
}

NA_INLINE na_f32 na_add(na_f32 a, na_f32 b)
{
    return vaddq_f32(a, b);
}

NA_INLINE na_f32 na_sub(na_f32 a, na_f32 b)
{
    return vsubq_f32(a, b);
}

NA_INLINE na_f32 na_mul(na_f32 a, na_f32 b)
{
    return vmulq_f32(a, b);
}

NA_INLINE na_f32 na_div(na_f32 a, na_f32 b)
{
    return vdivq_f32(a, b);
}

NA_INLINE na_f32 na_sqrt(na_f32 x)
{
    return vsqrtq_f32(x);
}

NA_INLINE na_f32 na_abs(na_f32 x)
{
    return vabsq_f32(x);
}

NA_INLINE na_f32 na_max(na_f32 a, na_f32 b)
{
    return vreinterpretq_f32_u32(vmaxq_u32(vreinterpretq_u32_f32(a), vreinterpretq_u32_f32(b)));
}

/* Compare and select: vmax and vmin order -0 below +0, which the other instruction sets do not. */
NA_INLINE na_f32 na_clamp(na_f32 x, na_f32 lo, na_f32 hi)
{
    const na_f32 r = vbslq_f32(vcgtq_f32(lo, x), lo, x);
    return vbslq_f32(vcltq_f32(hi, r), hi, r);
}

NA_INLINE na_f32 na_flush(na_f32 x, na_u32 mask)
{
    const uint32x4_t bits = vreinterpretq_u32_f32(x);
    return vreinterpretq_f32_u32(vandq_u32(vtstq_u32(bits, mask), bits));
}

NA_INLINE na_f32 na_sub_kept(na_f32 a, na_f32 x, na_f32 cap)
{
    return vsubq_f32(a, vreinterpretq_f32_u32(vandq_u32(vcleq_f32(x, cap), vreinterpretq_u32_f32(x))));
}

NA_INLINE int na_any_nonfinite(na_f32 x)
{
    const uint32x4_t exponent = vdupq_n_u32(0x7f800000u);
    const uint32x4_t bits = vandq_u32(vreinterpretq_u32_f32(x), exponent);
    return vmaxvq_u32(vceqq_u32(bits, exponent)) != 0;
}

NA_INLINE na_sum na_sum_zero(void)
{
    na_sum zero;
    zero.lo = vdupq_n_f64(0.0);
    zero.hi = zero.lo;
    return zero;
}

NA_INLINE na_sum na_sum_add(na_sum a, na_sum b)
{
    a.lo = vaddq_f64(a.lo, b.lo);
    a.hi = vaddq_f64(a.hi, b.hi);
    return a;
}

NA_INLINE na_sum na_sum_add_square(na_sum sum, const float *p, size_t lanes)
{
    const na_f32 x = na_load_f32(p, lanes);
    const float64x2_t lo = vcvt_f64_f32(vget_low_f32(x));
    const float64x2_t hi = vcvt_high_f64_f32(x);
    na_sum square;
    square.lo = vmulq_f64(lo, lo);
    square.hi = vmulq_f64(hi, hi);
    return na_sum_add(sum, square);
}

NA_INLINE void na_sum_store(double *p, na_sum sum)
{
    vst1q_f64(p, sum.lo);
    vst1q_f64(p + 2, sum.hi);
}

NA_INLINE void na_prefetch(const void *p)
{
#if defined(_MSC_VER) && !defined(__clang__)
    __prefetch(p);
#else
    __builtin_prefetch(p);
#endif
}
