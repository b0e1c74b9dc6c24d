/*
 * Formats whose elements do not depend on others, two vectors at a time, which share the instructions that narrow and
 * widen where the words can. A NaN that is stored in a pair is the one that formats have.
 */

NA_INLINE void na_unify_nans(na_f32 x[2])
{
    NA_EACH(j, 2, { x[j] = na_float_of(na_where_nan(x[j], NA_ONE_NAN, na_bits_of(x[j]))); });
}

#ifndef NA_HAS_PAIRS
NA_INLINE void na_load_uppers(const uint16_t *p, na_u32 *a, na_u32 *b)
{
    *a = na_load_upper(p, NA_LANES);
    *b = na_load_upper(p + NA_LANES, NA_LANES);
}

NA_INLINE void na_load_rest16_pair(const uint16_t *p, const uint16_t *rest, na_u32 *a, na_u32 *b)
{
    *a = na_from_rest16(na_load_upper(p, NA_LANES), na_load_u16(rest, NA_LANES));
    *b = na_from_rest16(na_load_upper(p + NA_LANES, NA_LANES), na_load_u16(rest + NA_LANES, NA_LANES));
}

NA_INLINE void na_load_rest8_pair(const uint16_t *p, const uint8_t *rest, na_u32 *a, na_u32 *b)
{
    *a = na_from_rest8(na_load_upper(p, NA_LANES), na_load_i8(rest, NA_LANES));
    *b = na_from_rest8(na_load_upper(p + NA_LANES, NA_LANES), na_load_i8(rest + NA_LANES, NA_LANES));
}

/* The bits of x rounded to a multiple of 2^n, to nearest even. */
NA_INLINE na_u32 na_rounded_number(na_f32 x, int n)
{
    const na_u32 bits = na_bits_of(x), odd = na_and_u32(na_shift_right(bits, n), na_set_u32(1));
    return na_add_u32(na_add_u32(bits, na_set_u32((1u << (n - 1)) - 1)), odd);
}

NA_INLINE void na_store_bf16_pair(uint16_t *p, na_f32 a, na_f32 b)
{
    na_store_uppers(p, na_rounded_number(a, 16), na_rounded_number(b, 16));
}

NA_INLINE void na_store_rest16_pair(uint16_t *p, uint16_t *rest, na_f32 a, na_f32 b)
{
    const na_u32 x = na_bits_of(a), y = na_bits_of(b);
    na_store_uppers(p, na_model(x), na_model(y));
    na_store_u16(rest, x, NA_LANES);
    na_store_u16(rest + NA_LANES, y, NA_LANES);
}

NA_INLINE void na_store_rest8_pair(uint16_t *p, uint8_t *rest, na_f32 a, na_f32 b)
{
    const na_u32 x = na_rounded_number(a, 8), y = na_rounded_number(b, 8);
    na_store_uppers(p, na_model(x), na_model(y));
    na_store_u8(rest, na_shift_right(x, 8), NA_LANES);
    na_store_u8(rest + NA_LANES, na_shift_right(y, 8), NA_LANES);
}

/* These have no quick way. */
NA_INLINE int na_store_pair_at_random(uint16_t *p, const uint16_t *random, na_f32 a, na_f32 b)
{
    (void)p, (void)random, (void)a, (void)b;
    return 0;
}

NA_INLINE int na_load_f16_pair(const uint16_t *p, na_u32 *a, na_u32 *b)
{
    (void)p, (void)a, (void)b;
    return 0;
}

NA_INLINE int na_store_f16_pair(uint16_t *p, na_f32 a, na_f32 b)
{
    (void)p, (void)a, (void)b;
    return 0;
}
#endif

NA_INLINE void na_store_random_pair(uint16_t *p, const uint16_t *random, na_f32 a, na_f32 b)
{
    if (!NA_RARELY(!na_store_pair_at_random(p, random, a, b)))
        return;
    na_store_uppers(p, na_to_bf16_at_random(a, na_load_u16(random, NA_LANES)),
                    na_to_bf16_at_random(b, na_load_u16(random + NA_LANES, NA_LANES)));
}

