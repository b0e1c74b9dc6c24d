/* The words that packed formats are written in, over the bits of lanes, for AVX-512. */

NA_INLINE na_u32 na_bits_of(na_f32 x)
{
    return _mm512_castps_si512(x);
}

NA_INLINE na_f32 na_float_of(na_u32 bits)
{
    return _mm512_castsi512_ps(bits);
}

NA_INLINE na_u32 na_add_u32(na_u32 a, na_u32 b)
{
    return _mm512_add_epi32(a, b);
}

NA_INLINE na_u32 na_sub_u32(na_u32 a, na_u32 b)
{
    return _mm512_sub_epi32(a, b);
}

NA_INLINE na_u32 na_and_u32(na_u32 a, na_u32 b)
{
    return _mm512_and_si512(a, b);
}

NA_INLINE na_u32 na_or_u32(na_u32 a, na_u32 b)
{
    return _mm512_or_si512(a, b);
}

NA_INLINE na_u32 na_min_u32(na_u32 a, na_u32 b)
{
    return _mm512_min_epu32(a, b);
}

NA_INLINE na_u32 na_shift_left(na_u32 x, int n)
{
    return _mm512_sllv_epi32(x, _mm512_set1_epi32(n));
}

NA_INLINE na_u32 na_shift_right(na_u32 x, int n)
{
    return _mm512_srlv_epi32(x, _mm512_set1_epi32(n));
}

/* x where a > b, without signs, and y elsewhere */
NA_INLINE na_u32 na_where_above(na_u32 a, na_u32 b, na_u32 x, na_u32 y)
{
    return _mm512_mask_blend_epi32(_mm512_cmpgt_epu32_mask(a, b), y, x);
}

/* bits where x is NaN, and y elsewhere */
NA_INLINE na_u32 na_where_nan(na_f32 x, na_u32 bits, na_u32 y)
{
    return _mm512_mask_mov_epi32(y, _mm512_cmp_ps_mask(x, x, _CMP_UNORD_Q), bits);
}

/* The bits of x rounded to a multiple of 2^n, to nearest even, or nan; what is below 2^n is anything. */
NA_INLINE na_u32 na_rounded(na_f32 x, int n, na_u32 nan)
{
    const __m512i bits = _mm512_castps_si512(x);
    const __mmask16 odd = _mm512_test_epi32_mask(bits, _mm512_set1_epi32(1 << n));
    const __mmask16 number = _mm512_cmp_ps_mask(x, x, _CMP_ORD_Q);
    const __m512i sum = _mm512_mask_add_epi32(nan, number, bits, _mm512_set1_epi32((1 << (n - 1)) - 1));
    return _mm512_mask_sub_epi32(sum, odd, sum, _mm512_set1_epi32(-1));
}

/* Whole numbers with a sign to floats. */
NA_INLINE na_f32 na_to_f32(na_u32 x)
{
    return _mm512_cvtepi32_ps(x);
}

NA_INLINE na_u32 na_load_u16(const uint16_t *p, size_t lanes)
{
    return _mm512_cvtepu16_epi32(lanes == NA_LANES ? _mm256_loadu_si256((const __m256i *)(const void *)p)
                                                   : _mm256_maskz_loadu_epi16(na_lanes(lanes), p));
}

/* To the upper half of every lane; the lower one is 0. */
NA_INLINE na_u32 na_load_upper(const uint16_t *p, size_t lanes)
{
    return _mm512_slli_epi32(na_load_u16(p, lanes), 16);
}

NA_INLINE na_u32 na_load_u8(const uint8_t *p, size_t lanes)
{
    return _mm512_cvtepu8_epi32(lanes == NA_LANES ? _mm_loadu_si128((const __m128i *)(const void *)p)
                                                  : _mm_maskz_loadu_epi8(na_lanes(lanes), p));
}

/* With its sign. */
NA_INLINE na_u32 na_load_i8(const uint8_t *p, size_t lanes)
{
    return _mm512_cvtepi8_epi32(lanes == NA_LANES ? _mm_loadu_si128((const __m128i *)(const void *)p)
                                                  : _mm_maskz_loadu_epi8(na_lanes(lanes), p));
}

/* The lower half of every lane. */
NA_INLINE void na_store_u16(uint16_t *p, na_u32 x, size_t lanes)
{
    const __m256i halves = _mm512_cvtepi32_epi16(x);
    if (lanes == NA_LANES)
        _mm256_storeu_si256((__m256i *)(void *)p, halves);
    else
        _mm256_mask_storeu_epi16(p, na_lanes(lanes), halves);
}

/* The upper half of every lane. */
NA_INLINE void na_store_upper(uint16_t *p, na_u32 x, size_t lanes)
{
    na_store_u16(p, _mm512_srli_epi32(x, 16), lanes);
}

