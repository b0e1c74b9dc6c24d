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

static const uint16_t na_odd_words[32] = {1,  3,  5,  7,  9,  11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31,
                                          33, 35, 37, 39, 41, 43, 45, 47, 49, 51, 53, 55, 57, 59, 61, 63};
static const uint16_t na_even_words[32] = {0,  2,  4,  6,  8,  10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30,
                                           32, 34, 36, 38, 40, 42, 44, 46, 48, 50, 52, 54, 56, 58, 60, 62};
static const uint16_t na_doubled_words[32] = {0, 0, 0, 1, 0, 2,  0, 3,  0, 4,  0, 5,  0, 6,  0, 7,
                                              0, 8, 0, 9, 0, 10, 0, 11, 0, 12, 0, 13, 0, 14, 0, 15};

/* Of two vectors, which follow each other. */
NA_INLINE void na_store_uppers(uint16_t *p, na_u32 a, na_u32 b)
{
    _mm512_storeu_si512(p, _mm512_permutex2var_epi16(a, _mm512_loadu_si512(na_odd_words), b));
}

/* The upper and the lower halves of two vectors, which follow each other. */
typedef struct {
    __m512i upper, lower;
} na_halves;

NA_INLINE na_halves na_halves_of(na_u32 a, na_u32 b)
{
    const na_halves h = {_mm512_permutex2var_epi16(a, _mm512_loadu_si512(na_odd_words), b),
                         _mm512_permutex2var_epi16(a, _mm512_loadu_si512(na_even_words), b)};
    return h;
}

NA_INLINE int na_either_nan(na_f32 a, na_f32 b)
{
    return _mm512_cmp_ps_mask(a, b, _CMP_UNORD_Q) != 0;
}

/*
 * Two vectors rounded to bf16: the mean of the lower half and 0x7fff or, where the upper is odd, 0x8000, has the carry
 * of their sum on top. 32 elements at a time and without masks, which share units with the products.
 */
NA_INLINE void na_store_bf16_pair(uint16_t *p, na_f32 a, na_f32 b)
{
    const na_u32 nan = na_set_u32(0x7fc00000u);
    const na_halves h = na_halves_of(_mm512_castps_si512(a), _mm512_castps_si512(b));
    const __m512i half = _mm512_ternarylogic_epi32(h.upper, _mm512_set1_epi16(1), _mm512_set1_epi16(0x7ffe), 0xea);
    const __m512i carry = _mm512_srli_epi16(_mm512_avg_epu16(h.lower, half), 15);
    if (NA_RARELY(na_either_nan(a, b)))
        na_store_uppers(p, na_rounded(a, 16, nan), na_rounded(b, 16, nan));
    else
        _mm512_storeu_si512(p, _mm512_add_epi16(h.upper, carry));
}

/* Two vectors to bf16, up where the lower half is above the random number; 0: there is one that must not go up. */
#define NA_HAS_RANDOM_PAIRS

NA_INLINE int na_store_pair_at_random(uint16_t *p, const uint16_t *random, na_f32 a, na_f32 b)
{
    const na_halves h = na_halves_of(_mm512_castps_si512(a), _mm512_castps_si512(b));
    const __mmask32 up = _mm512_cmpgt_epu16_mask(h.lower, _mm512_loadu_si512(random));
    const __m512i magnitudes = _mm512_and_si512(h.upper, _mm512_set1_epi16(0x7fff));
    _mm512_storeu_si512(p, _mm512_mask_sub_epi16(h.upper, up, h.upper, _mm512_set1_epi16(-1)));
    return _mm512_cmpgt_epu16_mask(magnitudes, _mm512_set1_epi16(0x7f7e)) == 0;
}

/* Two vectors as bf16 rounded half up, and what is left. */
#define NA_HAS_SPLIT_PAIRS

NA_INLINE void na_store_split_pair(uint16_t *p, uint16_t *rest, na_f32 a, na_f32 b)
{
    na_u32 x = _mm512_castps_si512(a), y = _mm512_castps_si512(b);
    na_halves h;
    if (NA_RARELY(na_either_nan(a, b))) {
        x = na_where_nan(a, na_set_u32(0x7fc00000u), x);
        y = na_where_nan(b, na_set_u32(0x7fc00000u), y);
    }
    h = na_halves_of(x, y);
    _mm512_storeu_si512(p, _mm512_add_epi16(h.upper, _mm512_srli_epi16(h.lower, 15)));
    _mm512_storeu_si512(rest, h.lower);
}

static const uint16_t na_first_words[32] = {0, 32, 1, 33, 2,  34, 3,  35, 4,  36, 5,  37, 6,  38, 7,  39,
                                            8, 40, 9, 41, 10, 42, 11, 43, 12, 44, 13, 45, 14, 46, 15, 47};

NA_INLINE void na_load_split_pair(const uint16_t *p, const uint16_t *rest, na_u32 *a, na_u32 *b)
{
    const __m512i lower = _mm512_loadu_si512(rest), first = _mm512_loadu_si512(na_first_words);
    const __m512i upper = _mm512_sub_epi16(_mm512_loadu_si512(p), _mm512_srli_epi16(lower, 15));
    *a = _mm512_permutex2var_epi16(lower, first, upper);
    *b = _mm512_permutex2var_epi16(lower, _mm512_add_epi16(first, _mm512_set1_epi16(16)), upper);
}

NA_INLINE void na_load_uppers(const uint16_t *p, na_u32 *a, na_u32 *b)
{
    const __m512i words = _mm512_loadu_si512(p), lower = _mm512_loadu_si512(na_doubled_words);
    const __m512i upper = _mm512_add_epi16(lower, _mm512_set1_epi16(16));
    *a = _mm512_maskz_permutexvar_epi16(0xaaaaaaaau, lower, words);
    *b = _mm512_maskz_permutexvar_epi16(0xaaaaaaaau, upper, words);
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
    return _mm512_mask_max_ps(x, _mm512_test_epi32_mask(bits, bits), x, least);
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
