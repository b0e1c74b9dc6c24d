/*
 * The packed formats, by the values of numbers where the kernels work on their bits. Written from the header alone and
 * sharing nothing with the kernels, so that it can prove them wrong.
 */
#include "data.h"
#include "reference.h"

#include <float.h>
#include <math.h>

/* What a number that is not finite would be if there were one more exponent. */
static double value_or_next(uint32_t magnitude)
{
    return magnitude == 0x7f800000u ? 0x1p128 : (double)na_from_bits(magnitude);
}

/* The nearer of the two numbers that x lies between, the lower of which has the code `below`; the even one of a tie. */
static uint32_t nearer(double x, uint32_t below, double low, double high)
{
    if (x - low == high - x)
        return below + below % 2;
    return x - low < high - x ? below : below + 1;
}

/* The bits rounded to a multiple of 2^n, without the zeros. */
static uint32_t upper_bits(float x, int n)
{
    const uint32_t magnitude = na_bits(fabsf(x)), sign = signbit(x) ? UINT32_C(1) << (31 - n) : 0u;
    const uint32_t below = magnitude >> n;
    if (isnan(x))
        return UINT32_C(0x7fc00000) >> n;
    if (isinf(x))
        return below | sign;
    return nearer(fabs((double)x), below, value_or_next(below << n), value_or_next((below + 1) << n)) | sign;
}

float na_reference_from_f16(uint32_t h)
{
    const int exponent = (int)(h >> 10 & 31), fraction = (int)(h & 1023);
    double x = exponent > 0 ? ldexp(1024 + fraction, exponent - 25) : ldexp(fraction, -24);
    if (exponent == 31)
        x = fraction > 0 ? (double)NAN : (double)INFINITY;
    return (float)(h & 0x8000u ? -x : x);
}

static uint32_t to_f16(float x)
{
    const uint32_t sign = signbit(x) ? 0x8000u : 0u;
    const double size = fabs((double)x);
    int exponent;
    if (isnan(x))
        return 0x7e00u;
    if (size >= 65520.0) /* nearer to 2^16 than to the largest number, or as near */
        return 0x7c00u | sign;
    frexp(size, &exponent);
    exponent = size == 0.0 || exponent < -13 ? -13 : exponent;
    const double multiple = ldexp(size, 11 - exponent);
    const uint32_t below = (uint32_t)multiple, even = nearer(multiple, below, below, below + 1.0);
    return ((uint32_t)(exponent + 13) * 1024 + even) | sign;
}

void na_reference_philox(const uint32_t counter[4], const uint32_t key[2], uint32_t words[4])
{
    uint32_t x[4] = {counter[0], counter[1], counter[2], counter[3]}, k[2] = {key[0], key[1]};
    for (int round = 0; round < 10; ++round) {
        const uint64_t p = UINT64_C(0xd2511f53) * x[0], q = UINT64_C(0xcd9e8d57) * x[2];
        x[0] = (uint32_t)(q >> 32) ^ x[1] ^ k[0];
        x[1] = (uint32_t)q;
        x[2] = (uint32_t)(p >> 32) ^ x[3] ^ k[1];
        x[3] = (uint32_t)p;
        k[0] += 0x9e3779b9u;
        k[1] += 0xbb67ae85u;
    }
    for (int i = 0; i < 4; ++i)
        words[i] = x[i];
}

uint32_t na_reference_random(const na_packing *key, int stream, uint64_t i)
{
    const uint64_t c = i / 8;
    const uint32_t counter[4] = {(uint32_t)c, (uint32_t)key->step, (uint32_t)key->tensor,
                                 (uint32_t)((uint64_t)stream | (c >> 32) << 8 | (key->step >> 32) << 16)};
    const uint32_t seed[2] = {(uint32_t)key->seed, (uint32_t)(key->seed >> 32)};
    uint32_t words[4];
    na_reference_philox(counter, seed, words);
    return words[i % 8 / 2] >> i % 2 * 16 & 0xffffu;
}

static uint32_t to_bf16_at_random(float x, uint32_t random)
{
    const uint32_t toward_zero = na_bits(x) >> 16, lower = na_bits(x) & 0xffffu;
    if (isnan(x))
        return 0x7fc0u;
    return random < lower && (toward_zero & 0x7fffu) != 0x7f7fu ? toward_zero + 1 : toward_zero;
}

/* h of bits = h * 2^16 + rest, where the rest is from -2^15 to 2^15 - 1. */
static uint16_t model_of(uint32_t bits)
{
    const uint32_t h = bits / 0x10000u, lower = bits % 0x10000u;
    return (uint16_t)(lower < 0x8000u ? h : h + 1);
}

static void pack_element(const na_packed *p, uint64_t i, float x, const na_packing *key, int stream)
{
    uint16_t *h = (uint16_t *)p->data + i;
    uint32_t bits;
    switch (p->format) {
    case NA_BF16:
        *h = (uint16_t)upper_bits(x, 16);
        break;
    case NA_F16:
        *h = (uint16_t)to_f16(x);
        break;
    case NA_BF16_RANDOM:
        *h = (uint16_t)to_bf16_at_random(x, na_reference_random(key, stream, i));
        break;
    case NA_BF16_REST16:
        bits = isnan(x) ? 0x7fc00000u : na_bits(x);
        *h = model_of(bits);
        ((int16_t *)p->beside)[i] = (int16_t)((int64_t)bits - (int64_t)*h * 0x10000);
        break;
    default:
        bits = upper_bits(x, 8) * 256u;
        *h = model_of(bits);
        ((int8_t *)p->beside)[i] = (int8_t)(((int64_t)bits - (int64_t)*h * 0x10000) / 256);
    }
}

