/*
 * Packed formats, element by element or block by block: see the header. Every function goes over elements begin to
 * end - 1 of a stream; `floats` are the same elements. All is done with integers and with float operations that round
 * correctly, and never with an instruction that converts, because those differ in what they do with denormals.
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

/* Asks for what the next tile begins with. */
NA_INLINE void na_prefetch_tile(const uint16_t *p)
{
    na_prefetch((const void *)((uintptr_t)p + NA_TILE * sizeof *p));
}

#define NA_READ na_load_f32(floats + i, lanes)
#define NA_WRITE(bits) na_store_f32(floats + i, na_float_of(bits), lanes)

/* Most of the time is that of instructions that narrow and widen: two vectors share one where the words can. */
static void unpack_bf16(const na_packed *p, float *floats, size_t begin, size_t count)
{
    const uint16_t *h = (const uint16_t *)p->data + begin;
    size_t i;
    for (i = 0; count - i >= 2 * NA_LANES; i += 2 * NA_LANES) {
        na_u32 a, b;
        na_prefetch_tile(h + i);
        na_load_uppers(h + i, &a, &b);
        na_store_f32(floats + i, na_float_of(a), NA_LANES);
        na_store_f32(floats + i + NA_LANES, na_float_of(b), NA_LANES);
    }
    NA_OVER(i, count, { NA_WRITE(na_load_upper(h + i, lanes)); });
}

static void pack_bf16(const na_packed *p, const float *floats, size_t begin, size_t count)
{
    uint16_t *h = (uint16_t *)p->data + begin;
    size_t i;
    for (i = 0; count - i >= 2 * NA_LANES; i += 2 * NA_LANES) {
        const na_u32 a = na_to_bf16(na_load_f32(floats + i, NA_LANES));
        na_store_uppers(h + i, a, na_to_bf16(na_load_f32(floats + i + NA_LANES, NA_LANES)));
    }
    NA_OVER(i, count, { na_store_upper(h + i, na_to_bf16(NA_READ), lanes); });
}

static void unpack_f16(const na_packed *p, float *floats, size_t begin, size_t count)
{
    const uint16_t *h = (const uint16_t *)p->data + begin;
    size_t i = 0;
    NA_OVER(i, count, {
        na_prefetch_tile(h + i);
        NA_WRITE(na_from_f16(na_load_u16(h + i, lanes)));
    });
}

static void pack_f16(const na_packed *p, const float *floats, size_t begin, size_t count)
{
    uint16_t *h = (uint16_t *)p->data + begin;
    size_t i = 0;
    NA_OVER(i, count, { na_store_u16(h + i, na_to_f16(NA_READ), lanes); });
}

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

static void unpack_rest16(const na_packed *p, float *floats, size_t begin, size_t count)
{
    const uint16_t *h = (const uint16_t *)p->data + begin, *rest = (const uint16_t *)p->beside + begin;
    size_t i = 0;
    NA_OVER(i, count, {
        na_prefetch_tile(h + i);
        na_prefetch_tile(rest + i);
        NA_WRITE(na_from_rest16(na_load_upper(h + i, lanes), na_load_u16(rest + i, lanes)));
    });
}

static void pack_rest16(const na_packed *p, const float *floats, size_t begin, size_t count)
{
    uint16_t *h = (uint16_t *)p->data + begin, *rest = (uint16_t *)p->beside + begin;
    size_t i = 0;
    NA_OVER(i, count, {
        const na_f32 x = NA_READ;
        const na_u32 bits = na_where_nan(x, NA_ONE_NAN, na_bits_of(x));
        na_store_upper(h + i, na_model(bits), lanes);
        na_store_u16(rest + i, bits, lanes);
    });
}

static void unpack_rest8(const na_packed *p, float *floats, size_t begin, size_t count)
{
    const uint16_t *h = (const uint16_t *)p->data + begin;
    const uint8_t *rest = (const uint8_t *)p->beside + begin;
    size_t i = 0;
    NA_OVER(i, count, {
        const na_u32 low = na_shift_left(na_load_i8(rest + i, lanes), 8);
        na_prefetch_tile(h + i);
        na_prefetch((const void *)((uintptr_t)(rest + i) + NA_TILE));
        NA_WRITE(na_add_u32(na_load_upper(h + i, lanes), low));
    });
}

static void pack_rest8(const na_packed *p, const float *floats, size_t begin, size_t count)
{
    uint16_t *h = (uint16_t *)p->data + begin;
    uint8_t *rest = (uint8_t *)p->beside + begin;
    size_t i = 0;
    NA_OVER(i, count, {
        const na_u32 bits = na_rounded(NA_READ, 8, NA_ONE_NAN);
        na_store_upper(h + i, na_model(bits), lanes);
        na_store_u8(rest + i, na_shift_right(bits, 8), lanes);
    });
}
