/* Written from the header alone and sharing nothing with the kernels, so that it can prove them wrong. */
#include "reference.h"

#include <float.h>
#include <math.h>

static float flush(const na_scalars *k, float x)
{
    const int hidden = k->eps >= 0x1p-39f || k->eps_in >= 0x1p-39f || k->root >= 0x1p-78f;
    return hidden && fabsf(x) < FLT_MIN ? 0.0f : x;
}

static float larger_or_nan(float a, float b)
{
    if (isnan(a) || isnan(b))
        return NAN;
    return a > b ? a : b;
}

static float gradient(const na_scalars *k, float g, float w)
{
    if (k->grad_scale != 1.0f)
        g = k->grad_scale * g;
    if (g < -k->clip)
        g = -k->clip;
    if (g > k->clip)
        g = k->clip;
    if (k->l2 != 0.0f) {
        const float decay = k->l2 * w;
        g = g + decay;
    }
    return g;
}

static float numerator(const na_scalars *k, float m, float g)
{
    const float from_m = k->num_m != 1.0f ? k->num_m * m : m;
    if (k->num_g == 0.0f)
        return from_m;
    const float from_g = k->num_g * g;
    return from_m + from_g;
}

/* What both families do once they have m and the denominator. */
static void descend(const na_scalars *k, const na_tensor *t, uint64_t i, float g, float denominator)
{
    const float d = numerator(k, t->m[i], g) / denominator;
    float change = k->step * d;
    if (k->lambda != 0.0f) {
        const float decay = k->lambda * t->w[i];
        change = decay + change;
    }
    if (t->d) {
        t->d[i] = 0.0f - change;
        return;
    }
    t->w[i] = t->w[i] - change;
    if (t->a) {
        na_reference_ema(k, t, i, i + 1);
        if (k->flags & NA_EMA_OVERWRITE)
            t->w[i] = t->a[i];
    }
    if ((k->flags & NA_NON_NEGATIVE) && t->w[i] < 0.0f)
        t->w[i] = 0.0f;
}

/* The gradient that a step starts from, and what it leaves behind where it came from. */
static float take_gradient(const na_scalars *k, const na_tensor *t, uint64_t i)
{
    const float sum = t->s ? t->s[i] + t->g[i] : t->g[i];
    if (t->s)
        t->s[i] = 0.0f;
    if (k->flags & NA_ZERO_GRAD)
        t->g[i] = 0.0f;
    return gradient(k, sum, t->w[i]);
}

static void first_moment(const na_scalars *k, const na_tensor *t, uint64_t i, float g)
{
    const float change = k->c1 * (g - t->m[i]);
    t->m[i] = flush(k, t->m[i] + change);
}

static void adam_element(const na_scalars *k, const na_tensor *t, uint64_t i, float g)
{
    first_moment(k, t, i, g);

    const float kept = t->v[i] <= k->v_cap ? t->v[i] : 0.0f;
    const float square = g * g;
    const float change = k->c2 * (square - kept);
    t->v[i] = flush(k, t->v[i] + change);

    float x = t->v[i];
    if (t->x) {
        if (k->nu_scale != 1.0f)
            x = k->nu_scale * x;
        x = larger_or_nan(t->x[i], x);
        t->x[i] = x;
    }
    if (k->root != 0.0f)
        x = x + k->root;
    descend(k, t, i, g, sqrtf(x) + k->eps);
}

static void adamax_element(const na_scalars *k, const na_tensor *t, uint64_t i, float g)
{
    first_moment(k, t, i, g);

    const float decay = k->c2 * t->v[i];
    float size = fabsf(g);
    if (k->eps_in != 0.0f)
        size = size + k->eps_in;
    t->v[i] = flush(k, larger_or_nan(t->v[i] - decay, size));
    descend(k, t, i, g, t->v[i] + k->eps);
}

void na_reference_adam(const na_scalars *k, const na_tensor *t, uint64_t begin, uint64_t end)
{
    for (uint64_t i = begin; i < end; ++i)
        adam_element(k, t, i, take_gradient(k, t, i));
}

void na_reference_adamax(const na_scalars *k, const na_tensor *t, uint64_t begin, uint64_t end)
{
    for (uint64_t i = begin; i < end; ++i)
        adamax_element(k, t, i, take_gradient(k, t, i));
}

void na_reference_adam_replay(const na_scalars *k, const na_tensor *t, uint64_t begin, uint64_t end)
{
    for (uint32_t step = 0; step < t->steps; ++step)
        for (uint64_t i = begin; i < end; ++i)
            adam_element(k + step, t, i, gradient(k + step, 0.0f, t->w[i]));
}

void na_reference_adamax_replay(const na_scalars *k, const na_tensor *t, uint64_t begin, uint64_t end)
{
    for (uint32_t step = 0; step < t->steps; ++step)
        for (uint64_t i = begin; i < end; ++i)
            adamax_element(k + step, t, i, gradient(k + step, 0.0f, t->w[i]));
}

void na_reference_ema(const na_scalars *k, const na_tensor *t, uint64_t begin, uint64_t end)
{
    for (uint64_t i = begin; i < end; ++i) {
        const float change = k->ema * (t->w[i] - t->a[i]);
        t->a[i] = t->a[i] + change;
    }
}

void na_reference_accumulate(const na_scalars *k, const na_tensor *t, uint64_t begin, uint64_t end)
{
    for (uint64_t i = begin; i < end; ++i) {
        const float g = k->grad_scale != 1.0f ? k->grad_scale * t->g[i] : t->g[i];
        t->s[i] = t->s[i] + g;
        if (k->flags & NA_ZERO_GRAD)
            t->g[i] = 0.0f;
    }
}

void na_reference_copy(const na_scalars *k, const na_tensor *t, uint64_t begin, uint64_t end)
{
    (void)k;
    for (uint64_t i = begin; i < end; ++i)
        t->w[i] = t->g[i];
}

double na_reference_sum_squares(const float *g, uint64_t count)
{
    double lanes[32] = {0.0};
    for (uint64_t i = 0; i < count; ++i) {
        const double square = (double)g[i] * (double)g[i];
        lanes[i % 32] += square;
    }
    for (int half = 16; half > 0; half /= 2)
        for (int i = 0; i < half; ++i)
            lanes[i] += lanes[i + half];
    return lanes[0];
}
