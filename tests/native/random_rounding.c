/* The random numbers and what they decide: published answers, every border, no bias, nothing finite to infinite. */
#include "check.h"
#include "conversions.h"
#include "reference.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { COUNT = 1 << 14 };

static float floats[COUNT];
static uint16_t h[COUNT];

/* The known answers that come with the generator's first publication, Random123 (kat_vectors, philox4x32 10). */
void na_suite_philox_gives_the_published_answers(const suite_call *c)
{
    static const uint32_t known[3][3][4] = {
        {{0, 0, 0, 0}, {0, 0}, {0x6627e8d5u, 0xe169c58du, 0xbc57ac4cu, 0x9b00dbd8u}},
        {{0xffffffffu, 0xffffffffu, 0xffffffffu, 0xffffffffu},
         {0xffffffffu, 0xffffffffu},
         {0x408f276du, 0x41c83b0eu, 0xa20bc7c6u, 0x6d5451fdu}},
        {{0x243f6a88u, 0x85a308d3u, 0x13198a2eu, 0x03707344u},
         {0xa4093822u, 0x299f31d0u},
         {0xd16cfe09u, 0x94fdccebu, 0x5001e420u, 0x24126ea1u}},
    };
    (void)c;
    for (int i = 0; i < 3; ++i) {
        uint32_t words[4];
        na_reference_philox(known[i][0], known[i][1], words);
        na_note("answer %d", i);
        if (memcmp(words, known[i][2], sizeof words) != 0)
            na_fail("%08x %08x %08x %08x", words[0], words[1], words[2], words[3]);
    }
}

/* Element i of a tensor, all the elements before it being left out: `lower` below a one is rounded. */
static int goes_up(const suite_call *c, na_packing *key, uint64_t i, uint32_t lower)
{
    const float x = na_from_bits(0x3f800000u | lower);
    uint16_t packed = 0;
    na_scalars row = {0};
    na_tensor t = {0};
    na_job job = {c->kernels, &row, &t, 1, 1, i, i + 1, na_scratch()};
    key->w.data = (void *)((uintptr_t)&packed - (uintptr_t)(2 * i));
    key->w.format = NA_BF16_RANDOM;
    t.g = (float *)((uintptr_t)&x - (uintptr_t)(4 * i));
    t.packing = key;
    t.count = i + 1;
    na_expect_status(NA_OK, na_copy_f32(&job));
    return packed == 0x3f81u;
}

static void expect_number(const suite_call *c, na_packing *key, uint64_t i, uint32_t number)
{
    if (goes_up(c, key, i, number) || (number < 0xffffu && !goes_up(c, key, i, number + 1)))
        na_fail("element %llu is not rounded by %04x", (unsigned long long)i, number);
}

/* The generator's first answer has a counter that a stream of weights can have. */
void na_suite_random_numbers_are_those_of_the_header(const suite_call *c)
{
    static const uint32_t answer[4] = {0x6627e8d5u, 0xe169c58du, 0xbc57ac4cu, 0x9b00dbd8u};
    static const uint64_t blocks[] = {0, 1, 5, (UINT64_C(1) << 27) - 1, UINT64_C(1) << 27, (UINT64_C(5) << 27) + 3};
    na_packing zero = {0};
    random_source r = {17};
    na_note("the published answer");
    for (uint32_t half = 0; half < 8; ++half)
        expect_number(c, &zero, half, answer[half / 2] >> half % 2 * 16 & 0xffffu);
    for (int i = 0; i < (c->quick ? 200 : 4000); ++i) {
        na_packing key = {0};
        const uint64_t at = blocks[na_random_below(&r, 6)] * NA_BLOCK + na_random_below(&r, NA_BLOCK);
        key.seed = na_random(&r);
        key.step = na_random(&r) >> 16 >> na_random_below(&r, 48);
        key.tensor = na_random(&r) >> 32 >> na_random_below(&r, 32);
        na_note("seed %016llx, step %llu, tensor %llu", (unsigned long long)key.seed, (unsigned long long)key.step,
                (unsigned long long)key.tensor);
        expect_number(c, &key, at, na_reference_random(&key, 0, at));
    }
}

/* As many go up as the lower halves say: the sum of so many draws is within five of its standard deviations, which one
 * in 1.7 million generators without a fault would miss. */
void na_suite_random_rounding_is_unbiased(const suite_call *c)
{
    static const uint32_t fixed[] = {0x0001u, 0x8000u, 0xffffu};
    random_source r = {18};
    for (int kind = 0; kind < 4; ++kind) {
        double sum = 0.0, variance = 0.0;
        na_packing key = {0};
        for (int step = 0; step < (c->quick ? 16 : 256); ++step) {
            key.w.data = h;
            key.w.format = NA_BF16_RANDOM;
            key.step = (uint64_t)step;
            key.seed = (uint64_t)kind;
            for (int i = 0; i < COUNT; ++i) {
                const uint32_t lower = kind < 3 ? fixed[kind] : na_random_below(&r, 0x10000u);
                floats[i] = na_from_bits((uint32_t)i << 31 | 0x3f000000u | ((uint32_t)i & 0xffu) << 16 | lower);
            }
            na_pack(c, &key, floats, COUNT);
            for (int i = 0; i < COUNT; ++i) {
                const uint32_t bits = na_bits(floats[i]), lower = bits & 0xffffu;
                const int up = h[i] != bits >> 16;
                if (h[i] != (bits >> 16) + (up ? 1u : 0u))
                    na_fail("%08x is rounded to %04x", bits, (unsigned)h[i]);
                sum += (up ? 65536.0 : 0.0) - lower;
                variance += lower * (65536.0 - lower);
            }
        }
        na_note("numbers of kind %d", kind);
        if (!(fabs(sum) < 5.0 * sqrt(variance)))
            na_fail("off by %g standard deviations", sum / sqrt(variance));
    }
}

/* For all numbers that may come, as for these. */
void na_suite_random_rounding_keeps_what_is_not_between(const suite_call *c)
{
    static const uint32_t bits_to[][2] = {
        {0x7f7fffffu, 0x7f7fu}, {0xff7fffffu, 0xff7fu}, {0x7f7f0001u, 0x7f7fu}, {0x7f800000u, 0x7f80u},
        {0xff800000u, 0xff80u}, {0x7f800001u, 0x7fc0u}, {0xffffffffu, 0x7fc0u}, {0x00000000u, 0x0000u},
        {0x80000000u, 0x8000u}, {0x00010000u, 0x0001u}, {0x3f800000u, 0x3f80u}, {0x7f7f0000u, 0x7f7fu},
    };
    na_packing key = {0};
    key.w.data = h;
    key.w.format = NA_BF16_RANDOM;
    for (size_t i = 0; i < sizeof bits_to / sizeof bits_to[0]; ++i) {
        for (int j = 0; j < COUNT; ++j)
            floats[j] = na_from_bits(bits_to[i][0]);
        na_pack(c, &key, floats, COUNT);
        na_note("%08x", bits_to[i][0]);
        for (int j = 0; j < COUNT; ++j)
            if (h[j] != bits_to[i][1])
                na_fail("element %d is %04x, expected %04x", j, (unsigned)h[j], bits_to[i][1]);
    }
}
