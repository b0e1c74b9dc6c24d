/*
 * m = flush(m + c1 * (g - m))
 * v = flush(v + c2 * (g * g - keep(v)))
 * x = v, or max(x, nu_scale * v)
 * d = (num_m * m + num_g * g) / (sqrt(x + root) + eps)
 */
NA_INLINE na_f32 adam_direction(const na_update *k, unsigned on, na_elements *e)
{
    na_f32 root;
    e->m = na_flush(na_toward(e->m, k->c1, e->g), k->flush);
    e->v = na_flush(na_add(e->v, na_mul(k->c2, na_sub(na_mul(e->g, e->g), na_keep(e->v, k->v_cap)))), k->flush);
    root = e->v;
    if (on & NA_ON_MAX) {
        e->x = na_max(e->x, (on & NA_ON_NU_SCALE) ? na_mul(k->nu_scale, e->v) : e->v);
        root = e->x;
    }
    if (on & NA_ON_ROOT)
        root = na_add(root, k->root);
    return na_div(na_numerator(k, on, e->m, e->g), na_add(na_sqrt(root), k->eps));
}

NA_UPDATE_BLOCKS(adam, adam_direction, NA_ON_MAX)

static void adam(const na_tensor *t, const na_tensor *next, const na_scalars *row, unsigned on, size_t begin,
                 size_t end)
{
    const na_update k = na_broadcast(row);
    on &= ~(unsigned)NA_ON_EPS_IN;
    switch (on) {
        NA_UPDATE_LOOP(adam, 0)
        NA_UPDATE_LOOP(adam, NA_ON_ZERO_GRAD)
        NA_UPDATE_LOOP(adam, NA_ON_DECAY)
        NA_UPDATE_LOOP(adam, NA_ON_DECAY | NA_ON_ZERO_GRAD)
        NA_UPDATE_LOOP(adam, NA_ON_EMA)
        NA_UPDATE_LOOP(adam, NA_ON_DECAY | NA_ON_EMA)
        NA_UPDATE_LOOP(adam, NA_ON_SCALE)
        NA_UPDATE_LOOP(adam, NA_ON_SCALE | NA_ON_DECAY)
        NA_UPDATE_LOOP(adam, NA_ON_MAX)
        NA_UPDATE_LOOP(adam, NA_ON_NUM_M | NA_ON_NUM_G)
    default:
        NA_SWEEP(adam_block, m, t, next, &k, on, begin, end);
    }
}
