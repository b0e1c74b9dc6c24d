/* The words that packed formats are written in, over the bits of lanes, for NEON. */

NA_INLINE na_u32 na_bits_of(na_f32 x)
{
    return vreinterpretq_u32_f32(x);
}

NA_INLINE na_f32 na_float_of(na_u32 bits)
{
    return vreinterpretq_f32_u32(bits);
}

NA_INLINE na_u32 na_add_u32(na_u32 a, na_u32 b)
{
    return vaddq_u32(a, b);
}

NA_INLINE na_u32 na_sub_u32(na_u32 a, na_u32 b)
{
    return vsubq_u32(a, b);
}

NA_INLINE na_u32 na_and_u32(na_u32 a, na_u32 b)
{
    return vandq_u32(a, b);
}

NA_INLINE na_u32 na_or_u32(na_u32 a, na_u32 b)
{
    return vorrq_u32(a, b);
}

NA_INLINE na_u32 na_min_u32(na_u32 a, na_u32 b)
{
    return vminq_u32(a, b);
}

NA_INLINE na_u32 na_shift_left(na_u32 x, int n)
{
    return vshlq_u32(x, vdupq_n_s32(n));
}

NA_INLINE na_u32 na_shift_right(na_u32 x, int n)
{
    return vshlq_u32(x, vdupq_n_s32(-n));
}

/* x where a > b, without signs, and y elsewhere */
NA_INLINE na_u32 na_where_above(na_u32 a, na_u32 b, na_u32 x, na_u32 y)
{
    return vbslq_u32(vcgtq_u32(a, b), x, y);
}

/* bits where x is NaN, and y elsewhere */
NA_INLINE na_u32 na_where_nan(na_f32 x, na_u32 bits, na_u32 y)
{
    return vbslq_u32(vceqq_f32(x, x), y, bits);
}

/* The bits of x rounded to a multiple of 2^n, to nearest even, or nan; what is below 2^n is anything. */
NA_INLINE na_u32 na_rounded(na_f32 x, int n, na_u32 nan)
{
    const uint32x4_t bits = vreinterpretq_u32_f32(x), odd = vandq_u32(na_shift_right(bits, n), vdupq_n_u32(1));
    return na_where_nan(x, nan, vaddq_u32(vaddq_u32(bits, vdupq_n_u32((1u << (n - 1)) - 1)), odd));
}

/* Whole numbers with a sign to floats. */
NA_INLINE na_f32 na_to_f32(na_u32 x)
{
    return vcvtq_f32_s32(vreinterpretq_s32_u32(x));
}

NA_INLINE na_u32 na_load_u16(const uint16_t *p, size_t lanes)
{
    uint16_t part[NA_LANES] = {0};
    size_t j;
    if (lanes == NA_LANES)
        return vmovl_u16(vld1_u16(p));
    for (j = 0; j < lanes; ++j)
        part[j] = p[j];
    return vmovl_u16(vld1_u16(part));
}

/* To the upper half of every lane; the lower one is 0. */
NA_INLINE na_u32 na_load_upper(const uint16_t *p, size_t lanes)
{
    return vshlq_n_u32(na_load_u16(p, lanes), 16);
}

NA_INLINE na_u32 na_load_u8(const uint8_t *p, size_t lanes)
{
    uint8_t part[8] = {0};
    size_t j;
    for (j = 0; j < lanes; ++j)
        part[j] = p[j];
    return vmovl_u16(vget_low_u16(vmovl_u8(vld1_u8(part))));
}

/* With its sign. */
NA_INLINE na_u32 na_load_i8(const uint8_t *p, size_t lanes)
{
    const int32x4_t bytes = vreinterpretq_s32_u32(na_load_u8(p, lanes));
    return vreinterpretq_u32_s32(vshrq_n_s32(vshlq_n_s32(bytes, 24), 24));
}

/* The lower half of every lane. */
NA_INLINE void na_store_u16(uint16_t *p, na_u32 x, size_t lanes)
{
    const uint16x4_t halves = vmovn_u32(x);
    uint16_t part[NA_LANES];
    size_t j;
    if (lanes == NA_LANES) {
        vst1_u16(p, halves);
        return;
    }
    vst1_u16(part, halves);
    for (j = 0; j < lanes; ++j)
        p[j] = part[j];
}

