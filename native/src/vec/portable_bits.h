/* The words that packed formats are written in, over the bits of lanes, for plain C. */

NA_INLINE na_u32 na_bits_of(na_f32 x)
{
    union {
        float f;
        uint32_t u;
    } c;
    c.f = x;
    return c.u;
}

NA_INLINE na_f32 na_float_of(na_u32 bits)
{
    union {
        uint32_t u;
        float f;
    } c;
    c.u = bits;
    return c.f;
}

NA_INLINE na_u32 na_add_u32(na_u32 a, na_u32 b)
{
    return a + b;
}

NA_INLINE na_u32 na_sub_u32(na_u32 a, na_u32 b)
{
    return a - b;
}

NA_INLINE na_u32 na_and_u32(na_u32 a, na_u32 b)
{
    return a & b;
}

NA_INLINE na_u32 na_or_u32(na_u32 a, na_u32 b)
{
    return a | b;
}

NA_INLINE na_u32 na_min_u32(na_u32 a, na_u32 b)
{
    return a < b ? a : b;
}

NA_INLINE na_u32 na_shift_left(na_u32 x, int n)
{
    return x << n;
}

NA_INLINE na_u32 na_shift_right(na_u32 x, int n)
{
    return x >> n;
}

/* x where a > b, without signs, and y elsewhere */
NA_INLINE na_u32 na_where_above(na_u32 a, na_u32 b, na_u32 x, na_u32 y)
{
    return a > b ? x : y;
}

/* bits where x is NaN, and y elsewhere */
NA_INLINE na_u32 na_where_nan(na_f32 x, na_u32 bits, na_u32 y)
{
    return x == x ? y : bits;
}

/* The bits of x rounded to a multiple of 2^n, to nearest even, or nan; what is below 2^n is anything. */
NA_INLINE na_u32 na_rounded(na_f32 x, int n, na_u32 nan)
{
    const na_u32 bits = na_bits_of(x);
    return na_where_nan(x, nan, bits + ((1u << (n - 1)) - 1) + (bits >> n & 1));
}

/* Whole numbers with a sign to floats. */
NA_INLINE na_f32 na_to_f32(na_u32 x)
{
    return (float)(int32_t)x;
}

NA_INLINE na_u32 na_load_u16(const uint16_t *p, size_t lanes)
{
    (void)lanes;
    return *p;
}

/* To the upper half of every lane; the lower one is 0. */
NA_INLINE na_u32 na_load_upper(const uint16_t *p, size_t lanes)
{
    return na_load_u16(p, lanes) << 16;
}

NA_INLINE na_u32 na_load_u8(const uint8_t *p, size_t lanes)
{
    (void)lanes;
    return *p;
}

/* With its sign. */
NA_INLINE na_u32 na_load_i8(const uint8_t *p, size_t lanes)
{
    (void)lanes;
    return (na_u32)(int32_t)(int8_t)*p;
}

/* The lower half of every lane. */
NA_INLINE void na_store_u16(uint16_t *p, na_u32 x, size_t lanes)
{
    (void)lanes;
    *p = (uint16_t)x;
}

/* The upper half of every lane. */
NA_INLINE void na_store_upper(uint16_t *p, na_u32 x, size_t lanes)
{
    (void)lanes;
    *p = (uint16_t)(x >> 16);
}

/* Of two vectors, which follow each other. */
NA_INLINE void na_store_uppers(uint16_t *p, na_u32 a, na_u32 b)
{
    na_store_upper(p, a, NA_LANES);
    na_store_upper(p + NA_LANES, b, NA_LANES);
}

NA_INLINE int na_either_nan(na_f32 a, na_f32 b)
{
    return a != a || b != b;
}

/* The lowest byte of every lane. */
NA_INLINE void na_store_u8(uint8_t *p, na_u32 x, size_t lanes)
{
    (void)lanes;
    *p = (uint8_t)x;
}

/* x where it is 0, and elsewhere what is larger, x or least; both are positive numbers. */
NA_INLINE na_f32 na_max_if_any(na_f32 x, na_f32 least)
{
    return x != 0.0f && x < least ? least : x;
}

/* The lowest bytes of two vectors to p, and of two more to q. */
NA_INLINE void na_store_codes(uint8_t *p, uint8_t *q, na_u32 a, na_u32 b, na_u32 c, na_u32 d)
{
    p[0] = (uint8_t)a;
    p[1] = (uint8_t)b;
    q[0] = (uint8_t)c;
    q[1] = (uint8_t)d;
}

/* Of all lanes, by their bits without a sign. */
NA_INLINE float na_largest(na_f32 x)
{
    return x;
}

/* Words over 64-bit lanes, half as many, for the random numbers. */

#define NA_WIDE_LANES 1

typedef uint64_t na_u64;

NA_INLINE na_u64 na_set_u64(uint64_t x)
{
    return x;
}

NA_INLINE na_u64 na_xor_u64(na_u64 a, na_u64 b, na_u64 c)
{
    return a ^ b ^ c;
}

/* The upper half of every lane, moved down. */
NA_INLINE na_u64 na_upper_u64(na_u64 x)
{
    return x >> 32;
}

/* The product of the lower halves. */
NA_INLINE na_u64 na_mul_lower(na_u64 a, na_u64 b)
{
    return (a & 0xffffffffu) * (b & 0xffffffffu);
}

/* first and those after it, in the order in which na_store_numbers wants them. */
NA_INLINE na_u64 na_counters_from(uint32_t first)
{
    return first;
}

/* All halves of the words of every counter, in their order: the lower words of the lanes, x0 first. */
NA_INLINE void na_store_numbers(uint16_t *p, na_u64 x0, na_u64 x1, na_u64 x2, na_u64 x3)
{
    const uint64_t words[] = {x0, x1, x2, x3};
    int i;
    for (i = 0; i < 8; ++i)
        p[i] = (uint16_t)(words[i / 2] >> i % 2 * 16);
}
