/*
 * m = flush(m + c1 * (g - m))
 * u = flush(max(u - c2 * u, |g| + eps_in))          u is the tensor's v
 * d = (num_m * m + num_g * g) / (u + eps)
 */
NA_INLINE void adamax_direction(const na_update *k, unsigned on, na_elements *e, int vectors)
{
    NA_EACH(j, vectors, {
        na_f32 norm = na_abs(e->g[j]);
        if (on & NA_ON_EPS_IN)
            norm = na_add(norm, k->eps_in);
        e->v[j] = na_flush(na_max(na_sub(e->v[j], na_mul(k->c2, e->v[j])), norm), k->flush);
        e->r[j] = na_sqrt(e->v[j]);
        e->d[j] = na_add(e->v[j], k->eps);
    });
    NA_EACH(j, vectors, { e->m[j] = na_flush(na_toward(e->m[j], k->c1, e->g[j]), k->flush); });
    na_divide(k, on, e, vectors);
}

NA_UPDATE_BLOCKS(adamax, adamax_direction, 0)

/* A factor of 1 and a sum with 0 change no bit, and cost less than a loop of their own. */
#define NA_FREE (NA_ON_SCALE | NA_ON_EPS_IN)

#define NA_ADAMAX_USUAL(LOOP)                                                                                          \
    LOOP(adamax, scaled, NA_FREE)                                                                                      \
    LOOP(adamax, averaged, NA_FREE | NA_ON_EMA)                                                                        \
    LOOP(adamax, clipped, NA_FREE | NA_ON_CLIP)                                                                        \
    LOOP(adamax, summed, NA_FREE | NA_ON_SUM)                                                                          \
    LOOP(adamax, decayed, NA_FREE | NA_ON_L2)

NA_UPDATE_LOOP(adamax, neutral, 0)
NA_ADAMAX_USUAL(NA_USUAL_LOOP)
NA_UPDATE_LOOP(adamax, general, on)

#define NA_NOT_ADAMAXS (NA_ON_ROOT | NA_ON_NU_SCALE | NA_ON_MAX)

NA_UPDATE_TILES(adamax, adamax_direction, NA_NOT_ADAMAXS, NA_FREE)

static void adamax(const na_tensor *t, const na_tensor *next, const na_scalars *row, unsigned on, size_t begin,
                   size_t end)
{
    on &= ~(unsigned)NA_NOT_ADAMAXS;
    if (on == 0) {
        adamax_neutral(t, next, row, on, begin, end);
        return;
    }
    switch ((on | NA_FREE) & ~(unsigned)NA_ASKED) {
        NA_ADAMAX_USUAL(NA_USUAL_CASE)
    default:
        adamax_general(t, next, row, on, begin, end);
    }
}
