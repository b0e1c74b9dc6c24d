/* The words that packed formats are written in, over the bits of lanes, for AVX2. */

NA_INLINE na_u32 na_bits_of(na_f32 x)
{
    return _mm256_castps_si256(x);
}

NA_INLINE na_f32 na_float_of(na_u32 bits)
{
    return _mm256_castsi256_ps(bits);
}

NA_INLINE na_u32 na_add_u32(na_u32 a, na_u32 b)
{
    return _mm256_add_epi32(a, b);
}

NA_INLINE na_u32 na_sub_u32(na_u32 a, na_u32 b)
{
    return _mm256_sub_epi32(a, b);
}

NA_INLINE na_u32 na_and_u32(na_u32 a, na_u32 b)
{
    return _mm256_and_si256(a, b);
}

NA_INLINE na_u32 na_or_u32(na_u32 a, na_u32 b)
{
    return _mm256_or_si256(a, b);
}

NA_INLINE na_u32 na_min_u32(na_u32 a, na_u32 b)
{
    return _mm256_min_epu32(a, b);
}

NA_INLINE na_u32 na_shift_left(na_u32 x, int n)
{
    return _mm256_sllv_epi32(x, _mm256_set1_epi32(n));
}

NA_INLINE na_u32 na_shift_right(na_u32 x, int n)
{
    return _mm256_srlv_epi32(x, _mm256_set1_epi32(n));
}

/* x where a > b, without signs, and y elsewhere */
NA_INLINE na_u32 na_where_above(na_u32 a, na_u32 b, na_u32 x, na_u32 y)
{
    return _mm256_blendv_epi8(x, y, _mm256_cmpeq_epi32(_mm256_max_epu32(a, b), b));
}

/* bits where x is NaN, and y elsewhere */
NA_INLINE na_u32 na_where_nan(na_f32 x, na_u32 bits, na_u32 y)
{
    return _mm256_blendv_epi8(y, bits, _mm256_castps_si256(_mm256_cmp_ps(x, x, _CMP_UNORD_Q)));
}

/* The bits of x rounded to a multiple of 2^n, to nearest even, or nan; what is below 2^n is anything. */
NA_INLINE na_u32 na_rounded(na_f32 x, int n, na_u32 nan)
{
    const __m256i bits = _mm256_castps_si256(x), odd = _mm256_and_si256(na_shift_right(bits, n), _mm256_set1_epi32(1));
    const __m256i sum = _mm256_add_epi32(bits, _mm256_set1_epi32((1 << (n - 1)) - 1));
    return na_where_nan(x, nan, _mm256_add_epi32(sum, odd));
}

/* Whole numbers with a sign to floats. */
NA_INLINE na_f32 na_to_f32(na_u32 x)
{
    return _mm256_cvtepi32_ps(x);
}

/* There is no masked access below 32 bits: a part of a vector goes through a whole one. */
NA_INLINE na_u32 na_load_u16(const uint16_t *p, size_t lanes)
{
    uint16_t part[NA_LANES] = {0};
    size_t j;
    if (lanes == NA_LANES)
        return _mm256_cvtepu16_epi32(_mm_loadu_si128((const __m128i *)(const void *)p));
    for (j = 0; j < lanes; ++j)
        part[j] = p[j];
    return _mm256_cvtepu16_epi32(_mm_loadu_si128((const __m128i *)(const void *)part));
}

/* To the upper half of every lane; the lower one is 0. */
NA_INLINE na_u32 na_load_upper(const uint16_t *p, size_t lanes)
{
    return _mm256_slli_epi32(na_load_u16(p, lanes), 16);
}

NA_INLINE na_u32 na_load_u8(const uint8_t *p, size_t lanes)
{
    uint8_t part[NA_LANES] = {0};
    size_t j;
    if (lanes == NA_LANES)
        return _mm256_cvtepu8_epi32(_mm_loadl_epi64((const __m128i *)(const void *)p));
    for (j = 0; j < lanes; ++j)
        part[j] = p[j];
    return _mm256_cvtepu8_epi32(_mm_loadl_epi64((const __m128i *)(const void *)part));
}

/* With its sign. */
NA_INLINE na_u32 na_load_i8(const uint8_t *p, size_t lanes)
{
    const na_u32 bytes = na_load_u8(p, lanes);
    return _mm256_srai_epi32(_mm256_slli_epi32(bytes, 24), 24);
}

/* The lower half of every lane. */
NA_INLINE void na_store_u16(uint16_t *p, na_u32 x, size_t lanes)
{
    const __m256i low = _mm256_and_si256(x, _mm256_set1_epi32(0xffff));
    const __m128i halves = _mm_packus_epi32(_mm256_castsi256_si128(low), _mm256_extracti128_si256(low, 1));
    uint16_t part[NA_LANES];
    size_t j;
    if (lanes == NA_LANES) {
        _mm_storeu_si128((__m128i *)(void *)p, halves);
        return;
    }
    _mm_storeu_si128((__m128i *)(void *)part, halves);
    for (j = 0; j < lanes; ++j)
        p[j] = part[j];
}

