/*
 * Philox4x32-10 (Salmon, Moraes, Dror, Shaw 2011), in 32 lanes of 64 bits each, of which the lower halves are its
 * words: lane n has the counter plus n, and gives element j of a block its number where n is j % 32.
 */
#define NA_RANDOM_LANES 32

typedef struct {
    na_u64 x0, x1, x2, x3;
} na_counters;

NA_INLINE na_counters na_counters_from(const uint32_t counter[4], uint32_t n)
{
    static const uint64_t lanes[] = {0, 1, 2, 3, 4, 5, 6, 7};
    const na_u64 zero = na_set_u64(0);
    const na_counters c = {na_xor_u64(na_set_u64(counter[0] + n), na_load_u64(lanes), zero), na_set_u64(counter[1]),
                           na_set_u64(counter[2]), na_set_u64(counter[3])};
    return c;
}

/* What is in the upper halves plays no part. */
NA_INLINE na_counters na_philox_round(na_counters c, na_u64 key0, na_u64 key1)
{
    const na_u64 p = na_mul_lower(c.x0, na_set_u64(0xd2511f53u)), q = na_mul_lower(c.x2, na_set_u64(0xcd9e8d57u));
    const na_counters next = {na_xor_u64(na_upper_u64(q), c.x1, key0), q, na_xor_u64(na_upper_u64(p), c.x3, key1), p};
    return next;
}

/* Two vectors at a time, because a round is a long chain. */
static void na_random_numbers(uint16_t numbers[NA_BLOCK], uint64_t seed, const uint32_t counter[4])
{
    uint32_t n;
    for (n = 0; n < NA_RANDOM_LANES; n += 2 * NA_WIDE_LANES) {
        na_counters a = na_counters_from(counter, n), b = na_counters_from(counter, n + NA_WIDE_LANES);
        uint32_t key0 = (uint32_t)seed, key1 = (uint32_t)(seed >> 32);
        int round;
        for (round = 0; round < 10; ++round) {
            const na_u64 k0 = na_set_u64(key0), k1 = na_set_u64(key1);
            a = na_philox_round(a, k0, k1);
            b = na_philox_round(b, k0, k1);
            key0 += 0x9e3779b9u;
            key1 += 0xbb67ae85u;
        }
        na_store_halves(numbers + n, numbers + 32 + n, a.x0, b.x0);
        na_store_halves(numbers + 64 + n, numbers + 96 + n, a.x1, b.x1);
        na_store_halves(numbers + 128 + n, numbers + 160 + n, a.x2, b.x2);
        na_store_halves(numbers + 192 + n, numbers + 224 + n, a.x3, b.x3);
    }
}

NA_INLINE na_u32 na_random_bits(const float *floats, const uint16_t *random, size_t lanes)
{
    return na_to_bf16_at_random(na_load_f32(floats, lanes), na_load_u16(random, lanes));
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
        for (; n - i >= 2 * NA_LANES; i += 2 * NA_LANES)
            na_store_uppers(h + i, na_random_bits(floats + i, random + i, NA_LANES),
                            na_random_bits(floats + i + NA_LANES, random + i + NA_LANES, NA_LANES));
        NA_OVER(i, n, { na_store_upper(h + i, na_random_bits(floats + i, random + i, lanes), lanes); });
    }
}
