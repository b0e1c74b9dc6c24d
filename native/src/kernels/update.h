/* What the adam and the adamax family share: the broadcast scalars, the gradient before and the weight after. */
typedef struct {
    na_f32 grad_scale, clip_lo, clip_hi, l2, c1, c2, v_cap, nu_scale, root, eps, eps_in, num_m, num_g, lambda, step,
        ema;
    na_mask flush;
} na_update;

/*
 * A flushed v moves sqrt(v) by less than 2^-63. Where the rest of the denominator is below 2^-39 that would show, and
 * turn a finite quotient into 0 / 0 where it is zero: then nothing is flushed.
 */
NA_INLINE na_mask na_flush_mask(const na_scalars *row)
{
    const int hidden = row->eps >= 0x1p-39f || row->eps_in >= 0x1p-39f || row->root >= 0x1p-78f;
    return na_set_mask(hidden ? 0x7f800000u : 0xffffffffu);
}

NA_INLINE na_update na_broadcast(const na_scalars *row)
{
    na_update k;
    k.grad_scale = na_set(row->grad_scale);
    k.clip_lo = na_set(-row->clip);
    k.clip_hi = na_set(row->clip);
    k.l2 = na_set(row->l2);
    k.c1 = na_set(row->c1);
    k.c2 = na_set(row->c2);
    k.v_cap = na_set(row->v_cap);
    k.nu_scale = na_set(row->nu_scale);
    k.root = na_set(row->root);
    k.eps = na_set(row->eps);
    k.eps_in = na_set(row->eps_in);
    k.num_m = na_set(row->num_m);
    k.num_g = na_set(row->num_g);
    k.lambda = na_set(row->lambda);
    k.step = na_set(row->step);
    k.ema = na_set(row->ema);
    k.flush = na_flush_mask(row);
    return k;
}

/* clamp(grad_scale * g, -clip, +clip) + l2 * w */
NA_INLINE na_f32 na_gradient(const na_update *k, unsigned on, na_f32 g, na_f32 w)
{
    if (on & NA_ON_SCALE)
        g = na_mul(k->grad_scale, g);
    if (on & NA_ON_CLIP)
        g = na_clamp(g, k->clip_lo, k->clip_hi);
    if (on & NA_ON_L2)
        g = na_add(g, na_mul(k->l2, w));
    return g;
}

/* a + c * (b - a): neither drifts nor is biased, as beta * a + (1 - beta) * b with two rounded factors is. */
NA_INLINE na_f32 na_toward(na_f32 a, na_f32 c, na_f32 b)
{
    return na_add(a, na_mul(c, na_sub(b, a)));
}

/* num_m * m + num_g * g */
NA_INLINE na_f32 na_numerator(const na_update *k, unsigned on, na_f32 m, na_f32 g)
{
    na_f32 n = m;
    if (on & NA_ON_NUM_M)
        n = na_mul(k->num_m, m);
    if (on & NA_ON_NUM_G)
        n = na_add(n, na_mul(k->num_g, g));
    return n;
}

/* w - (lambda * w + step * d): a factor 1 - lambda would round most of a small decay away. */
NA_INLINE na_f32 na_weight(const na_update *k, unsigned on, na_f32 w, na_f32 d)
{
    na_f32 change = na_mul(k->step, d);
    if (on & NA_ON_DECAY)
        change = na_add(na_mul(k->lambda, w), change);
    return na_sub(w, change);
}
