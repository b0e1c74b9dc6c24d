/*
 * Philox4x32-10 (Salmon, Moraes, Dror, Shaw 2011), of one counter in each lane of 64 bits, of which the lower halves
 * are its words. A counter has the numbers of eight elements.
 */
#define NA_RANDOM_ROUNDS 10

/* Elements whose numbers are drawn together: those of four vectors. */
#define NA_DRAWN (8 * NA_WIDE_LANES)

typedef struct {
    na_u64 x0, x1, x2, x3;
} na_counters;

/* The streams of a tensor that are rounded at random, and where their numbers go: element i's to i % NA_BLOCK. */
typedef struct {
    uint64_t keys[NA_RANDOM_ROUNDS][2];
    uint32_t step, tensor, top;
    int count;
    struct {
        uint32_t stream;
        uint16_t *numbers;
    } streams[4]; /* w, m, v and the copy at most */
} na_draws;

static void na_begin_draws(na_draws *d, const na_packing *key)
{
    uint32_t key0 = (uint32_t)key->seed, key1 = (uint32_t)(key->seed >> 32);
    int round;
    for (round = 0; round < NA_RANDOM_ROUNDS; ++round) {
        d->keys[round][0] = key0;
        d->keys[round][1] = key1;
        key0 += 0x9e3779b9u;
        key1 += 0xbb67ae85u;
    }
    d->step = (uint32_t)key->step;
    d->tensor = (uint32_t)key->tensor;
    d->top = (uint32_t)(key->step >> 32) << 16;
    d->count = 0;
}

static void na_add_draw(na_draws *d, int stream, uint16_t *numbers)
{
    d->streams[d->count].stream = (uint32_t)stream;
    d->streams[d->count++].numbers = numbers;
}

/* What is in the upper halves plays no part. */
NA_INLINE na_counters na_philox_round(na_counters c, const uint64_t key[2])
{
    const na_u64 p = na_mul_lower(c.x0, na_set_u64(0xd2511f53u)), q = na_mul_lower(c.x2, na_set_u64(0xcd9e8d57u));
    const na_counters next = {na_xor_u64(na_upper_u64(q), c.x1, na_set_u64(key[0])), q,
                              na_xor_u64(na_upper_u64(p), c.x3, na_set_u64(key[1])), p};
    return next;
}

NA_INLINE na_counters na_count_from(const na_draws *d, int n, size_t at)
{
    const uint64_t first = at / 8;
    const na_counters c = {na_counters_from((uint32_t)first), na_set_u64(d->step), na_set_u64(d->tensor),
                           na_set_u64(d->streams[n].stream | (uint32_t)(first >> 32 & 0xff) << 8 | d->top)};
    return c;
}

/* The numbers of NA_DRAWN elements from `at` on, a multiple of that, for each stream. */
NA_APART void draw(const na_draws *d, size_t at)
{
    int n, round;
    for (n = 0; n < d->count; ++n) {
        na_counters c = na_count_from(d, n, at);
        for (round = 0; round < NA_RANDOM_ROUNDS; ++round)
            c = na_philox_round(c, d->keys[round]);
        na_store_numbers(d->streams[n].numbers + at % NA_BLOCK, c.x0, c.x1, c.x2, c.x3);
    }
}

/* The rounds on the way to numbers of the first stream, for elements from `at` on. */
typedef struct {
    na_counters c;
    size_t at;
    int round;
} na_rounds;

/* Each waits for the one before, and so a loop takes one at a time, where it has something else to do; 0: none. */
NA_INLINE void na_next_round(const na_draws *d, na_rounds *r)
{
    if (r == 0)
        return;
    if (r->round == 0)
        r->c = na_count_from(d, 0, r->at);
    r->c = na_philox_round(r->c, d->keys[r->round]);
    if (++r->round == NA_RANDOM_ROUNDS)
        na_store_numbers(d->streams[0].numbers + r->at % NA_BLOCK, r->c.x0, r->c.x1, r->c.x2, r->c.x3);
}
