/*
 * Packed formats whose elements do not depend on others: see the header. All is done with integers and with float
 * operations that round correctly, and never with an instruction that converts, because those differ in what they do
 * with denormals.
 */

/*
 * 1.5 * 2^23: added to a number of less than 22 bits, it leaves the number, rounded to nearest even, in the lower bits
 * of the sum, from which 0x4b400000 is left out where only so many bits are stored.
 */
#define NA_ROUNDER 0x1.8p23f

NA_INLINE na_u32 na_nearest(na_f32 x)
{
    return na_bits_of(na_add(x, na_set(NA_ROUNDER)));
}

NA_INLINE na_u32 na_magnitude(na_u32 bits)
{
    return na_and_u32(bits, na_set_u32(0x7fffffffu));
}

/* Every NaN is the same one, whose lower half is 0. */
#define NA_ONE_NAN na_set_u32(0x7fc00000u)

/* In the upper half. */
NA_INLINE na_u32 na_to_bf16(na_f32 x)
{
    return na_rounded(x, 16, NA_ONE_NAN);
}

/* random: 16 bits. Up where they are below the lower half, which is where the sum carries. In the upper half. */
NA_INLINE na_u32 na_to_bf16_at_random(na_f32 x, na_u32 random)
{
    const na_u32 bits = na_bits_of(x), magnitude = na_magnitude(bits);
    const na_u32 most = na_where_above(na_set_u32(0x7f800000u), magnitude, na_set_u32(0x7f7fffffu), na_set_u32(~0u));
    const na_u32 sum = na_min_u32(na_add_u32(magnitude, na_sub_u32(na_set_u32(0xffff), random)), most);
    return na_where_nan(x, NA_ONE_NAN, na_or_u32(sum, na_and_u32(bits, na_set_u32(0x80000000u))));
}

/* Below 2^-14, where the numbers of binary16 lie 2^-24 apart, as those of float do at 0.5: the sum rounds. */
NA_INLINE na_u32 na_to_f16(na_f32 x)
{
    const na_u32 bits = na_bits_of(x), magnitude = na_magnitude(bits);
    const na_f32 half = na_set(0.5f);
    const na_u32 small = na_sub_u32(na_bits_of(na_add(na_float_of(magnitude), half)), na_bits_of(half));
    const na_u32 normal =
        na_sub_u32(na_shift_right(na_rounded(na_float_of(magnitude), 13, magnitude), 13), na_set_u32(112u << 10));
    const na_u32 finite =
        na_where_above(magnitude, na_set_u32(0x387fffffu), na_min_u32(normal, na_set_u32(0x7c00)), small);
    const na_u32 sign = na_and_u32(na_shift_right(bits, 16), na_set_u32(0x8000));
    return na_where_nan(x, na_set_u32(0x7e00), na_or_u32(finite, sign));
}

NA_INLINE na_u32 na_from_f16(na_u32 h)
{
    const na_u32 magnitude = na_and_u32(h, na_set_u32(0x7fff)), sign = na_and_u32(h, na_set_u32(0x8000));
    const na_u32 bias = na_set_u32(112u << 23);
    const na_f32 half = na_set(0.5f);
    const na_u32 small = na_bits_of(na_sub(na_float_of(na_add_u32(magnitude, na_bits_of(half))), half));
    const na_u32 normal = na_add_u32(na_shift_left(magnitude, 13), bias);
    const na_u32 large = na_where_above(magnitude, na_set_u32(0x7bff), na_add_u32(normal, bias), normal);
    return na_or_u32(na_where_above(magnitude, na_set_u32(0x3ff), large, small), na_shift_left(sign, 16));
}

/* Elements from one that is unpacked to those that are prefetched: half a KiB of halves. */
#define NA_CELLS_AHEAD 256