/* Floats where format is 0. */
NA_INLINE void na_take_pair(const na_cells *p, const float *floats, size_t i, na_f32 x[2])
{
    na_u32 a, b;
    if (p->format == 0) {
        na_prefetch_block(floats, i + NA_AHEAD, 2);
        x[0] = na_load_f32(floats + i, NA_LANES);
        x[1] = na_load_f32(floats + i + NA_LANES, NA_LANES);
        return;
    }
    na_prefetch_cells(p->data, sizeof(uint16_t), i);
    if (p->format == NA_BF16) {
        na_load_uppers(p->data + i, &a, &b);
    } else if (p->format == NA_BF16_REST16) {
        na_prefetch_cells(p->rest, sizeof(uint16_t), i);
        na_load_rest16_pair(p->data + i, (const uint16_t *)p->rest + i, &a, &b);
    } else if (p->format == NA_BF16_REST8) {
        na_prefetch_cells(p->rest, sizeof(uint8_t), i);
        na_load_rest8_pair(p->data + i, (const uint8_t *)p->rest + i, &a, &b);
    } else if (p->format != NA_F16 || NA_RARELY(!na_load_f16_pair(p->data + i, &a, &b))) {
        a = na_unpack_vector(p, i, NA_LANES);
        b = na_unpack_vector(p, i + NA_LANES, NA_LANES);
    }
    x[0] = na_float_of(a);
    x[1] = na_float_of(b);
}

NA_INLINE void na_give_pair(const na_cells *p, float *floats, size_t i, const na_f32 x[2])
{
    if (p->format == 0) {
        na_store_f32(floats + i, x[0], NA_LANES);
        na_store_f32(floats + i + NA_LANES, x[1], NA_LANES);
    } else if (p->format == NA_BF16) {
        na_store_bf16_pair(p->data + i, x[0], x[1]);
    } else if (p->format == NA_BF16_REST16) {
        na_store_rest16_pair(p->data + i, (uint16_t *)p->rest + i, x[0], x[1]);
    } else if (p->format == NA_BF16_REST8) {
        na_store_rest8_pair(p->data + i, (uint8_t *)p->rest + i, x[0], x[1]);
    } else if (p->format == NA_BF16_RANDOM) {
        na_store_random_pair(p->data + i, p->random + i % NA_BLOCK, x[0], x[1]);
    } else if (p->format != NA_F16 || NA_RARELY(!na_store_f16_pair(p->data + i, x[0], x[1]))) {
        na_pack_vector(p, i, x[0], NA_LANES);
        na_pack_vector(p, i + NA_LANES, x[1], NA_LANES);
    }
}

/* Any number of elements. */
static void unpack_cells(const na_cells *p, float *floats, size_t count)
{
    size_t i = 0;
    for (; count - i >= 2 * NA_LANES; i += 2 * NA_LANES) {
        na_f32 x[2];
        na_take_pair(p, 0, i, x);
        na_store_f32(floats + i, x[0], NA_LANES);
        na_store_f32(floats + i + NA_LANES, x[1], NA_LANES);
    }
    NA_OVER(i, count, { na_store_f32(floats + i, na_float_of(na_unpack_vector(p, i, lanes)), lanes); });
}

static void pack_cells(const na_cells *p, const float *floats, size_t count)
{
    size_t i = 0;
    for (; count - i >= 2 * NA_LANES; i += 2 * NA_LANES) {
        na_f32 x[2] = {na_load_f32(floats + i, NA_LANES), na_load_f32(floats + i + NA_LANES, NA_LANES)};
        if (NA_RARELY(na_either_nan(x[0], x[1])))
            na_unify_nans(x);
        na_give_pair(p, 0, i, x);
    }
    NA_OVER(i, count, { na_pack_vector(p, i, na_load_f32(floats + i, lanes), lanes); });
}
