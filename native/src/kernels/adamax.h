/*
 * m = flush(m + c1 * (g - m))
 * u = flush(max(u - c2 * u, |g| + eps_in))          u is the tensor's v
 * d = (num_m * m + num_g * g) / (u + eps)
 */
NA_INLINE na_f32 adamax_direction(const na_update *k, unsigned on, na_elements *e)
{
    na_f32 norm = na_abs(e->g);
    if (on & NA_ON_EPS_IN)
        norm = na_add(norm, k->eps_in);
    e->m = na_flush(na_toward(e->m, k->c1, e->g), k->flush);
    e->v = na_flush(na_max(na_sub(e->v, na_mul(k->c2, e->v)), norm), k->flush);
    return na_div(na_numerator(k, on, e->m, e->g), na_add(e->v, k->eps));
}

NA_UPDATE_BLOCKS(adamax, adamax_direction, 0)

static void adamax(const na_tensor *t, const na_tensor *next, const na_scalars *row, unsigned on, size_t begin,
                   size_t end)
{
    const na_update k = na_broadcast(row);
    on &= ~(unsigned)(NA_ON_ROOT | NA_ON_NU_SCALE | NA_ON_MAX);
    switch (on) {
        NA_UPDATE_LOOP(adamax, 0)
        NA_UPDATE_LOOP(adamax, NA_ON_EPS_IN)
        NA_UPDATE_LOOP(adamax, NA_ON_ZERO_GRAD)
        NA_UPDATE_LOOP(adamax, NA_ON_DECAY)
        NA_UPDATE_LOOP(adamax, NA_ON_DECAY | NA_ON_ZERO_GRAD)
        NA_UPDATE_LOOP(adamax, NA_ON_EMA)
        NA_UPDATE_LOOP(adamax, NA_ON_DECAY | NA_ON_EMA)
        NA_UPDATE_LOOP(adamax, NA_ON_SCALE)
        NA_UPDATE_LOOP(adamax, NA_ON_SCALE | NA_ON_EPS_IN)
    default:
        NA_SWEEP(adamax_block, m, t, next, &k, on, begin, end);
    }
}
