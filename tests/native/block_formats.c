/* The formats of blocks: scales, zeros, what is tiny and what is not finite, ties, equality with thresholds. */
#include "check.h"
#include "conversions.h"
#include "reference.h"

#include <float.h>
#include <math.h>
#include <string.h>

enum { COUNT = 3 * NA_BLOCK + 37, BLOCKS = 4 };

static float floats[COUNT], unpacked[COUNT];

/* Packs and unpacks by the kernels, and compares both with the reference. */
static void check_format(const suite_call *c, uint32_t format, const float *book)
{
    static uint8_t codes[2][COUNT];
    static float scales[2][BLOCKS], right[COUNT];
    const na_packed got = {codes[0], scales[0], book, format, 0}, expected = {codes[1], scales[1], book, format, 0};
    na_packing packing = {0};
    packing.w = got;
    memset(codes, 0xa5, sizeof codes);
    na_pack(c, &packing, floats, COUNT);
    na_reference_pack(&expected, floats, 0, COUNT, &packing, 0);
    if (memcmp(scales[0], scales[1], sizeof scales[0]) != 0)
        na_fail("format %d: scales %g %g %g %g, expected %g %g %g %g", (int)format, (double)scales[0][0],
                (double)scales[0][1], (double)scales[0][2], (double)scales[0][3], (double)scales[1][0],
                (double)scales[1][1], (double)scales[1][2], (double)scales[1][3]);
    for (int i = 0; i < COUNT; ++i)
        if (codes[0][i] != codes[1][i])
            na_fail("format %d: byte %d is %02x, expected %02x", (int)format, i, codes[0][i], codes[1][i]);
    na_unpack(c, &got, unpacked, COUNT);
    na_reference_unpack(&expected, right, 0, COUNT);
    const size_t at = na_first_difference(right, unpacked, COUNT);
    if (at < COUNT)
        na_fail("format %d: element %d unpacks to %g, expected %g", (int)format, (int)at, (double)unpacked[at],
                (double)right[at]);
}

/* from_zero: none of the floats is below 0. */
static void check_formats(const suite_call *c, int from_zero)
{
    for (uint32_t format = NA_SOFTSIGN8; format <= NA_BOOK4; ++format)
        check_format(c, format, na_book(format, from_zero));
}

static void expect_block(int block, int is_right, const char *what)
{
    if (!is_right)
        na_fail("block %d: %s", block, what);
}

void na_suite_blocks_of_zeros_and_of_no_numbers(const suite_call *c)
{
    static const uint32_t odd[] = {0x7f800000u, 0xff800000u, 0x7fc00000u, 0xff800001u, 0x00000000u, 0x80000000u,
                                   0x007fffffu, 0x80000001u, 0x00800000u, 0x7f7fffffu, 0xff7fffffu, 0x80800000u};
    random_source r = {19};
    for (size_t i = 0; i < 3 * sizeof odd / sizeof odd[0]; ++i) {
        const float x = na_from_bits(odd[i / 3]), size = fabsf(x);
        na_fill(floats, COUNT, 0, ORDINARY, &r);
        na_note("%08x, kind %d", odd[i / 3], (int)i % 3);
        /* One such number, a block of them, or many among what is smaller than any. */
        for (int j = NA_BLOCK; j < 2 * NA_BLOCK && i % 3 > 0; ++j)
            floats[j] = i % 3 == 1 ? x : na_from_bits((uint32_t)j % 5 | (uint32_t)j << 31);
        floats[NA_BLOCK + na_random_below(&r, NA_BLOCK)] = x;
        floats[COUNT - 1] = x;
        for (uint32_t format = NA_SOFTSIGN8; format <= NA_BOOK4; ++format) {
            check_format(c, format, na_book(format, 0));
            for (int j = NA_BLOCK; j < 2 * NA_BLOCK && !isfinite(x); ++j)
                expect_block(j / NA_BLOCK, isnan(unpacked[j]), "is not NaN");
            for (int j = NA_BLOCK; j < 2 * NA_BLOCK && i % 3 > 0 && size < FLT_MIN; ++j)
                expect_block(j / NA_BLOCK, unpacked[j] == 0.0f, "is not zeros");
            for (int j = 2 * NA_BLOCK; j < 3 * NA_BLOCK; ++j)
                expect_block(j / NA_BLOCK, isfinite(unpacked[j]), "took it from its neighbours");
        }
    }
}

