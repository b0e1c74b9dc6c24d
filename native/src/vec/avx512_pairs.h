/*
 * What two vectors share when they become 32 halves of a format or come of them, for AVX-512. A NaN that is stored has
 * a lower half of 0, which no rounding carries on.
 */
#define NA_HAS_PAIRS

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
    const na_halves h = na_halves_of(_mm512_castps_si512(a), _mm512_castps_si512(b));
    const __m512i half = _mm512_ternarylogic_epi32(h.upper, _mm512_set1_epi16(1), _mm512_set1_epi16(0x7ffe), 0xea);
    const __m512i carry = _mm512_srli_epi16(_mm512_avg_epu16(h.lower, half), 15);
    _mm512_storeu_si512(p, _mm512_add_epi16(h.upper, carry));
}

/* Two vectors to bf16, up where the lower half is above the random number; 0: there is one that must not go up. */
NA_INLINE int na_store_pair_at_random(uint16_t *p, const uint16_t *random, na_f32 a, na_f32 b)
{
    const na_halves h = na_halves_of(_mm512_castps_si512(a), _mm512_castps_si512(b));
    const __mmask32 up = _mm512_cmpgt_epu16_mask(h.lower, _mm512_loadu_si512(random));
    const __m512i magnitudes = _mm512_and_si512(h.upper, _mm512_set1_epi16(0x7fff));
    _mm512_storeu_si512(p, _mm512_mask_sub_epi16(h.upper, up, h.upper, _mm512_set1_epi16(-1)));
    return _mm512_cmpgt_epu16_mask(magnitudes, _mm512_set1_epi16(0x7f7e)) == 0;
}

/* Two vectors as bf16 rounded half up, and what is left, 16 bits or 8 of it. */
NA_INLINE void na_store_rest16_pair(uint16_t *p, uint16_t *rest, na_f32 a, na_f32 b)
{
    const na_halves h = na_halves_of(_mm512_castps_si512(a), _mm512_castps_si512(b));
    _mm512_storeu_si512(p, _mm512_add_epi16(h.upper, _mm512_srli_epi16(h.lower, 15)));
    _mm512_storeu_si512(rest, h.lower);
}

/* To nearest even, a lower half is rounded to at least 0x8000 from 0x7f80 on, and to 0x10000 from 0xff80 on. */
NA_INLINE void na_store_rest8_pair(uint16_t *p, uint8_t *rest, na_f32 a, na_f32 b)
{
    const na_halves h = na_halves_of(_mm512_castps_si512(a), _mm512_castps_si512(b));
    const __m512i up = _mm512_srli_epi16(_mm512_adds_epu16(h.lower, _mm512_set1_epi16(0x80)), 15);
    const __m512i odd = _mm512_and_si512(_mm512_srli_epi16(h.lower, 8), _mm512_set1_epi16(1));
    const __m512i sum = _mm512_add_epi16(_mm512_add_epi16(h.lower, _mm512_set1_epi16(0x7f)), odd);
    _mm512_storeu_si512(p, _mm512_add_epi16(h.upper, up));
    _mm256_storeu_si256((__m256i *)(void *)rest, _mm512_cvtepi16_epi8(_mm512_srli_epi16(sum, 8)));
}

static const uint16_t na_first_words[32] = {0, 32, 1, 33, 2,  34, 3,  35, 4,  36, 5,  37, 6,  38, 7,  39,
                                            8, 40, 9, 41, 10, 42, 11, 43, 12, 44, 13, 45, 14, 46, 15, 47};

/* What is left has a sign, and was added. */
NA_INLINE void na_load_halves(__m512i upper, __m512i lower, na_u32 *a, na_u32 *b)
{
    const __m512i first = _mm512_loadu_si512(na_first_words);
    const __m512i second = _mm512_add_epi16(first, _mm512_set1_epi16(16));
    upper = _mm512_sub_epi16(upper, _mm512_srli_epi16(lower, 15));
    *a = _mm512_permutex2var_epi16(lower, first, upper);
    *b = _mm512_permutex2var_epi16(lower, second, upper);
}

NA_INLINE void na_load_rest16_pair(const uint16_t *p, const uint16_t *rest, na_u32 *a, na_u32 *b)
{
    na_load_halves(_mm512_loadu_si512(p), _mm512_loadu_si512(rest), a, b);
}

NA_INLINE void na_load_rest8_pair(const uint16_t *p, const uint8_t *rest, na_u32 *a, na_u32 *b)
{
    const __m512i words = _mm512_cvtepu8_epi16(_mm256_loadu_si256((const __m256i *)(const void *)rest));
    na_load_halves(_mm512_loadu_si512(p), _mm512_slli_epi16(words, 8), a, b);
}