static float unpack_element(const na_packed *p, uint64_t i)
{
    const uint32_t h = ((const uint16_t *)p->data)[i];
    switch (p->format) {
    case NA_F16:
        return na_reference_from_f16(h);
    case NA_BF16_REST16:
        return na_from_bits((uint32_t)((int64_t)h * 0x10000 + ((const int16_t *)p->beside)[i]));
    case NA_BF16_REST8:
        return na_from_bits((uint32_t)((int64_t)h * 0x10000 + ((const int8_t *)p->beside)[i] * 256));
    default:
        return na_from_bits(h * 0x10000u);
    }
}

/* The scale of a block: NaN where one of its elements is not finite. */
static float scale_of(const float *x, uint64_t count)
{
    float largest = 0.0f;
    for (uint64_t i = 0; i < count; ++i) {
        if (!isfinite(x[i]))
            return na_from_bits(0x7fc00000u);
        if (fabsf(x[i]) > largest)
            largest = fabsf(x[i]);
    }
    return largest < FLT_MIN ? 0.0f : largest;
}

/* The same for a book: one by which the largest below 0 lies within the values. */
static float scale_of_format(const na_packed *p, const float *x, uint64_t count)
{
    const float scale = scale_of(x, count), a = p->book ? fmaxf(-p->book[0], 0.0f) : 0.0f;
    float lowest = 0.0f;
    for (uint64_t i = 0; i < count; ++i)
        lowest = fminf(lowest, x[i]);
    if (a == 0.0f || isnan(scale) || scale == 0.0f || scale * a >= -lowest)
        return scale;
    return fminf(-lowest / a, FLT_MAX);
}

static unsigned book_code(const na_packed *p, unsigned size, float q)
{
    unsigned code = 0;
    while (code < size - 1 && p->book[size + code] <= q)
        ++code;
    return code;
}

/* A block of zeros or NaN has the code of 0. */
static unsigned block_code(const na_packed *p, float scale, float x)
{
    const int empty = isnan(scale) || scale == 0.0f;
    const float half = 0.5f * x, size = 0.5f * scale + fabsf(half);
    switch (p->format) {
    case NA_SOFTSIGN8:
        return empty ? 0u : (unsigned)(int)rintf(half / size * 254.0f) & 255u;
    case NA_SQRT8:
        if (empty || x == 0.0f)
            return 0;
        return (unsigned)fmaxf(fminf(rintf(sqrtf(fabsf(x)) * (255.0f / sqrtf(scale))), 255.0f), 1.0f);
    default:
        return book_code(p, p->format == NA_BOOK8 ? 256u : 16u, empty ? 0.0f : x / scale);
    }
}

static float block_value(const na_packed *p, float scale, unsigned code)
{
    const float c = p->format == NA_SOFTSIGN8 && code > 127 ? (float)code - 256.0f : (float)code;
    const float t = c * (1.0f / 255.0f);
    switch (p->format) {
    case NA_SOFTSIGN8:
        return scale * (c / (254.0f - fabsf(c)));
    case NA_SQRT8:
        return scale * (t * t);
    default:
        return scale * p->book[code];
    }
}

static void pack_block(const na_packed *p, const float *x, uint64_t begin, uint64_t count)
{
    uint8_t *codes = p->data;
    const float scale = scale_of_format(p, x, count);
    ((float *)p->beside)[begin / NA_BLOCK] = scale;
    for (uint64_t i = 0; i < count; ++i) {
        const unsigned code = block_code(p, scale, x[i]);
        uint8_t *byte = p->format == NA_BOOK4 ? codes + (begin + i) / 2 : codes + begin + i;
        if (p->format == NA_BOOK4 && i % 2 == 1)
            *byte = (uint8_t)(*byte | code << 4);
        else
            *byte = (uint8_t)code;
    }
}

void na_reference_unpack(const na_packed *p, float *floats, uint64_t begin, uint64_t end)
{
    const uint8_t *codes = p->data;
    for (uint64_t i = begin; i < end; ++i) {
        if (p->format < NA_SOFTSIGN8)
            floats[i - begin] = unpack_element(p, i);
        else
            floats[i - begin] = block_value(p, ((const float *)p->beside)[i / NA_BLOCK],
                                            p->format == NA_BOOK4 ? codes[i / 2] >> i % 2 * 4 & 15u : codes[i]);
    }
}

void na_reference_pack(const na_packed *p, const float *floats, uint64_t begin, uint64_t end, const na_packing *key,
                       int stream)
{
    if (p->format < NA_SOFTSIGN8) {
        for (uint64_t i = begin; i < end; ++i)
            pack_element(p, i, floats[i - begin], key, stream);
    } else {
        for (uint64_t i = begin; i < end; i += NA_BLOCK)
            pack_block(p, floats + (i - begin), i, end - i < NA_BLOCK ? end - i : NA_BLOCK);
    }
}