/* The upper half of every lane. */
NA_INLINE void na_store_upper(uint16_t *p, na_u32 x, size_t lanes)
{
    na_store_u16(p, _mm256_srli_epi32(x, 16), lanes);
}

/* Of two vectors, which follow each other. */
NA_INLINE void na_store_uppers(uint16_t *p, na_u32 a, na_u32 b)
{
    const __m256i both = _mm256_packus_epi32(_mm256_srli_epi32(a, 16), _mm256_srli_epi32(b, 16));
    _mm256_storeu_si256((__m256i *)(void *)p, _mm256_permute4x64_epi64(both, 0xd8));
}

NA_INLINE int na_either_nan(na_f32 a, na_f32 b)
{
    return _mm256_movemask_ps(_mm256_cmp_ps(a, b, _CMP_UNORD_Q)) != 0;
}

/* The lowest byte of every lane. */
NA_INLINE void na_store_u8(uint8_t *p, na_u32 x, size_t lanes)
{
    const __m256i low = _mm256_and_si256(x, _mm256_set1_epi32(0xff));
    const __m128i halves = _mm_packus_epi32(_mm256_castsi256_si128(low), _mm256_extracti128_si256(low, 1));
    const __m128i bytes = _mm_packus_epi16(halves, halves);
    uint8_t part[NA_LANES];
    size_t j;
    if (lanes == NA_LANES) {
        _mm_storel_epi64((__m128i *)(void *)p, bytes);
        return;
    }
    _mm_storel_epi64((__m128i *)(void *)part, bytes);
    for (j = 0; j < lanes; ++j)
        p[j] = part[j];
}

/* x where it is 0, and elsewhere what is larger, x or least; both are positive numbers. */
NA_INLINE na_f32 na_max_if_any(na_f32 x, na_f32 least)
{
    return _mm256_and_ps(_mm256_max_ps(x, least), _mm256_cmp_ps(x, _mm256_setzero_ps(), _CMP_NEQ_OQ));
}

/* The lowest bytes of two vectors to p, and of two more to q. */
NA_INLINE void na_store_codes(uint8_t *p, uint8_t *q, na_u32 a, na_u32 b, na_u32 c, na_u32 d)
{
    const __m256i lowest = _mm256_set1_epi32(0xff), columns = _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7);
    const __m256i ab = _mm256_packus_epi32(_mm256_and_si256(a, lowest), _mm256_and_si256(b, lowest));
    const __m256i cd = _mm256_packus_epi32(_mm256_and_si256(c, lowest), _mm256_and_si256(d, lowest));
    const __m256i bytes = _mm256_permutevar8x32_epi32(_mm256_packus_epi16(ab, cd), columns);
    _mm_storeu_si128((__m128i *)(void *)p, _mm256_castsi256_si128(bytes));
    _mm_storeu_si128((__m128i *)(void *)q, _mm256_extracti128_si256(bytes, 1));
}

/* Of all lanes, by their bits without a sign. */
NA_INLINE float na_largest(na_f32 x)
{
    const __m256i bits = _mm256_castps_si256(x);
    const __m128i four = _mm_max_epu32(_mm256_castsi256_si128(bits), _mm256_extracti128_si256(bits, 1));
    const __m128i two = _mm_max_epu32(four, _mm_shuffle_epi32(four, 0x4e));
    return _mm_cvtss_f32(_mm_castsi128_ps(_mm_max_epu32(two, _mm_shuffle_epi32(two, 0xb1))));
}

/* Words over 64-bit lanes, half as many, for the random numbers. */

#define NA_WIDE_LANES 4

typedef __m256i na_u64;

NA_INLINE na_u64 na_set_u64(uint64_t x)
{
    return _mm256_set1_epi64x((int64_t)x);
}

NA_INLINE na_u64 na_xor_u64(na_u64 a, na_u64 b, na_u64 c)
{
    return _mm256_xor_si256(_mm256_xor_si256(a, b), c);
}

/* The upper half of every lane, moved down. */
NA_INLINE na_u64 na_upper_u64(na_u64 x)
{
    return _mm256_srli_epi64(x, 32);
}

/* The product of the lower halves. */
NA_INLINE na_u64 na_mul_lower(na_u64 a, na_u64 b)
{
    return _mm256_mul_epu32(a, b);
}

/* first and those after it, in the order in which na_store_numbers wants them. */
NA_INLINE na_u64 na_counters_from(uint32_t first)
{
    return _mm256_add_epi64(_mm256_set1_epi64x(first), _mm256_setr_epi64x(0, 2, 1, 3));
}

/* All halves of the words of every counter, in their order: the lower words of the lanes, x0 first. */
NA_INLINE void na_store_numbers(uint16_t *p, na_u64 x0, na_u64 x1, na_u64 x2, na_u64 x3)
{
    const __m256i a = _mm256_blend_epi32(x0, _mm256_shuffle_epi32(x1, 0xa0), 0xaa);
    const __m256i b = _mm256_blend_epi32(x2, _mm256_shuffle_epi32(x3, 0xa0), 0xaa);
    _mm256_storeu_si256((__m256i *)(void *)p, _mm256_unpacklo_epi64(a, b));
    _mm256_storeu_si256((__m256i *)(void *)(p + 16), _mm256_unpackhi_epi64(a, b));
}
