#include "packed.h"
#include "check.h"
#include "memory.h"
#include "reference.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

na_packed *na_packed_stream(na_packing *packing, int stream)
{
    return &packing->w + stream;
}

/* Bits of an element, alignments, what lies beside and whether there is a book: of floats, then of the formats. */
static const struct {
    uint8_t bits, alignment, beside, book;
} kinds[] = {{32, 4, 0, 0}, {16, 2, 0, 0}, {16, 2, 0, 0}, {16, 2, 0, 0}, {16, 2, 2, 0},
             {16, 2, 1, 0}, {8, 1, 4, 0},  {8, 1, 4, 0},  {8, 1, 4, 1},  {4, 1, 4, 1}};

int na_format_has_blocks(uint32_t format)
{
    return kinds[format].beside == 4;
}

int na_format_has_book(uint32_t format)
{
    return kinds[format].book;
}

size_t na_data_bytes(uint32_t format, size_t count)
{
    return (count * kinds[format].bits + 7) / 8;
}

size_t na_beside_bytes(uint32_t format, size_t count)
{
    return kinds[format].beside * (na_format_has_blocks(format) ? (count + NA_BLOCK - 1) / NA_BLOCK : count);
}

size_t na_data_alignment(uint32_t format)
{
    return kinds[format].alignment;
}

size_t na_beside_alignment(uint32_t format)
{
    return kinds[format].beside;
}

/* Cubes from -1 to 1, or from 0. */
static void make_book(float *book, int size, int from_zero)
{
    const int zero = from_zero ? 0 : size / 2 - 1;
    for (int i = 0; i < size; ++i) {
        const float x = (float)(i - zero) / (float)(size - 1 - zero);
        book[i] = x * x * x;
    }
    for (int i = 0; i + 1 < size; ++i)
        book[size + i] = 0.5f * (book[i] + book[i + 1]);
}

const float *na_book(uint32_t format, int from_zero)
{
    static float books[2][2][2 * 256];
    float *book = books[format == NA_BOOK4][from_zero != 0];
    if (!na_format_has_book(format))
        return NULL;
    make_book(book, format == NA_BOOK4 ? 16 : 256, from_zero);
    return book;
}

/* Those of w, g, m, v and the copy that have a loop of their own in the kernels. */
static const uint32_t loops[][5] = {
    {0, NA_BF16, 0, 0, 0},
    {0, 0, NA_BF16, 0, 0},
    {0, 0, NA_BF16, NA_BF16, 0},
    {0, NA_BF16, 0, 0, NA_BF16},
    {0, NA_F16, 0, 0, NA_F16},
    {NA_BF16_REST16, NA_BF16, 0, 0, 0},
    {NA_BF16_REST8, NA_BF16, 0, 0, 0},
    {NA_BF16_REST16, NA_BF16, NA_BF16, NA_BF16, 0},
    {0, 0, NA_BF16, NA_BF16_RANDOM, 0},
    {NA_BF16_RANDOM, NA_BF16, 0, 0, 0},
    {NA_BF16_REST16, NA_BF16, NA_BF16, NA_BF16_RANDOM, 0},
    {NA_BF16_REST8, NA_BF16, NA_BF16, NA_BF16_RANDOM, 0},
    {0, 0, NA_SOFTSIGN8, NA_SQRT8, 0},
    {NA_BF16_REST16, NA_BF16, NA_SOFTSIGN8, NA_SQRT8, 0},
    {NA_BF16_REST8, NA_BF16, NA_SOFTSIGN8, NA_SQRT8, 0},
};

/* Mixtures of all formats, those that a step takes straight into registers, these beside companded moments, and hardly
 * any. */
static uint32_t some_format(uint32_t mixture, int stream, random_source *r)
{
    switch (mixture) {
    case 0:
        return na_random_below(r, NA_BOOK4 + 1);
    case 1:
        if (1 << stream == M)
            return NA_SOFTSIGN8;
        if (1 << stream == V)
            return NA_SQRT8;
        return na_random_below(r, 2) ? na_random_below(r, NA_BF16_REST8 + 1) : 0;
    case 2:
        return na_random_below(r, NA_BF16_REST8 + 1);
    default:
        return na_random_below(r, 4) == 0 ? 1 + na_random_below(r, NA_BOOK4) : 0;
    }
}