/* x without its upper half, which is subtracted, but with its sign. */
NA_INLINE na_u32 na_less_upper(__m512i x)
{
    const __m512i upper = _mm512_and_si512(x, _mm512_set1_epi32((int32_t)0xffff0000u));
    const __m512 difference = _mm512_sub_ps(_mm512_castsi512_ps(x), _mm512_castsi512_ps(upper));
    return _mm512_ternarylogic_epi32(x, _mm512_set1_epi32(INT32_MIN), _mm512_castps_si512(difference), 0xea);
}

/*
 * Two vectors of binary16, 2^e f: (2^(e + 13) + 2^e f) - 2^(e + 13), of which the upper half holds the exponent and the
 * lower one the fraction, with its leading 1. What is below 2^-14 has the e of 2^-14, and no 1. 0: there is an infinity
 * or a NaN.
 */
NA_INLINE int na_load_f16_pair(const uint16_t *p, na_u32 *a, na_u32 *b)
{
    const __m512i h = _mm512_loadu_si512(p), sign = _mm512_set1_epi16((short)0x8000);
    const __m512i magnitude = _mm512_andnot_si512(sign, h), infinity = _mm512_set1_epi16(0x7c00);
    const __m512i e = _mm512_subs_epu16(_mm512_and_si512(h, infinity), _mm512_set1_epi16(0x0400));
    const __m512i upper = _mm512_add_epi16(_mm512_srli_epi16(e, 3), _mm512_set1_epi16(126 << 7));
    const __m512i both = _mm512_ternarylogic_epi32(h, sign, upper, 0xea), lower = _mm512_sub_epi16(magnitude, e);
    const __m512i first = _mm512_loadu_si512(na_first_words);
    const __m512i second = _mm512_add_epi16(first, _mm512_set1_epi16(16));
    *a = na_less_upper(_mm512_permutex2var_epi16(lower, first, both));
    *b = na_less_upper(_mm512_permutex2var_epi16(lower, second, both));
    return _mm512_cmpge_epu16_mask(magnitude, infinity) == 0;
}

/* The exponent of x as a float has it, and |x| with 2^(e + 13) added. */
typedef struct {
    __m512i e, sum;
} na_exponent;

NA_INLINE na_exponent na_exponent_of(na_f32 x)
{
    const __m512 magnitude = _mm512_range_ps(x, _mm512_set1_ps(65536.0f), 0x0a /* the smaller one, without signs */);
    const __m512i e = _mm512_max_epu32(_mm512_and_si512(_mm512_castps_si512(magnitude), _mm512_set1_epi32(0x7f800000)),
                                       _mm512_set1_epi32(113 << 23));
    const __m512 rounder = _mm512_castsi512_ps(_mm512_add_epi32(e, _mm512_set1_epi32(13 << 23)));
    const na_exponent result = {e, _mm512_castps_si512(_mm512_add_ps(magnitude, rounder))};
    return result;
}

/*
 * Two vectors to binary16: |x| + 2^(e + 13) is rounded to 2^(e - 10), as binary16 is, and has the fraction with its
 * leading 1 in its lower half; e is at least -14, and |x| at most 2^16, which becomes the infinity. 0: there is a NaN.
 */
NA_INLINE int na_store_f16_pair(uint16_t *p, na_f32 a, na_f32 b)
{
    const na_exponent x = na_exponent_of(a), y = na_exponent_of(b);
    const __m512i even = _mm512_loadu_si512(na_even_words), odd = _mm512_loadu_si512(na_odd_words);
    const __m512i fraction = _mm512_permutex2var_epi16(x.sum, even, y.sum);
    const __m512i exponent = _mm512_slli_epi16(_mm512_permutex2var_epi16(x.e, odd, y.e), 3);
    const __m512i signs = _mm512_permutex2var_epi16(_mm512_castps_si512(a), odd, _mm512_castps_si512(b));
    const __m512i h = _mm512_sub_epi16(_mm512_add_epi16(fraction, exponent), _mm512_set1_epi16((short)(113 << 10)));
    _mm512_storeu_si512(p, _mm512_ternarylogic_epi32(signs, _mm512_set1_epi16((short)0x8000), h, 0xea));
    return !na_either_nan(a, b);
}

NA_INLINE void na_load_uppers(const uint16_t *p, na_u32 *a, na_u32 *b)
{
    const __m512i words = _mm512_loadu_si512(p), lower = _mm512_loadu_si512(na_doubled_words);
    const __m512i upper = _mm512_add_epi16(lower, _mm512_set1_epi16(16));
    *a = _mm512_maskz_permutexvar_epi16(0xaaaaaaaau, lower, words);
    *b = _mm512_maskz_permutexvar_epi16(0xaaaaaaaau, upper, words);
}
