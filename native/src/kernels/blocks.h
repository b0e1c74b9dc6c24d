/* Packed formats of blocks that share a scale: see the header. begin is the start of a block. */

/* The scale of a block whose magnitudes have this maximum in each lane: the largest, or NaN if there is one. */
NA_INLINE float na_scale_from(na_f32 largest)
{
    const float scale = na_largest(largest);
    if (na_bits(scale) >= na_bits(na_infinity()))
        return na_nan();
    return na_bits(scale) < 0x00800000u ? 0.0f : scale;
}

NA_INLINE float na_scale_of(const float *floats, size_t count)
{
    na_f32 largest = na_set(0.0f);
    size_t i = 0;
    NA_OVER(i, count, { largest = na_max(largest, na_abs(na_load_f32(floats + i, lanes))); });
    return na_scale_from(largest);
}

/* Whether a block has numbers at all; it may be zeros or NaN. */
NA_INLINE int na_has_numbers(float scale)
{
    return na_bits(scale) != 0 && na_bits(scale) < na_bits(na_infinity());
}

/*
 * What is divided by: the largest magnitude. In a book, with N that of what is below 0 and a = -values[0], it is N / a
 * where scale * a is less than N, which would have no code. Asked by the product, so that what was unpacked, whose N is
 * scale * a rounded, gives the same scale again.
 */
NA_INLINE float na_scale(const na_packed *p, const float *floats, size_t count)
{
    const na_f32 least = na_set(-na_infinity()), zero = na_set(0.0f);
    const float scale = na_scale_of(floats, count), a = p->format >= NA_BOOK8 ? -p->book[0] : 0.0f;
    const float most = 3.40282347e38f;
    na_f32 lowest = zero;
    float n;
    size_t i = 0;
    if (!(a > 0.0f) || !na_has_numbers(scale))
        return scale;
    NA_OVER(i, count, { lowest = na_max(lowest, na_abs(na_clamp(na_load_f32(floats + i, lanes), least, zero))); });
    n = na_largest(lowest);
    if (!(scale * a < n))
        return scale;
    n /= a;
    return n < most ? n : most;
}

NA_INLINE void na_fill(uint8_t *codes, uint8_t code, size_t count)
{
    size_t i;
    for (i = 0; i < count; ++i)
        codes[i] = code;
}

/* Those of the block after the next. */
NA_INLINE void na_prefetch_codes(const void *codes)
{
    int line;
    for (line = 0; line < NA_BLOCK; line += 64)
        na_prefetch((const void *)((uintptr_t)codes + 2 * NA_BLOCK + (uintptr_t)line));
}

/* c = x / (scale + |x|) * 254 */
NA_INLINE na_u32 na_to_softsign8(na_f32 x, na_f32 scale)
{
    return na_nearest(na_mul(na_div(x, na_add(scale, na_abs(x))), na_set(254.0f)));
}

/* x = scale * (c / (254 - |c|)) */
NA_INLINE na_f32 na_from_softsign8(na_u32 code, na_f32 scale)
{
    const na_f32 c = na_to_f32(code);
    return na_mul(scale, na_div(c, na_sub(na_set(254.0f), na_abs(c))));
}

/*
 * c = sqrt(|x|) * (255 / sqrt(scale)), from 1, or for an x of 0 from 0. A second moment that became 0 where the first
 * one stays would divide the step by eps alone. No root is above that of the scale.
 */
NA_INLINE na_u32 na_to_sqrt8(na_f32 root, na_f32 factor)
{
    return na_nearest(na_max_if_any(na_mul(root, factor), na_set(1.0f)));
}

NA_INLINE na_f32 na_sqrt8_factor(float scale)
{
    return na_div(na_set(255.0f), na_sqrt(na_set(scale)));
}

/* x = scale * (t * t), t = c * (1 / 255) */
NA_INLINE na_f32 na_from_sqrt8(na_u32 code, na_f32 scale)
{
    const na_f32 t = na_mul(na_to_f32(code), na_set(1.0f / 255.0f));
    return na_mul(scale, na_mul(t, t));
}

/* Of halves, so that the sum does not overflow. */
static void pack_softsign8(uint8_t *codes, float scale, const float *floats, size_t count)
{
    size_t i = 0;
    const na_f32 half = na_set(0.5f), half_scale = na_set(0.5f * scale);
    NA_OVER(i, count, {
        const na_f32 x = na_mul(half, na_load_f32(floats + i, lanes));
        na_store_u8(codes + i, na_to_softsign8(x, half_scale), lanes);
    });
}

static void unpack_softsign8(const uint8_t *codes, float scale, float *floats, size_t count)
{
    size_t i = 0;
    na_prefetch_codes(codes);
    NA_OVER(i, count,
            { na_store_f32(floats + i, na_from_softsign8(na_load_i8(codes + i, lanes), na_set(scale)), lanes); });
}

static void pack_sqrt8(uint8_t *codes, float scale, const float *floats, size_t count)
{
    size_t i = 0;
    const na_f32 factor = na_sqrt8_factor(scale);
    NA_OVER(i, count,
            { na_store_u8(codes + i, na_to_sqrt8(na_sqrt(na_abs(na_load_f32(floats + i, lanes))), factor), lanes); });
}

static void unpack_sqrt8(const uint8_t *codes, float scale, float *floats, size_t count)
{
    size_t i = 0;
    na_prefetch_codes(codes);
    NA_OVER(i, count, { na_store_f32(floats + i, na_from_sqrt8(na_load_u8(codes + i, lanes), na_set(scale)), lanes); });
}

