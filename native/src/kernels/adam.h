/*
 * m = flush(m + c1 * (g - m))
 * v = flush(v + c2 * (g * g - keep(v)))
 * x = v, or max(x, nu_scale * v)
 * w = w - (lambda * w + step * (num_m * m + num_g * g) / (sqrt(x + root) + eps))
 */
NA_INLINE void adam_block(const na_tensor *t, const na_tensor *ahead, const na_update *k, unsigned on, size_t i,
                          int vectors, size_t lanes)
{
    na_f32 w[4], g[4], m[4], v[4], x[4], a[4];
    NA_EACH(j, vectors, {
        w[j] = na_load_f32(t->w + i + j * NA_LANES, lanes);
        g[j] = na_load_f32(t->g + i + j * NA_LANES, lanes);
        m[j] = na_load_f32(t->m + i + j * NA_LANES, lanes);
        v[j] = na_load_f32(t->v + i + j * NA_LANES, lanes);
        x[j] = (on & NA_ON_MAX) ? na_load_f32(t->x + i + j * NA_LANES, lanes) : na_set(0.0f);
        a[j] = (on & NA_ON_EMA) ? na_load_f32(t->a + i + j * NA_LANES, lanes) : na_set(0.0f);
    });
    if (vectors > 1) {
        na_prefetch_block(ahead->w, i);
        na_prefetch_block(ahead->g, i);
        na_prefetch_block(ahead->m, i);
        na_prefetch_block(ahead->v, i);
        if (on & NA_ON_MAX)
            na_prefetch_block(ahead->x, i);
        if (on & NA_ON_EMA)
            na_prefetch_block(ahead->a, i);
    }
    NA_EACH(j, vectors, {
        na_f32 root;
        g[j] = na_gradient(k, on, g[j], w[j]);
        m[j] = na_flush(na_toward(m[j], k->c1, g[j]), k->flush);
        v[j] = na_flush(na_add(v[j], na_mul(k->c2, na_sub(na_mul(g[j], g[j]), na_keep(v[j], k->v_cap)))), k->flush);
        root = v[j];
        if (on & NA_ON_MAX) {
            x[j] = na_max(x[j], (on & NA_ON_NU_SCALE) ? na_mul(k->nu_scale, v[j]) : v[j]);
            root = x[j];
        }
        if (on & NA_ON_ROOT)
            root = na_add(root, k->root);
        w[j] = na_weight(k, on, w[j], na_div(na_numerator(k, on, m[j], g[j]), na_add(na_sqrt(root), k->eps)));
        if (on & NA_ON_EMA)
            a[j] = na_toward(a[j], k->ema, w[j]);
    });
    NA_EACH(j, vectors, {
        na_store_f32(t->w + i + j * NA_LANES, w[j], lanes);
        na_store_f32(t->m + i + j * NA_LANES, m[j], lanes);
        na_store_f32(t->v + i + j * NA_LANES, v[j], lanes);
        if (on & NA_ON_MAX)
            na_store_f32(t->x + i + j * NA_LANES, x[j], lanes);
        if (on & NA_ON_EMA)
            na_store_f32(t->a + i + j * NA_LANES, a[j], lanes);
        if (on & NA_ON_ZERO_GRAD)
            na_store_f32(t->g + i + j * NA_LANES, na_set(0.0f), lanes);
    });
}

/* The combinations that users choose most get a loop of their own; one loop with tests serves the rest. */
#define NA_ADAM_LOOPS(LOOP)                                                                                            \
    LOOP(plain, 0)                                                                                                     \
    LOOP(zero_grad, NA_ON_ZERO_GRAD)                                                                                   \
    LOOP(decay, NA_ON_DECAY)                                                                                           \
    LOOP(decay_zero_grad, NA_ON_DECAY | NA_ON_ZERO_GRAD)                                                               \
    LOOP(ema, NA_ON_EMA)                                                                                               \
    LOOP(decay_ema, NA_ON_DECAY | NA_ON_EMA)                                                                           \
    LOOP(scale, NA_ON_SCALE)                                                                                           \
    LOOP(scale_decay, NA_ON_SCALE | NA_ON_DECAY)                                                                       \
    LOOP(maximum, NA_ON_MAX)                                                                                           \
    LOOP(nadam, NA_ON_NUM_M | NA_ON_NUM_G)

#define NA_ADAM_LOOP(name, options)                                                                                    \
    case options:                                                                                                      \
        NA_SWEEP(adam_block, m, t, next, &k, (options), begin, end);                                                   \
        break;

static void adam(const na_tensor *t, const na_tensor *next, const na_scalars *row, unsigned on, size_t begin,
                 size_t end)
{
    const na_update k = na_broadcast(row);
    on &= ~(unsigned)NA_ON_EPS_IN;
    switch (on) {
        NA_ADAM_LOOPS(NA_ADAM_LOOP)
    default:
        NA_SWEEP(adam_block, m, t, next, &k, on, begin, end);
    }
}