/* Zero and the largest come back as they were, where a book has values as low as the lowest. */
void na_suite_blocks_keep_zero_and_their_largest(const suite_call *c)
{
    random_source r = {20};
    for (int i = 0; i < (c->quick ? 10 : 200); ++i) {
        const float largest = na_from_bits(0x00800000u + na_random_below(&r, 0x7effffffu));
        na_note("largest %08x", na_bits(largest));
        for (uint32_t format = NA_SOFTSIGN8; format <= NA_BOOK4; ++format) {
            const int lowest = na_format_has_book(format) ? 600 : 1000;
            for (int j = 0; j < COUNT; ++j)
                floats[j] = largest * ((float)((int)na_random_below(&r, (uint32_t)lowest + 1001) - lowest) / 1024.0f);
            for (int b = 0; b < BLOCKS; ++b) {
                floats[b * NA_BLOCK + 3] = 0.0f;
                floats[b * NA_BLOCK + 30] = largest;
            }
            check_format(c, format, na_book(format, 0));
            for (int b = 0; b < BLOCKS; ++b) {
                expect_block(b, unpacked[b * NA_BLOCK + 3] == 0.0f, "0 is not kept");
                expect_block(b, unpacked[b * NA_BLOCK + 30] == largest, "the largest is not kept");
            }
        }
    }
}

/* In a book whose values end above -1 too: the lowest comes back, and what came back gives the same codes. */
void na_suite_books_keep_the_lowest_and_what_they_gave(const suite_call *c)
{
    static uint8_t codes[2][COUNT];
    static float scales[2][BLOCKS], once[COUNT];
    random_source r = {22};
    for (int i = 0; i < (c->quick ? 10 : 400); ++i)
        for (uint32_t format = NA_BOOK8; format <= NA_BOOK4; ++format) {
            const float *book = na_book(format, 0),
                        lowest = -na_from_bits(0x00800000u + na_random_below(&r, 0x7dffffffu));
            na_packing first = {0}, second = {0};
            first.w = (na_packed){codes[0], scales[0], book, format, 0};
            second.w = (na_packed){codes[1], scales[1], book, format, 0};
            memset(codes, 0, sizeof codes);
            for (int j = 0; j < COUNT; ++j)
                floats[j] = lowest * ((float)((int)na_random_below(&r, 2001) - 1000) / 1000.0f);
            for (int b = 0; b < BLOCKS; ++b)
                floats[b * NA_BLOCK + 30] = lowest;
            na_note("format %d, lowest %08x", (int)format, na_bits(lowest));
            check_format(c, format, book);
            for (int b = 0; b < BLOCKS; ++b)
                expect_block(b, fabsf(unpacked[b * NA_BLOCK + 30] - lowest) <= -lowest * 0x1p-23f,
                             "the lowest is not kept");
            na_pack(c, &first, floats, COUNT);
            na_unpack(c, &first.w, once, COUNT);
            na_pack(c, &second, once, COUNT);
            for (int b = 0; b < BLOCKS; ++b)
                expect_block(b, na_bits(scales[0][b]) == na_bits(scales[1][b]), "another scale the second time");
            expect_block(0, memcmp(codes[0], codes[1], sizeof codes[0]) == 0, "other codes the second time");
        }
    /* N / -values[0] is beyond the largest float. */
    for (uint32_t format = NA_BOOK8; format <= NA_BOOK4; ++format) {
        memset(floats, 0, sizeof floats);
        floats[3] = -FLT_MAX;
        na_note("format %d, the largest float", (int)format);
        check_format(c, format, na_book(format, 0));
        expect_block(0, unpacked[3] == FLT_MAX * na_book(format, 0)[0] && unpacked[4] == 0.0f, "is not finite");
    }
}

