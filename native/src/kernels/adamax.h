/*
 * m = flush(m + c1 * (g - m))
 * u = flush(max(u - c2 * u, |g| + eps_in))
 * w = w - (lambda * w + step * (num_m * m + num_g * g) / (u + eps))
 */
NA_INLINE void adamax_block(const na_tensor *t, const na_tensor *ahead, const na_update *k, unsigned on, size_t i,
                            int vectors, size_t lanes)
{
    na_f32 w[4], g[4], m[4], u[4], a[4];
    NA_EACH(j, vectors, {
        w[j] = na_load_f32(t->w + i + j * NA_LANES, lanes);
        g[j] = na_load_f32(t->g + i + j * NA_LANES, lanes);
        m[j] = na_load_f32(t->m + i + j * NA_LANES, lanes);
        u[j] = na_load_f32(t->v + i + j * NA_LANES, lanes);
        a[j] = (on & NA_ON_EMA) ? na_load_f32(t->a + i + j * NA_LANES, lanes) : na_set(0.0f);
    });
    if (vectors > 1) {
        na_prefetch_block(ahead->w, i);
        na_prefetch_block(ahead->g, i);
        na_prefetch_block(ahead->m, i);
        na_prefetch_block(ahead->v, i);
        if (on & NA_ON_EMA)
            na_prefetch_block(ahead->a, i);
    }
    NA_EACH(j, vectors, {
        na_f32 norm;
        g[j] = na_gradient(k, on, g[j], w[j]);
        m[j] = na_flush(na_toward(m[j], k->c1, g[j]), k->flush);
        norm = na_abs(g[j]);
        if (on & NA_ON_EPS_IN)
            norm = na_add(norm, k->eps_in);
        u[j] = na_flush(na_max(na_sub(u[j], na_mul(k->c2, u[j])), norm), k->flush);
        w[j] = na_weight(k, on, w[j], na_div(na_numerator(k, on, m[j], g[j]), na_add(u[j], k->eps)));
        if (on & NA_ON_EMA)
            a[j] = na_toward(a[j], k->ema, w[j]);
    });
    NA_EACH(j, vectors, {
        na_store_f32(t->w + i + j * NA_LANES, w[j], lanes);
        na_store_f32(t->m + i + j * NA_LANES, m[j], lanes);
        na_store_f32(t->v + i + j * NA_LANES, u[j], lanes);
        if (on & NA_ON_EMA)
            na_store_f32(t->a + i + j * NA_LANES, a[j], lanes);
        if (on & NA_ON_ZERO_GRAD)
            na_store_f32(t->g + i + j * NA_LANES, na_set(0.0f), lanes);
    });
}

#define NA_ADAMAX_LOOPS(LOOP)                                                                                          \
    LOOP(plain, 0)                                                                                                     \
    LOOP(eps_in, NA_ON_EPS_IN)                                                                                         \
    LOOP(zero_grad, NA_ON_ZERO_GRAD)                                                                                   \
    LOOP(decay, NA_ON_DECAY)                                                                                           \
    LOOP(decay_zero_grad, NA_ON_DECAY | NA_ON_ZERO_GRAD)                                                               \
    LOOP(ema, NA_ON_EMA)                                                                                               \
    LOOP(decay_ema, NA_ON_DECAY | NA_ON_EMA)                                                                           \
    LOOP(scale, NA_ON_SCALE)                                                                                           \
    LOOP(scale_eps_in, NA_ON_SCALE | NA_ON_EPS_IN)

#define NA_ADAMAX_LOOP(name, options)                                                                                  \
    case options:                                                                                                      \
        NA_SWEEP(adamax_block, m, t, next, &k, (options), begin, end);                                                 \
        break;

static void adamax(const na_tensor *t, const na_tensor *next, const na_scalars *row, unsigned on, size_t begin,
                   size_t end)
{
    const na_update k = na_broadcast(row);
    on &= ~(unsigned)(NA_ON_ROOT | NA_ON_NU_SCALE | NA_ON_MAX);
    switch (on) {
        NA_ADAMAX_LOOPS(NA_ADAMAX_LOOP)
    default:
        NA_SWEEP(adamax_block, m, t, next, &k, on, begin, end);
    }
}
