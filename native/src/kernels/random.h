/*
 * Philox4x32-10 (Salmon, Moraes, Dror, Shaw 2011), for 32 counters at once: one for each lane of a block's rounding.
 * Plain C, which compilers make vectors of.
 */
#define NA_RANDOM_LANES 32

/* The numbers of a block of NA_BLOCK elements: element j takes half j / 32 of words[][j % 32]. */
NA_INLINE void na_random_words(uint32_t words[4][NA_RANDOM_LANES], uint64_t seed, const uint32_t counter[4])
{
    uint32_t key0 = (uint32_t)seed, key1 = (uint32_t)(seed >> 32);
    int n, round;
    for (n = 0; n < NA_RANDOM_LANES; ++n) {
        words[0][n] = counter[0] + (uint32_t)n;
        words[1][n] = counter[1];
        words[2][n] = counter[2];
        words[3][n] = counter[3];
    }
    for (round = 0; round < 10; ++round) {
        for (n = 0; n < NA_RANDOM_LANES; ++n) {
            const uint64_t a = (uint64_t)words[0][n] * 0xd2511f53u, b = (uint64_t)words[2][n] * 0xcd9e8d57u;
            words[0][n] = (uint32_t)(b >> 32) ^ words[1][n] ^ key0;
            words[1][n] = (uint32_t)b;
            words[2][n] = (uint32_t)(a >> 32) ^ words[3][n] ^ key1;
            words[3][n] = (uint32_t)a;
        }
        key0 += 0x9e3779b9u;
        key1 += 0xbb67ae85u;
    }
}

/* The numbers of a block of a stream, which na_packing numbers. */
NA_INLINE void na_random_block(uint32_t words[4][NA_RANDOM_LANES], const na_packing *key, int stream, uint64_t block)
{
    const uint32_t counter[4] = {(uint32_t)(block * NA_RANDOM_LANES), (uint32_t)key->step, (uint32_t)key->tensor,
                                 (uint32_t)stream | (uint32_t)(block >> 27 & 0xff) << 8 |
                                     (uint32_t)(key->step >> 32) << 16};
    na_random_words(words, key->seed, counter);
}

/* Elements begin to begin + count - 1 of a stream, rounded at random to bf16. */
static void pack_bf16_at_random(const na_packed *p, const float *floats, size_t begin, size_t count,
                                const na_packing *key, int stream)
{
    uint16_t *h = (uint16_t *)p->data;
    const size_t end = begin + count;
    size_t at = begin;
    while (at < end) {
        uint32_t words[4][NA_RANDOM_LANES];
        const size_t block = at / NA_BLOCK * NA_BLOCK;
        const size_t block_end = end - block < NA_BLOCK ? end : block + NA_BLOCK;
        na_random_block(words, key, stream, block / NA_BLOCK);
        while (at < block_end) { /* 32 elements at most, which take the same half */
            const size_t j = at - block, n = j % NA_RANDOM_LANES;
            const size_t row_end = block_end - at < NA_RANDOM_LANES - n ? block_end : at + NA_RANDOM_LANES - n;
            const float *x = floats + (at - begin);
            const uint32_t *random = words[j / NA_RANDOM_LANES / 2] + n;
            const int upper = (int)(j / NA_RANDOM_LANES % 2) * 16;
            NA_OVER(row_end - at, {
                const na_u32 word = na_bits_of(na_load_f32((const float *)(const void *)(random + i), lanes));
                const na_u32 half = na_and_u32(na_shift_right(word, upper), na_set_u32(0xffff));
                na_store_u16(h + at + i, na_to_bf16_at_random(na_bits_of(na_load_f32(x + i, lanes)), half), lanes);
            });
            at = row_end;
        }
    }
}