/* What the thresholds are asked for: x / scale, and +0 for -0. */
NA_INLINE void na_quotients(float *q, float scale, const float *floats, size_t count)
{
    const na_f32 divisor = na_set(scale), zero = na_set(0.0f);
    size_t i = 0;
    NA_OVER(i, count, { na_store_f32(q + i, na_add(na_div(na_load_f32(floats + i, lanes), divisor), zero), lanes); });
}

/* How many of 15 thresholds, `apart` from each other, are at most q: those where the sign of the difference is not set.
 */
static void na_sixteenths(uint8_t *found, const float *thresholds, size_t apart, const float *q, size_t count)
{
    size_t i = 0;
    NA_OVER(i, count, {
        const na_f32 x = na_load_f32(q + i, lanes);
        na_u32 at_most = na_set_u32(15);
        size_t t;
        for (t = 0; t < 15; ++t) {
            const na_f32 difference = na_sub(x, na_set(thresholds[t * apart]));
            at_most = na_sub_u32(at_most, na_shift_right(na_bits_of(difference), 31));
        }
        na_store_u8(found + i, at_most, lanes);
    });
}

/* First which sixteenth of the book, then where in it, without branches, which nothing could predict. */
static void pack_book8(const na_packed *p, uint8_t *codes, float scale, const float *floats, size_t count)
{
    const float *thresholds = p->book + 256;
    float q[NA_BLOCK];
    size_t i;
    na_quotients(q, scale, floats, count);
    na_sixteenths(codes, thresholds + 15, 16, q, count);
    for (i = 0; i < count; ++i) {
        unsigned code = codes[i] * 16u, step;
        for (step = 8; step > 0; step /= 2)
            code += step & ((na_bits(q[i] - thresholds[code + step - 1]) >> 31) - 1);
        codes[i] = (uint8_t)code;
    }
}

static void unpack_book8(const na_packed *p, const uint8_t *codes, float scale, float *floats, size_t count)
{
    size_t i;
    for (i = 0; i < count; ++i)
        floats[i] = scale * p->book[codes[i]];
}

static void pack_book4(const na_packed *p, uint8_t *codes, float scale, const float *floats, size_t count)
{
    uint8_t found[NA_BLOCK + 1];
    float q[NA_BLOCK];
    size_t i;
    na_quotients(q, scale, floats, count);
    na_sixteenths(found, p->book + 16, 1, q, count);
    found[count] = 0;
    for (i = 0; i < count; i += 2)
        codes[i / 2] = (uint8_t)(found[i] | found[i + 1] << 4);
}

static void unpack_book4(const na_packed *p, const uint8_t *codes, float scale, float *floats, size_t count)
{
    size_t i;
    for (i = 0; i < count; ++i)
        floats[i] = scale * p->book[codes[i / 2] >> i % 2 * 4 & 15];
}

static void unpack_blocks(const na_packed *p, float *floats, size_t begin, size_t count)
{
    size_t at;
    for (at = 0; at < count; at += NA_BLOCK) {
        const size_t n = count - at < NA_BLOCK ? count - at : NA_BLOCK;
        const float scale = ((const float *)p->beside)[(begin + at) / NA_BLOCK];
        const uint8_t *codes = (const uint8_t *)p->data + (begin + at) / (p->format == NA_BOOK4 ? 2 : 1);
        switch (p->format) {
        case NA_SOFTSIGN8:
            unpack_softsign8(codes, scale, floats + at, n);
            break;
        case NA_SQRT8:
            unpack_sqrt8(codes, scale, floats + at, n);
            break;
        case NA_BOOK8:
            unpack_book8(p, codes, scale, floats + at, n);
            break;
        default:
            unpack_book4(p, codes, scale, floats + at, n);
        }
    }
}

/* The codes of a block of zeros or NaN: that of 0. */
static void na_pack_empty(const na_packed *p, uint8_t *codes, size_t count)
{
    const float zero = 0.0f;
    uint8_t code = 0;
    if (p->format == NA_BOOK8)
        pack_book8(p, &code, 1.0f, &zero, 1);
    if (p->format == NA_BOOK4)
        pack_book4(p, &code, 1.0f, &zero, 1);
    if (p->format != NA_BOOK4) {
        na_fill(codes, code, count);
    } else {
        na_fill(codes, (uint8_t)(code | code << 4), count / 2);
        na_fill(codes + count / 2, code, count % 2);
    }
}

static void pack_blocks(const na_packed *p, const float *floats, size_t begin, size_t count)
{
    size_t at;
    for (at = 0; at < count; at += NA_BLOCK) {
        const size_t n = count - at < NA_BLOCK ? count - at : NA_BLOCK;
        const float scale = na_scale(p, floats + at, n);
        uint8_t *codes = (uint8_t *)p->data + (begin + at) / (p->format == NA_BOOK4 ? 2 : 1);
        ((float *)p->beside)[(begin + at) / NA_BLOCK] = scale;
        if (!na_has_numbers(scale)) {
            na_pack_empty(p, codes, n);
            continue;
        }
        switch (p->format) {
        case NA_SOFTSIGN8:
            pack_softsign8(codes, scale, floats + at, n);
            break;
        case NA_SQRT8:
            pack_sqrt8(codes, scale, floats + at, n);
            break;
        case NA_BOOK8:
            pack_book8(p, codes, scale, floats + at, n);
            break;
        default:
            pack_book4(p, codes, scale, floats + at, n);
        }
    }
}
