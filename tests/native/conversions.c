/* Every 16-bit number to floats and back, and floats to 16 bits at every border of their rounding. */
#include "conversions.h"
#include "check.h"
#include "reference.h"

#include <math.h>
#include <string.h>

enum { ALL = 1 << 16, FEW = 64 };

static void copy(const suite_call *c, const na_tensor *t)
{
    static const na_scalars row = {0};
    na_job job = {c->kernels, &row, t, 1, 1, 0, t->count, na_scratch()};
    na_expect_status(NA_OK, na_copy_f32(&job));
}

void na_pack(const suite_call *c, na_packing *to, const float *floats, size_t count)
{
    na_tensor t = {0};
    t.g = (float *)(uintptr_t)floats;
    t.packing = to;
    t.count = count;
    copy(c, &t);
}

void na_unpack(const suite_call *c, const na_packed *from, float *floats, size_t count)
{
    na_packing packing = {0};
    na_tensor t = {0};
    packing.g = *from;
    t.w = floats;
    t.packing = &packing;
    t.count = count;
    copy(c, &t);
}

/* The value of every number of a format, found without the kernels. */
static float value_of(uint32_t format, uint32_t h)
{
    return format == NA_F16 ? na_reference_from_f16(h) : na_from_bits(h << 16);
}

static int is_nan(uint32_t format, uint32_t h)
{
    return (h & 0x7fffu) > (format == NA_F16 ? 0x7c00u : 0x7f80u);
}

void na_suite_every_16_bit_number_unpacks_and_packs(const suite_call *c)
{
    static const uint32_t formats[] = {NA_BF16, NA_F16, NA_BF16_RANDOM};
    static uint16_t all[ALL], back[ALL];
    static float floats[ALL];
    for (uint32_t h = 0; h < ALL; ++h)
        all[h] = (uint16_t)h;
    for (int i = 0; i < 3; ++i) {
        const uint32_t nan = formats[i] == NA_F16 ? 0x7e00u : 0x7fc0u;
        na_packing packing = {0};
        packing.g.data = all;
        packing.g.format = packing.w.format = formats[i];
        packing.w.data = back;
        na_note("format %d", (int)formats[i]);
        na_unpack(c, &packing.g, floats, ALL);
        packing.g.data = NULL;
        na_pack(c, &packing, floats, ALL);
        for (uint32_t h = 0; h < ALL; ++h) {
            const float right = value_of(formats[i], h);
            if (isnan(right) ? !isnan(floats[h]) : na_bits(floats[h]) != na_bits(right))
                na_fail("%04x unpacks to %08x, expected %08x", h, na_bits(floats[h]), na_bits(right));
            if (back[h] != (is_nan(formats[i], h) ? nan : h))
                na_fail("%04x comes back as %04x", h, (unsigned)back[h]);
        }
    }
}

/* Packs floats and compares with what the reference makes of them. */
static void check_packed(const suite_call *c, uint32_t format, const float *floats, size_t count)
{
    static uint16_t got[FEW], right[FEW], got_rest[FEW], right_rest[FEW];
    na_packing packing = {0};
    na_packed expected = {right, right_rest, NULL, format, 0};
    memset(got_rest, 0, sizeof got_rest);
    memset(right_rest, 0, sizeof right_rest);
    packing.w = expected;
    packing.w.data = got;
    packing.w.beside = got_rest;
    packing.seed = 1;
    na_pack(c, &packing, floats, count);
    na_reference_pack(&expected, floats, 0, count, &packing, 0);
    for (size_t i = 0; i < count; ++i)
        if (got[i] != right[i])
            na_fail("format %d: %08x packs to %04x, expected %04x", (int)format, na_bits(floats[i]), (unsigned)got[i],
                    (unsigned)right[i]);
    if (memcmp(got_rest, right_rest, sizeof got_rest) != 0)
        na_fail("format %d: the rests of %08x and what follows differ", (int)format, na_bits(floats[0]));
}

/* Floats about a number and of both its signs. */
static size_t around(float *floats, uint32_t magnitude)
{
    size_t count = 0;
    for (uint32_t sign = 0; sign < 2; ++sign)
        for (uint32_t offset = 0; offset < 5; ++offset)
            floats[count++] = na_from_bits((magnitude + offset - 2) ^ sign << 31);
    return count;
}

