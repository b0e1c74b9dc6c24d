/*
 * Packed formats, element by element or block by block: see the header. Every function goes over elements begin to
 * end - 1 of a stream; `floats` are the same elements. All is done with integers and with float operations that round
 * correctly, and never with an instruction that converts, because those differ in what they do with denormals.
 */

/* 1.5 * 2^23: added to a number of less than 22 bits, it leaves the number rounded to nearest even in the lower bits.
 */
#define NA_ROUNDER 0x1.8p23f

NA_INLINE na_u32 na_nearest(na_f32 x)
{
    const na_f32 rounder = na_set(NA_ROUNDER);
    return na_sub_u32(na_bits_of(na_add(x, rounder)), na_bits_of(rounder));
}

/* A small number with a sign as a float. */
NA_INLINE na_f32 na_number(na_u32 n)
{
    const na_f32 rounder = na_set(NA_ROUNDER);
    return na_sub(na_float_of(na_add_u32(n, na_bits_of(rounder))), rounder);
}

/* The lower bits up to and with `sign` as a number with a sign. */
NA_INLINE na_u32 na_extend(na_u32 x, uint32_t sign)
{
    return na_sub_u32(na_and_u32(na_add_u32(x, na_set_u32(sign)), na_set_u32(2 * sign - 1)), na_set_u32(sign));
}

NA_INLINE na_u32 na_magnitude(na_u32 bits)
{
    return na_and_u32(bits, na_set_u32(0x7fffffffu));
}

/* bits / 2^n rounded to nearest even, and times 2^n again */
NA_INLINE na_u32 na_rounded(na_u32 bits, int n)
{
    const na_u32 odd = na_and_u32(na_shift_right(bits, n), na_set_u32(1));
    const na_u32 sum = na_add_u32(na_add_u32(bits, na_set_u32((1u << (n - 1)) - 1)), odd);
    return na_and_u32(sum, na_set_u32(~0u << n));
}

/* 16 bits of a magnitude with the sign of bits */
NA_INLINE na_u32 na_signed_16(na_u32 magnitude, na_u32 bits)
{
    return na_or_u32(magnitude, na_and_u32(na_shift_right(bits, 16), na_set_u32(0x8000)));
}

/* NaN to the quiet one of its sign, whose lower half is 0 */
NA_INLINE na_u32 na_quieted(na_u32 bits)
{
    const na_u32 nan = na_or_u32(bits, na_set_u32(0x7fc00000u));
    return na_where_above(na_magnitude(bits), na_set_u32(0x7f800000u), na_and_u32(nan, na_set_u32(0xffc00000u)), bits);
}

NA_INLINE na_u32 na_to_bf16(na_u32 bits)
{
    return na_shift_right(na_rounded(na_quieted(bits), 16), 16);
}

/* random: 16 bits. Up where they are below the lower half, which is where the sum carries. */
NA_INLINE na_u32 na_to_bf16_at_random(na_u32 bits, na_u32 random)
{
    const na_u32 magnitude = na_magnitude(bits);
    const na_u32 sum = na_add_u32(magnitude, na_sub_u32(na_set_u32(0xffff), random));
    const na_u32 rounded = na_min_u32(na_shift_right(sum, 16), na_set_u32(0x7f7f));
    const na_u32 special = na_shift_right(na_magnitude(na_quieted(bits)), 16);
    return na_signed_16(na_where_above(magnitude, na_set_u32(0x7f7fffffu), special, rounded), bits);
}

