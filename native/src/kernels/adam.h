/*
 * m = flush(m + c1 * (g - m))
 * v = flush(v + c2 * (g * g - keep(v)))
 * x = v, or max(x, nu_scale * v)
 * d = (num_m * m + num_g * g) / (sqrt(x + root) + eps)
 */
NA_INLINE void adam_direction(const na_update *k, unsigned on, na_elements *e, int vectors)
{
    NA_EACH(j, vectors, {
        const na_f32 square = na_mul(e->g[j], e->g[j]);
        e->v[j] = na_flush(na_add(e->v[j], na_mul(k->c2, na_sub_kept(square, e->v[j], k->v_cap))), k->flush);
        e->d[j] = e->v[j];
    });
    if (on & NA_ON_MAX)
        NA_EACH(j, vectors, {
            e->x[j] = na_max(e->x[j], (on & NA_ON_NU_SCALE) ? na_mul(k->nu_scale, e->v[j]) : e->v[j]);
            e->d[j] = e->x[j];
        });
    if (on & NA_ON_ROOT)
        NA_EACH(j, vectors, { e->d[j] = na_add(e->d[j], k->root); });
    NA_EACH(j, vectors, { e->r[j] = na_sqrt(e->d[j]); });
    NA_EACH(j, vectors, { e->m[j] = na_flush(na_toward(e->m[j], k->c1, e->g[j]), k->flush); });
    NA_EACH(j, vectors, { e->d[j] = na_add(e->r[j], k->eps); });
    na_divide(k, on, e, vectors);
}

NA_UPDATE_BLOCKS(adam, adam_direction, NA_ON_MAX)

#define NA_NOT_ADAMS NA_ON_EPS_IN

/* A factor of 1 changes no bit, and costs less than a loop of its own. */
#define NA_ADAM_USUAL(LOOP)                                                                                            \
    LOOP(adam, scaled, NA_ON_SCALE)                                                                                    \
    LOOP(adam, averaged, NA_ON_SCALE | NA_ON_EMA)                                                                      \
    LOOP(adam, summed, NA_ON_SCALE | NA_ON_SUM)                                                                        \
    LOOP(adam, clipped, NA_ON_SCALE | NA_ON_CLIP)                                                                      \
    LOOP(adam, decayed, NA_ON_SCALE | NA_ON_L2)                                                                        \
    LOOP(adam, amsgrad, NA_ON_SCALE | NA_ON_MAX)                                                                       \
    LOOP(adam, nesterov, NA_ON_SCALE | NA_ON_NUM_M | NA_ON_NUM_G)

NA_UPDATE_LOOP(adam, neutral, 0)
NA_ADAM_USUAL(NA_USUAL_LOOP)
NA_UPDATE_LOOP(adam, general, on)

NA_UPDATE_TILES(adam, adam_direction, NA_NOT_ADAMS, NA_ON_SCALE)

static void adam(const na_tensor *t, const na_tensor *next, const na_scalars *row, unsigned on, size_t begin,
                 size_t end)
{
    on &= ~(unsigned)NA_NOT_ADAMS;
    if (on == 0) {
        adam_neutral(t, next, row, on, begin, end);
        return;
    }
    switch ((on | NA_ON_SCALE) & ~(unsigned)NA_ASKED) {
        NA_ADAM_USUAL(NA_USUAL_CASE)
    default:
        adam_general(t, next, row, on, begin, end);
    }
}