static size_t some_place(size_t *used, size_t bytes, size_t alignment, random_source *r)
{
    const size_t at = (*used + 1 + na_random_below(r, 64) + alignment - 1) / alignment * alignment;
    *used = at + bytes;
    return at;
}

void na_place_packed(packed_tensor *p, const op *o, unsigned streams, size_t *used, random_source *r)
{
    const uint32_t mixture = na_random_below(r, 5);
    const uint32_t *const loop = mixture == 4 ? loops[na_random_below(r, sizeof loops / sizeof loops[0])] : NULL;
    p->has_packing = loop != NULL || na_random_below(r, 16) != 0;
    p->has_blocks = 0;
    p->streams = streams | ((loop != NULL ? loop[4] != 0 : p->has_packing && na_random_below(r, 2)) ? 1u << COPY : 0u);
    p->seed = na_random(r);
    p->step = na_random(r) >> 16;
    p->number = na_random(r) >> 32;
    for (int s = 0; s < PACKED_COUNT; ++s) {
        const int used_by_op = s != COPY && (o->needs | o->takes) & 1u << s;
        p->format[s] = p->has_packing ? some_format(mixture, s, r) : 0;
        if (s == COPY)
            p->format[s] = 1 + na_random_below(r, NA_BF16_RANDOM);
        if (loop != NULL)
            p->format[s] = s < 4 ? loop[s] : s == COPY ? loop[4] : 0;
        if ((p->streams & 1u << s) == 0)
            continue;
        p->has_blocks |= used_by_op && na_format_has_blocks(p->format[s]);
        p->data[s] = some_place(used, na_data_bytes(p->format[s], p->count), na_data_alignment(p->format[s]), r);
        if (na_beside_alignment(p->format[s]) != 0)
            p->beside[s] =
                some_place(used, na_beside_bytes(p->format[s], p->count), na_beside_alignment(p->format[s]), r);
    }
}

void na_fill_packed(const packed_tensor *p, unsigned char *bytes, data_kind kind, random_source *r)
{
    static float floats[MOST_ELEMENTS];
    na_tensor t;
    na_packing packing;
    na_view_packed(p, bytes, &t, &packing);
    for (int s = 0; s < PACKED_COUNT; ++s) {
        if ((p->streams & 1u << s) == 0)
            continue;
        na_fill(floats, p->count, s, kind, r);
        if (p->format[s] == 0)
            memcpy(bytes + p->data[s], floats, p->count * sizeof *floats);
        else
            na_reference_pack(na_packed_stream(&packing, s), floats, 0, p->count, &packing, s);
    }
}

void na_view_packed(const packed_tensor *p, unsigned char *bytes, na_tensor *t, na_packing *packing)
{
    memset(t, 0, sizeof *t);
    memset(packing, 0, sizeof *packing);
    t->count = p->count;
    t->row = p->row;
    t->steps = p->steps;
    t->packing = p->has_packing ? packing : NULL;
    packing->seed = p->seed;
    packing->step = p->step;
    packing->tensor = p->number;
    for (int s = 0; s < PACKED_COUNT; ++s) {
        na_packed *packed = na_packed_stream(packing, s);
        if ((p->streams & 1u << s) == 0)
            continue;
        if (p->format[s] == 0) {
            na_set_stream(t, s, (float *)(void *)(bytes + p->data[s]));
            continue;
        }
        packed->format = p->format[s];
        packed->data = bytes + p->data[s];
        packed->beside = na_beside_alignment(p->format[s]) != 0 ? bytes + p->beside[s] : NULL;
        packed->book = na_book(p->format[s], ((V | X) & 1 << s) != 0);
    }
}