/* Below 2^-14, where the numbers of binary16 lie 2^-24 apart, as those of float do at 0.5: the sum rounds. */
NA_INLINE na_u32 na_to_f16(na_u32 bits)
{
    const na_u32 magnitude = na_magnitude(bits);
    const na_f32 half = na_set(0.5f);
    const na_u32 small = na_sub_u32(na_bits_of(na_add(na_float_of(magnitude), half)), na_bits_of(half));
    const na_u32 normal = na_sub_u32(na_shift_right(na_rounded(magnitude, 13), 13), na_set_u32(112u << 10));
    const na_u32 finite =
        na_where_above(magnitude, na_set_u32(0x387fffffu), na_min_u32(normal, na_set_u32(0x7c00)), small);
    return na_signed_16(na_where_above(magnitude, na_set_u32(0x7f800000u), na_set_u32(0x7e00), finite), bits);
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

/* Bits rounded to 24, but never from finite to infinite. */
NA_INLINE na_u32 na_to_24_bits(na_u32 bits)
{
    const na_u32 quiet = na_quieted(bits), magnitude = na_magnitude(quiet);
    const na_u32 largest = na_set_u32(0x7f7fff00u);
    const na_u32 most = na_where_above(na_set_u32(0x7f800000u), magnitude, largest, na_set_u32(~0u));
    return na_or_u32(na_min_u32(na_rounded(magnitude, 8), most), na_and_u32(quiet, na_set_u32(0x80000000u)));
}

/* The upper half, rounded half up: what is left fits 16 bits with a sign. */
NA_INLINE na_u32 na_upper_half(na_u32 bits)
{
    return na_shift_right(na_add_u32(bits, na_set_u32(0x8000)), 16);
}

/* STATEMENT for whole vectors of elements begin + i, and for the rest of one. */
#define NA_OVER(count, STATEMENT)                                                                                      \
    do {                                                                                                               \
        size_t i = 0, lanes = NA_LANES;                                                                                \
        for (; (count)-i >= NA_LANES; i += NA_LANES)                                                                   \
            STATEMENT                                                                                                  \
        if (i < (count)) {                                                                                             \
            lanes = (count)-i;                                                                                         \
            STATEMENT                                                                                                  \
        }                                                                                                              \
    } while (0)

#define NA_READ na_bits_of(na_load_f32(floats + i, lanes))
#define NA_WRITE(bits) na_store_f32(floats + i, na_float_of(bits), lanes)

static void unpack_bf16(const na_packed *p, float *floats, size_t begin, size_t count)
{
    const uint16_t *h = (const uint16_t *)p->data + begin;
    NA_OVER(count, { NA_WRITE(na_shift_left(na_load_u16(h + i, lanes), 16)); });
}

static void pack_bf16(const na_packed *p, const float *floats, size_t begin, size_t count)
{
    uint16_t *h = (uint16_t *)p->data + begin;
    NA_OVER(count, { na_store_u16(h + i, na_to_bf16(NA_READ), lanes); });
}

static void unpack_f16(const na_packed *p, float *floats, size_t begin, size_t count)
{
    const uint16_t *h = (const uint16_t *)p->data + begin;
    NA_OVER(count, { NA_WRITE(na_from_f16(na_load_u16(h + i, lanes))); });
}

static void pack_f16(const na_packed *p, const float *floats, size_t begin, size_t count)
{
    uint16_t *h = (uint16_t *)p->data + begin;
    NA_OVER(count, { na_store_u16(h + i, na_to_f16(NA_READ), lanes); });
}

static void unpack_rest16(const na_packed *p, float *floats, size_t begin, size_t count)
{
    const uint16_t *h = (const uint16_t *)p->data + begin, *rest = (const uint16_t *)p->beside + begin;
    NA_OVER(count, {
        const na_u32 low = na_extend(na_load_u16(rest + i, lanes), 0x8000);
        NA_WRITE(na_add_u32(na_shift_left(na_load_u16(h + i, lanes), 16), low));
    });
}

static void pack_rest16(const na_packed *p, const float *floats, size_t begin, size_t count)
{
    uint16_t *h = (uint16_t *)p->data + begin, *rest = (uint16_t *)p->beside + begin;
    NA_OVER(count, {
        const na_u32 bits = na_quieted(NA_READ);
        na_store_u16(h + i, na_upper_half(bits), lanes);
        na_store_u16(rest + i, bits, lanes); /* the lower half minus nothing, or minus 2^16 */
    });
}

static void unpack_rest8(const na_packed *p, float *floats, size_t begin, size_t count)
{
    const uint16_t *h = (const uint16_t *)p->data + begin;
    const uint8_t *rest = (const uint8_t *)p->beside + begin;
    NA_OVER(count, {
        const na_u32 low = na_shift_left(na_extend(na_load_u8(rest + i, lanes), 0x80), 8);
        NA_WRITE(na_add_u32(na_shift_left(na_load_u16(h + i, lanes), 16), low));
    });
}

static void pack_rest8(const na_packed *p, const float *floats, size_t begin, size_t count)
{
    uint16_t *h = (uint16_t *)p->data + begin;
    uint8_t *rest = (uint8_t *)p->beside + begin;
    NA_OVER(count, {
        const na_u32 bits = na_to_24_bits(NA_READ);
        na_store_u16(h + i, na_upper_half(bits), lanes);
        na_store_u8(rest + i, na_shift_right(bits, 8), lanes);
    });
}
