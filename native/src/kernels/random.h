/*
 * Philox4x32-10 (Salmon, Moraes, Dror, Shaw 2011), for 32 counters at once: one for each lane of a block's rounding.
 * Plain C, which compilers make vectors of.
 */
#define NA_RANDOM_LANES 32

/* A number for each element of a block. */
NA_INLINE void na_random_numbers(uint16_t numbers[NA_BLOCK], uint64_t seed, const uint32_t counter[4])
{
    uint32_t words[4][NA_RANDOM_LANES];
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
    for (n = 0; n < NA_BLOCK; ++n)
        numbers[n] = (uint16_t)(words[n / NA_RANDOM_LANES / 2][n % NA_RANDOM_LANES] >> n / NA_RANDOM_LANES % 2 * 16);
}

/* Elements begin to begin + count - 1 of a stream, which na_packing numbers, rounded at random to bf16. */
static void pack_bf16_at_random(const na_packed *p, const float *floats, size_t begin, size_t count,
                                const na_packing *key, int stream)
{
    size_t done, n;
    for (done = 0; done < count; done += n, floats += n) {
        const uint64_t block = (begin + done) / NA_BLOCK;
        const size_t first = (begin + done) % NA_BLOCK;
        const uint32_t counter[4] = {(uint32_t)(block * NA_RANDOM_LANES), (uint32_t)key->step, (uint32_t)key->tensor,
                                     (uint32_t)stream | (uint32_t)(block >> 27 & 0xff) << 8 |
                                         (uint32_t)(key->step >> 32) << 16};
        uint16_t numbers[NA_BLOCK], *h = (uint16_t *)p->data + begin + done;
        const uint16_t *random = numbers + first;
        na_random_numbers(numbers, key->seed, counter);
        n = count - done < NA_BLOCK - first ? count - done : NA_BLOCK - first;
        NA_OVER(n, { na_store_u16(h + i, na_to_bf16_at_random(NA_READ, na_load_u16(random + i, lanes)), lanes); });
    }
}
