/*
 * Philox4x32-10 (Salmon, Moraes, Dror, Shaw 2011), in 32 lanes of 64 bits each, of which the lower halves are its
 * words: lane n has the counter plus n, and gives element j of a block its number where n is j % 32.
 */
#define NA_RANDOM_LANES 32

NA_INLINE void na_random_numbers(uint16_t numbers[NA_BLOCK], uint64_t seed, const uint32_t counter[4])
{
    static const uint64_t steps[] = {0, 1, 2, 3, 4, 5, 6, 7};
    const na_u64 a = na_set_u64(0xd2511f53u), b = na_set_u64(0xcd9e8d57u);
    uint32_t n;
    for (n = 0; n < NA_RANDOM_LANES; n += NA_WIDE_LANES) {
        uint32_t key0 = (uint32_t)seed, key1 = (uint32_t)(seed >> 32);
        na_u64 x0 = na_xor_u64(na_set_u64(counter[0] + n), na_load_u64(steps)), x1 = na_set_u64(counter[1]);
        na_u64 x2 = na_set_u64(counter[2]), x3 = na_set_u64(counter[3]);
        int round;
        for (round = 0; round < 10; ++round) {
            const na_u64 p = na_mul_lower(x0, a), q = na_mul_lower(x2, b);
            x0 = na_xor_u64(na_xor_u64(na_upper_u64(q), x1), na_set_u64(key0));
            x2 = na_xor_u64(na_xor_u64(na_upper_u64(p), x3), na_set_u64(key1));
            x1 = q;
            x3 = p;
            key0 += 0x9e3779b9u;
            key1 += 0xbb67ae85u;
        }
        na_store_halves(numbers + n, numbers + 32 + n, x0);
        na_store_halves(numbers + 64 + n, numbers + 96 + n, x1);
        na_store_halves(numbers + 128 + n, numbers + 160 + n, x2);
        na_store_halves(numbers + 192 + n, numbers + 224 + n, x3);
    }
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
        size_t i = 0;
        uint16_t numbers[NA_BLOCK], *h = (uint16_t *)p->data + begin + done;
        const uint16_t *random = numbers + first;
        na_random_numbers(numbers, key->seed, counter);
        n = count - done < NA_BLOCK - first ? count - done : NA_BLOCK - first;
        NA_OVER(i, n, {
            na_store_upper(h + i, na_to_bf16_at_random(na_load_f32(floats + i, lanes), na_load_u16(random + i, lanes)),
                           lanes);
        });
    }
}
