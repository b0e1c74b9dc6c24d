#include "data.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static const uint32_t specials[] = {
    0x00000000u, 0x80000000u,                           /* zeros */
    0x7f800000u, 0xff800000u,                           /* infinities */
    0x7fc00000u, 0xffc00000u, 0x7f800001u, 0xffbfffffu, /* quiet and signalling NaN */
    0x00000001u, 0x80000001u, 0x007fffffu, 0x807fffffu, /* smallest and largest denormals */
    0x00800000u, 0x80800000u, 0x00800001u,              /* smallest normal numbers */
    0x7f7fffffu, 0xff7fffffu,                           /* largest numbers */
    0x3f800000u, 0xbf800000u, 0x3f7fffffu,              /* about one */
    0x5f3504f3u, 0x1a3504f3u, 0x5f800000u, 0x1f800000u, /* squares that overflow and underflow */
};

uint32_t na_bits(float x)
{
    uint32_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

float na_from_bits(uint32_t bits)
{
    float x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

static uint32_t special(random_source *r)
{
    return specials[na_random_below(r, sizeof specials / sizeof specials[0])];
}

/* A random sign and fraction, and an exponent from lowest to lowest + span - 1. */
static uint32_t finite(random_source *r, uint32_t lowest, uint32_t span)
{
    const uint32_t bits = (uint32_t)na_random(r);
    return (bits & 0x807fffffu) | (lowest + na_random_below(r, span)) << 23;
}

static uint32_t element(data_kind kind, random_source *r)
{
    switch (kind) {
    case ORDINARY:
        return finite(r, 115, 16);
    case SPRINKLED:
        return na_random_below(r, 8) == 0 ? special(r) : finite(r, 110, 24);
    case TINY:
        return finite(r, 0, 4);
    case HUGE_SIZES:
        return finite(r, 250, 5);
    default:
        return special(r);
    }
}

void na_fill(float *p, size_t count, int stream, data_kind kind, random_source *r)
{
    const int from_zero = (1 << stream & (V | X)) != 0;
    for (size_t i = 0; i < count; ++i) {
        const uint32_t bits = element(kind, r);
        p[i] = na_from_bits(from_zero && !isnan(na_from_bits(bits)) ? bits & 0x7fffffffu : bits);
    }
}

size_t na_first_difference(const float *a, const float *b, size_t count)
{
    if (count == 0 || memcmp(a, b, count * sizeof *a) == 0)
        return count;
    for (size_t i = 0; i < count; ++i) {
        const uint32_t x = na_bits(a[i]), y = na_bits(b[i]);
        if (x != y && !((x & 0x7fffffffu) > 0x7f800000u && (y & 0x7fffffffu) > 0x7f800000u))
            return i;
    }
    return count;
}

na_scalars na_make_row(unsigned options, uint32_t flags, random_source *r)
{
    static const float c1[] = {0.1f, 1.0f, 1.0e-3f, 0.5f};
    static const float c2[] = {0.001f, 1.0f, 1.0e-4f, 0.25f};
    static const float step[] = {1.0e-3f, 1.0f, 3.0e-8f, -0.5f};
    static const float ema[] = {1.0e-4f, 1.0f, 0.5f, 0.01f};
    na_scalars row;
#define NA_SCALAR(field, bit, neutral, ...)                                                                            \
    {                                                                                                                  \
        static const float others[] = {__VA_ARGS__};                                                                   \
        row.field = (options & (bit)) != 0 ? others[na_random_below(r, 4)] : (neutral);                                \
    }
#include "scalars.def"
#undef NA_SCALAR
    row.c1 = c1[na_random_below(r, 4)];
    row.c2 = c2[na_random_below(r, 4)];
    row.step = step[na_random_below(r, 4)];
    row.ema = ema[na_random_below(r, 4)];
    row.flags = flags;
    return row;
}

void na_make_wild(na_scalars *row, random_source *r)
{
    float *const any[] = {&row->grad_scale, &row->l2,     &row->c1,   &row->root, &row->eps,   &row->num_m,
                          &row->num_g,      &row->lambda, &row->step, &row->ema,  &row->v_cap, &row->clip};
    *any[na_random_below(r, sizeof any / sizeof any[0])] = na_from_bits(special(r));
}

const char *na_row_text(const na_scalars *row)
{
    static char text[400];
    int at = snprintf(text, sizeof text, "c1=%.9g c2=%.9g step=%.9g ema=%.9g flags=%u", (double)row->c1,
                      (double)row->c2, (double)row->step, (double)row->ema, (unsigned)row->flags);
#define NA_SCALAR(field, bit, neutral, ...)                                                                            \
    if (!(row->field == (neutral)))                                                                                    \
        at += snprintf(text + at, sizeof text - (size_t)at, " " #field "=%.9g", (double)row->field);
#include "scalars.def"
#undef NA_SCALAR
    (void)at;
    return text;
}