void na_reference_packed(const op *o, const na_scalars *row, const na_tensor *t, uint64_t begin, uint64_t end)
{
    static float floats[STREAM_COUNT][MOST_ELEMENTS];
    na_packing packing = {0};
    na_tensor plain = *t;
    unsigned streams = 0, stored;
    if (t->packing != NULL)
        packing = *t->packing;
    for (int s = 0; s < STREAM_COUNT; ++s) {
        const na_packed *packed = na_packed_stream(&packing, s);
        if (packed->data != NULL && (o->needs | o->takes) & 1u << s) {
            na_reference_unpack(packed, floats[s] + begin, begin, end);
            na_set_stream(&plain, s, floats[s]);
        }
        streams |= na_stream(&plain, s) != NULL ? 1u << s : 0u;
    }
    o->reference(row, &plain, begin, end);
    stored = na_written(o, row->flags, streams);
    for (int s = 0; s < STREAM_COUNT; ++s) {
        const na_packed *packed = na_packed_stream(&packing, s);
        if (packed->data != NULL && stored & 1u << s)
            na_reference_pack(packed, floats[s] + begin, begin, end, &packing, s);
    }
    if (packing.copy.data != NULL && stored & W)
        na_reference_pack(&packing.copy, plain.w + begin, begin, end, &packing, COPY);
}

static float float_at(const unsigned char *p)
{
    float x;
    memcpy(&x, p, sizeof x);
    return x;
}

/* Says which element the first byte that differs belongs to. */
static void say_where(const packed_tensor *p, uint64_t tensor, size_t at, const unsigned char *expected,
                      const unsigned char *got)
{
    for (int s = 0; s < PACKED_COUNT; ++s) {
        const size_t bytes = na_data_bytes(p->format[s], p->count), beside = na_beside_bytes(p->format[s], p->count);
        if ((p->streams & 1u << s) == 0)
            continue;
        if (at >= p->data[s] && at < p->data[s] + bytes)
            na_fail("byte %d of %d of %c of tensor %d is %02x, expected %02x", (int)(at - p->data[s]), (int)bytes,
                    "wgmvxasdc"[s], (int)tensor, got[at], expected[at]);
        if (na_beside_alignment(p->format[s]) != 0 && at >= p->beside[s] && at < p->beside[s] + beside)
            na_fail("byte %d of %d beside %c of tensor %d is %02x, expected %02x", (int)(at - p->beside[s]),
                    (int)beside, "wgmvxasdc"[s], (int)tensor, got[at], expected[at]);
    }
}

void na_compare_packed(const packed_tensor *tensors, uint64_t tensor_count, const unsigned char *expected,
                       unsigned char *got, size_t used)
{
    size_t at = 0;
    const int before = na_failures();
    for (uint64_t i = 0; i < tensor_count; ++i)
        for (int s = 0; s < PACKED_COUNT; ++s)
            for (uint64_t j = 0; j < tensors[i].count && tensors[i].streams & 1u << s && !tensors[i].format[s]; ++j) {
                const size_t byte = tensors[i].data[s] + j * sizeof(float);
                if (isnan(float_at(expected + byte)) && isnan(float_at(got + byte)))
                    memcpy(got + byte, expected + byte, sizeof(float));
            }
    if (memcmp(expected, got, used) == 0)
        return;
    while (expected[at] == got[at])
        ++at;
    for (uint64_t i = 0; i < tensor_count; ++i)
        say_where(&tensors[i], i, at, expected, got);
    if (na_failures() == before)
        na_fail("a byte beside the streams changed");
}

const char *na_formats_text(const packed_tensor *p)
{
    static char text[100];
    int at = 0;
    for (int s = 0; s < PACKED_COUNT; ++s)
        if (p->streams & 1u << s)
            at += snprintf(text + at, sizeof text - (size_t)at, "%c%d ", "wgmvxasdc"[s], (int)p -> format[s]);
    snprintf(text + at, sizeof text - (size_t)at, "%s", p->has_packing ? "packed" : "floats");
    return text;
}

float *na_scratch(void)
{
    static guarded scratch;
    if (scratch.pages == NULL)
        scratch = na_guarded(NA_SCRATCH * sizeof(float));
    return na_at_end(&scratch, NA_SCRATCH * sizeof(float));
}