/* Where the rounding changes: halfway between two numbers that follow each other, and the numbers themselves. */
void na_suite_rounding_changes_halfway_between_numbers(const suite_call *c)
{
    float floats[2 * FEW];
    for (uint32_t h = 0; h <= 0x7c00u; ++h) {
        const float low = na_reference_from_f16(h), high = h < 0x7bffu ? na_reference_from_f16(h + 1) : 0x1p16f;
        size_t count = around(floats, na_bits(low));
        count += around(floats + count, na_bits(h < 0x7c00u ? 0.5f * low + 0.5f * high : low));
        check_packed(c, NA_F16, floats, count);
    }
    for (uint32_t h = 0; h <= 0x7f80u; ++h)
        for (uint32_t format = NA_BF16; format <= NA_BF16_REST8; ++format) {
            size_t count = around(floats, h << 16);
            count += around(floats + count, h << 16 | 0x8000u);
            count += around(floats + count, h << 16 | 0x7f80u); /* of the numbers of 24 bits */
            count += around(floats + count, h << 16 | 0x8080u);
            check_packed(c, format, floats, count);
        }
    /* Known answers: ties to even, the largest numbers, overflow, denormals, NaN. */
    static const struct {
        uint32_t format, bits, packed;
    } known[] = {
        {NA_BF16, 0x3f808000u, 0x3f80u}, {NA_BF16, 0x3f818000u, 0x3f82u}, {NA_BF16, 0x3f808001u, 0x3f81u},
        {NA_BF16, 0x7f7f7fffu, 0x7f7fu}, {NA_BF16, 0x7f7f8000u, 0x7f80u}, {NA_BF16, 0xff7fffffu, 0xff80u},
        {NA_BF16, 0x00000001u, 0x0000u}, {NA_BF16, 0x80018000u, 0x8002u}, {NA_BF16, 0xff800001u, 0x7fc0u},
        {NA_F16, 0x3f801000u, 0x3c00u},  {NA_F16, 0x3f803000u, 0x3c02u},  {NA_F16, 0x477fefffu, 0x7bffu},
        {NA_F16, 0x477ff000u, 0x7c00u},  {NA_F16, 0xc77ff000u, 0xfc00u},  {NA_F16, 0x33000000u, 0x0000u},
        {NA_F16, 0x33000001u, 0x0001u},  {NA_F16, 0xb3c00000u, 0x8002u},  {NA_F16, 0x387fe000u, 0x0400u},
        {NA_F16, 0x387fdfffu, 0x03ffu},  {NA_F16, 0x80000001u, 0x8000u},  {NA_F16, 0xffffffffu, 0x7e00u},
        {NA_F16, 0x7f7fffffu, 0x7c00u},  {NA_F16, 0xff800000u, 0xfc00u},
    };
    for (size_t i = 0; i < sizeof known / sizeof known[0]; ++i) {
        uint16_t h;
        na_packing packing = {0};
        floats[0] = na_from_bits(known[i].bits);
        packing.w.data = &h;
        packing.w.format = known[i].format;
        na_pack(c, &packing, floats, 1);
        if (h != known[i].packed)
            na_fail("format %d: %08x packs to %04x, expected %04x", (int)known[i].format, known[i].bits, (unsigned)h,
                    known[i].packed);
    }
}

/* A rest of 16 bits keeps every bit; one of 8 bits is off by at most half of 2^-8 units of the last place of bf16. */
void na_suite_rests_keep_what_they_promise(const suite_call *c)
{
    static float floats[ALL], exact[ALL], near[ALL];
    static uint16_t h16[ALL], h8[ALL], rest16[ALL], rest8[ALL];
    random_source r = {16};
    const na_packed by16 = {h16, rest16, NULL, NA_BF16_REST16, 0}, by8 = {h8, rest8, NULL, NA_BF16_REST8, 0};
    na_packing packing = {0};
    for (int repeat = 0; repeat < (c->quick ? 2 : 60); ++repeat) {
        for (uint32_t i = 0; i < ALL; ++i)
            floats[i] = na_from_bits((uint32_t)na_random(&r));
        na_fill(floats, ALL / 4, 0, SPECIALS, &r);
        packing.w = by16;
        na_pack(c, &packing, floats, ALL);
        na_unpack(c, &by16, exact, ALL);
        packing.w = by8;
        na_pack(c, &packing, floats, ALL);
        na_unpack(c, &by8, near, ALL);
        for (uint32_t i = 0; i < ALL; ++i) {
            const uint32_t bits = na_bits(floats[i]), one_nan = 0x7fc00000u;
            int exponent;
            frexp((double)floats[i], &exponent);
            const double ulp = ldexp(1.0, (exponent < -125 ? -125 : exponent) - 8);
            const double value = isinf(near[i]) ? copysign(0x1p128, (double)near[i]) : (double)near[i];
            if (na_bits(exact[i]) != (isnan(floats[i]) ? one_nan : bits))
                na_fail("%08x comes back as %08x", bits, na_bits(exact[i]));
            if (isfinite(floats[i]) ? !(fabs(value - (double)floats[i]) <= ulp / 512)
                                    : na_bits(near[i]) != (isnan(floats[i]) ? one_nan : bits))
                na_fail("%08x comes back as %08x, with a rest of 8 bits", bits, na_bits(near[i]));
            /* What the model reads: the nearest bf16, half up in bits. */
            if (!isnan(floats[i]) && h16[i] != (uint16_t)((bits + 0x8000u) >> 16))
                na_fail("the model reads %04x for %08x", (unsigned)h16[i], bits);
        }
    }
}