/* The upper half of every lane. */
NA_INLINE void na_store_upper(uint16_t *p, na_u32 x, size_t lanes)
{
    na_store_u16(p, vshrq_n_u32(x, 16), lanes);
}

/* Of two vectors, which follow each other. */
NA_INLINE void na_store_uppers(uint16_t *p, na_u32 a, na_u32 b)
{
    na_store_upper(p, a, NA_LANES);
    na_store_upper(p + NA_LANES, b, NA_LANES);
}

NA_INLINE int na_either_nan(na_f32 a, na_f32 b)
{
    return vminvq_u32(vandq_u32(vceqq_f32(a, a), vceqq_f32(b, b))) == 0;
}

/* The lowest byte of every lane. */
NA_INLINE void na_store_u8(uint8_t *p, na_u32 x, size_t lanes)
{
    const uint16x4_t halves = vmovn_u32(x);
    uint8_t part[8];
    size_t j;
    vst1_u8(part, vmovn_u16(vcombine_u16(halves, halves)));
    for (j = 0; j < lanes; ++j)
        p[j] = part[j];
}

/* x where it is 0, and elsewhere what is larger, x or least; both are positive numbers. */
NA_INLINE na_f32 na_max_if_any(na_f32 x, na_f32 least)
{
    return vbslq_f32(vceqzq_f32(x), x, vmaxq_f32(x, least));
}

/* The lowest bytes of two vectors to p, and of two more to q. */
NA_INLINE void na_store_codes(uint8_t *p, uint8_t *q, na_u32 a, na_u32 b, na_u32 c, na_u32 d)
{
    vst1_u8(p, vmovn_u16(vuzp1q_u16(vreinterpretq_u16_u32(a), vreinterpretq_u16_u32(b))));
    vst1_u8(q, vmovn_u16(vuzp1q_u16(vreinterpretq_u16_u32(c), vreinterpretq_u16_u32(d))));
}

/* Of all lanes, by their bits without a sign. */
NA_INLINE float na_largest(na_f32 x)
{
    return vgetq_lane_f32(vreinterpretq_f32_u32(vdupq_n_u32(vmaxvq_u32(vreinterpretq_u32_f32(x)))), 0);
}

/* Words over 64-bit lanes, half as many, for the random numbers. */

#define NA_WIDE_LANES 2

typedef uint64x2_t na_u64;

NA_INLINE na_u64 na_set_u64(uint64_t x)
{
    return vdupq_n_u64(x);
}

NA_INLINE na_u64 na_xor_u64(na_u64 a, na_u64 b, na_u64 c)
{
    return veorq_u64(veorq_u64(a, b), c);
}

/* The upper half of every lane, moved down. */
NA_INLINE na_u64 na_upper_u64(na_u64 x)
{
    return vshrq_n_u64(x, 32);
}

/* The product of the lower halves. */
NA_INLINE na_u64 na_mul_lower(na_u64 a, na_u64 b)
{
    return vmull_u32(vmovn_u64(a), vmovn_u64(b));
}

/* first and those after it, in the order in which na_store_numbers wants them. */
NA_INLINE na_u64 na_counters_from(uint32_t first)
{
    static const uint64_t lanes[] = {0, 1};
    return vaddq_u64(vdupq_n_u64(first), vld1q_u64(lanes));
}

/* All halves of the words of every counter, in their order: the lower words of the lanes, x0 first. */
NA_INLINE void na_store_numbers(uint16_t *p, na_u64 x0, na_u64 x1, na_u64 x2, na_u64 x3)
{
    const na_u64 a = vsliq_n_u64(x0, x1, 32), b = vsliq_n_u64(x2, x3, 32);
    vst1q_u16(p, vreinterpretq_u16_u64(vzip1q_u64(a, b)));
    vst1q_u16(p + 8, vreinterpretq_u16_u64(vzip2q_u64(a, b)));
}