/* The statements for whole vectors of elements i, i + NA_LANES, ... below count, and for the rest of one. */
#define NA_OVER(i, count, ...)                                                                                         \
    do {                                                                                                               \
        size_t lanes = NA_LANES;                                                                                       \
        for (; (count)-i >= NA_LANES; i += NA_LANES)                                                                   \
            __VA_ARGS__                                                                                                \
        if (i < (count)) {                                                                                             \
            lanes = (count)-i;                                                                                         \
            __VA_ARGS__                                                                                                \
        }                                                                                                              \
    } while (0)

/* The upper half rounded half up, so that what is left fits the rest with its sign. */
NA_INLINE na_u32 na_model(na_u32 bits)
{
    return na_add_u32(bits, na_set_u32(0x8000));
}

/* h * 2^16 + rest: where the rest's sign is set, h is one too high for its lower half. */
NA_INLINE na_u32 na_from_rest16(na_u32 upper, na_u32 low)
{
    return na_sub_u32(na_or_u32(upper, low), na_shift_left(na_and_u32(low, na_set_u32(0x8000)), 1));
}

NA_INLINE void na_store_rest16(uint16_t *p, uint16_t *rest, na_f32 x, size_t lanes)
{
    const na_u32 bits = na_where_nan(x, NA_ONE_NAN, na_bits_of(x));
    na_store_upper(p, na_model(bits), lanes);
    na_store_u16(rest, bits, lanes);
}

NA_INLINE na_u32 na_from_rest8(na_u32 upper, na_u32 low)
{
    return na_add_u32(upper, na_shift_left(low, 8));
}

NA_INLINE void na_store_rest8(uint16_t *p, uint8_t *rest, na_f32 x, size_t lanes)
{
    const na_u32 bits = na_rounded(x, 8, NA_ONE_NAN);
    na_store_upper(p, na_model(bits), lanes);
    na_store_u8(rest, na_shift_right(bits, 8), lanes);
}

/*
 * Formats whose elements do not depend on others: element i is packed at data[i] and, with a rest, at its i. Where
 * bf16 is rounded at random, random[i % NA_BLOCK] is its number.
 */
typedef struct {
    uint16_t *data;
    void *rest;
    uint32_t format;
    const uint16_t *random;
} na_cells;

/* The bits of `lanes` elements from i on. */
NA_INLINE na_u32 na_unpack_vector(const na_cells *p, size_t i, size_t lanes)
{
    const uint16_t *h = p->data + i;
    switch (p->format) {
    case NA_F16:
        return na_from_f16(na_load_u16(h, lanes));
    case NA_BF16_REST16:
        return na_from_rest16(na_load_upper(h, lanes), na_load_u16((const uint16_t *)p->rest + i, lanes));
    case NA_BF16_REST8:
        return na_from_rest8(na_load_upper(h, lanes), na_load_i8((const uint8_t *)p->rest + i, lanes));
    default:
        return na_load_upper(h, lanes);
    }
}

NA_INLINE void na_pack_vector(const na_cells *p, size_t i, na_f32 x, size_t lanes)
{
    uint16_t *h = p->data + i;
    switch (p->format) {
    case NA_F16:
        na_store_u16(h, na_to_f16(x), lanes);
        break;
    case NA_BF16_REST16:
        na_store_rest16(h, (uint16_t *)p->rest + i, x, lanes);
        break;
    case NA_BF16_REST8:
        na_store_rest8(h, (uint8_t *)p->rest + i, x, lanes);
        break;
    case NA_BF16_RANDOM:
        na_store_upper(h, na_to_bf16_at_random(x, na_load_u16(p->random + i % NA_BLOCK, lanes)), lanes);
        break;
    default:
        na_store_upper(h, na_to_bf16(x), lanes);
    }
}

NA_INLINE void na_prefetch_cells(const void *cells, size_t size, size_t i)
{
    na_prefetch((const void *)((uintptr_t)cells + (i + NA_CELLS_AHEAD) * size));
}