void na_suite_blocks_of_all_kinds_follow_the_header(const suite_call *c)
{
    random_source r = {21};
    for (int i = 0; i < (c->quick ? 20 : 600); ++i) {
        const data_kind kinds[] = {ORDINARY, TINY, HUGE_SIZES, SPRINKLED};
        const int from_zero = (int)na_random_below(&r, 2);
        na_fill(floats, COUNT, from_zero ? 3 : 0, kinds[i % 4], &r);
        for (int j = 0; j < COUNT && i % 3 == 0; ++j)
            floats[j] = j % 7 ? 0.0f : floats[j]; /* few that are not 0 */
        na_note("case %d", i);
        check_formats(c, from_zero);
    }
}

/* With a scale of 1, numbers about those whose code lies halfway between two. */
void na_suite_ties_of_codes_go_to_even(const suite_call *c)
{
    for (int offset = -2; offset <= 2; ++offset) {
        for (int j = 0; j < COUNT; ++j) {
            const float q = ((float)(j % 127) + 0.5f) / 254.0f, root = ((float)(j % 255) + 0.5f) / 255.0f;
            const float x = j % 2 ? q / (1.0f - q) : root * root;
            floats[j] = na_from_bits(na_bits(x) + (uint32_t)offset) * (j % 3 ? 1.0f : -1.0f);
        }
        for (int b = 0; b < BLOCKS; ++b)
            floats[b * NA_BLOCK] = 1.0f;
        na_note("%d from the ties", offset);
        check_format(c, NA_SOFTSIGN8, NULL);
        check_format(c, NA_SQRT8, NULL);
    }
    /* 254 * x / (scale + x) is k + 1/2 for x = 2 * k + 1 where scale + x is 508; sqrt(x) is for these and 255^2. */
    for (int k = 0; k < 3; ++k) {
        const float x = (float)(2 * k + 1), code = (float)((k + 1) / 2 * 2), scale = 508.0f - x;
        memset(floats, 0, sizeof floats);
        na_note("exactly %d and a half", k);
        floats[0] = scale;
        floats[1] = x;
        check_format(c, NA_SOFTSIGN8, NULL);
        if (unpacked[1] != scale * (code / (254.0f - code)))
            na_fail("SOFTSIGN8 gives %g", (double)unpacked[1]);
        floats[0] = 65025.0f;
        floats[1] = 0.25f * x * x;
        check_format(c, NA_SQRT8, NULL);
        if (fabsf(unpacked[1] - fmaxf(code * code, 1.0f)) > 1.0e-3f)
            na_fail("SQRT8 gives %g", (double)unpacked[1]);
    }
}

/* The code of a number at a threshold is that above it, and below it that below it. */
void na_suite_book_codes_change_at_the_thresholds(const suite_call *c)
{
    for (uint32_t format = NA_BOOK8; format <= NA_BOOK4; ++format)
        for (int from_zero = 0; from_zero < 2; ++from_zero) {
            const int size = format == NA_BOOK8 ? 256 : 16;
            const float *book = na_book(format, from_zero);
            for (int j = 0; j < COUNT; ++j) {
                const uint32_t bits = na_bits(book[size + j / 3 % (size - 1)]);
                floats[j] = na_from_bits(bits + (uint32_t)(j % 3) - 1u);
            }
            for (int b = 0; b < BLOCKS; ++b)
                floats[b * NA_BLOCK + 11] = 1.0f; /* the scale, so that what is divided by it stays */
            na_note("format %d, %s", (int)format, from_zero ? "from zero" : "of both signs");
            check_format(c, format, book);
            for (int j = 0; j < COUNT; ++j) {
                const int k = j / 3 % (size - 1), above = floats[j] >= book[size + k];
                if (j % NA_BLOCK != 11 && unpacked[j] != book[above ? k + 1 : k])
                    na_fail("%.9g at threshold %d comes back as %.9g", (double)floats[j], k, (double)unpacked[j]);
            }
        }
}