/* The lowest byte of every lane. */
NA_INLINE void na_store_u8(uint8_t *p, na_u32 x, size_t lanes)
{
    const __m128i bytes = _mm512_cvtepi32_epi8(x);
    if (lanes == NA_LANES)
        _mm_storeu_si128((__m128i *)(void *)p, bytes);
    else
        _mm_mask_storeu_epi8(p, na_lanes(lanes), bytes);
}

/* x where it is 0, and elsewhere what is larger, x or least; both are positive numbers. */
NA_INLINE na_f32 na_max_if_any(na_f32 x, na_f32 least)
{
    const __m512i bits = _mm512_castps_si512(x);
    return _mm512_castsi512_ps(
        _mm512_maskz_max_epu32(_mm512_test_epi32_mask(bits, bits), bits, _mm512_castps_si512(least)));
}

static const uint8_t na_lowest_bytes[64] = {0, 4,  8, 12, 0, 4,  8, 12, 0, 4,  8, 12, 0, 4,  8, 12, 0, 4,  8, 12, 0, 4,
                                            8, 12, 0, 4,  8, 12, 0, 4,  8, 12, 0, 4,  8, 12, 0, 4,  8, 12, 0, 4,  8, 12,
                                            0, 4,  8, 12, 0, 4,  8, 12, 0, 4,  8, 12, 0, 4,  8, 12, 0, 4,  8, 12};
static const uint32_t na_columns[16] = {0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15};

/* The lowest bytes of two vectors to p, and of two more to q. */
NA_INLINE void na_store_codes(uint8_t *p, uint8_t *q, na_u32 a, na_u32 b, na_u32 c, na_u32 d)
{
    const __m512i lowest = _mm512_loadu_si512(na_lowest_bytes);
    __m512i bytes = _mm512_shuffle_epi8(a, lowest);
    bytes = _mm512_mask_shuffle_epi8(bytes, 0x00f000f000f000f0u, b, lowest);
    bytes = _mm512_mask_shuffle_epi8(bytes, 0x0f000f000f000f00u, c, lowest);
    bytes = _mm512_mask_shuffle_epi8(bytes, 0xf000f000f000f000u, d, lowest);
    bytes = _mm512_permutexvar_epi32(_mm512_loadu_si512(na_columns), bytes);
    _mm256_storeu_si256((__m256i *)(void *)p, _mm512_castsi512_si256(bytes));
    _mm256_storeu_si256((__m256i *)(void *)q, _mm512_extracti64x4_epi64(bytes, 1));
}

/* Of all lanes, by their bits without a sign. */
NA_INLINE float na_largest(na_f32 x)
{
    const __m512i bits = _mm512_castps_si512(x);
    const __m256i eight = _mm256_max_epu32(_mm512_castsi512_si256(bits), _mm512_extracti64x4_epi64(bits, 1));
    const __m128i four = _mm_max_epu32(_mm256_castsi256_si128(eight), _mm256_extracti128_si256(eight, 1));
    const __m128i two = _mm_max_epu32(four, _mm_shuffle_epi32(four, 0x4e));
    return _mm_cvtss_f32(_mm_castsi128_ps(_mm_max_epu32(two, _mm_shuffle_epi32(two, 0xb1))));
}

/* Words over 64-bit lanes, half as many, for the random numbers. */

#define NA_WIDE_LANES 8

typedef __m512i na_u64;

NA_INLINE na_u64 na_set_u64(uint64_t x)
{
    return _mm512_set1_epi64((int64_t)x);
}

NA_INLINE na_u64 na_xor_u64(na_u64 a, na_u64 b, na_u64 c)
{
    return _mm512_ternarylogic_epi64(a, b, c, 0x96);
}

/* The upper half of every lane, moved down. */
NA_INLINE na_u64 na_upper_u64(na_u64 x)
{
    return _mm512_srli_epi64(x, 32);
}

/* The product of the lower halves. */
NA_INLINE na_u64 na_mul_lower(na_u64 a, na_u64 b)
{
    return _mm512_mul_epu32(a, b);
}

/* first and those after it, in the order in which na_store_numbers wants them. */
NA_INLINE na_u64 na_counters_from(uint32_t first)
{
    return _mm512_add_epi64(_mm512_set1_epi64(first), _mm512_setr_epi64(0, 4, 1, 5, 2, 6, 3, 7));
}

/* All halves of the words of every counter, in their order: the lower words of the lanes, x0 first. */
NA_INLINE void na_store_numbers(uint16_t *p, na_u64 x0, na_u64 x1, na_u64 x2, na_u64 x3)
{
    const __m512i a = _mm512_mask_shuffle_epi32(x0, 0xaaaa, x1, _MM_PERM_CCAA);
    const __m512i b = _mm512_mask_shuffle_epi32(x2, 0xaaaa, x3, _MM_PERM_CCAA);
    _mm512_storeu_si512(p, _mm512_unpacklo_epi64(a, b));
    _mm512_storeu_si512(p + 32, _mm512_unpackhi_epi64(a, b));
}
