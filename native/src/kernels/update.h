/* What the adam and the adamax family share: the broadcast scalars, the gradient before and the weight after. */
typedef struct {
    na_f32 grad_scale, clip_lo, clip_hi, l2, c1, c2, v_cap, nu_scale, root, eps, eps_in, num_m, num_g, lambda, step,
        ema, infinity;
    na_mask flush;
} na_update;

/*
 * x >= least > 0, by the bits, where every NaN is above the infinity: Clang turns `a >= c || b >= c` on 64-bit ARM into
 * the maximum of a and b, which a signalling NaN takes with it.
 */
NA_INLINE int na_at_least(float x, float least)
{
    return na_bits(x) >= na_bits(least) && na_bits(x) <= na_bits(na_infinity());
}

/*
 * A flushed v moves sqrt(v) by less than 2^-63. Where the rest of the denominator is below 2^-39 that would show, and
 * turn a finite quotient into 0 / 0 where it is zero: then nothing is flushed.
 */
NA_INLINE na_mask na_flush_mask(const na_scalars *row)
{
    const int hidden =
        na_at_least(row->eps, 0x1p-39f) || na_at_least(row->eps_in, 0x1p-39f) || na_at_least(row->root, 0x1p-78f);
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
    k.infinity = na_set(na_infinity());
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

/* lambda * w + step * d, to be taken from w: a factor 1 - lambda would round most of a small decay away. */
NA_INLINE na_f32 na_change(const na_update *k, unsigned on, na_f32 w, na_f32 d)
{
    const na_f32 change = na_mul(k->step, d);
    return (on & NA_ON_DECAY) ? na_add(na_mul(k->lambda, w), change) : change;
}

/* One vector of every stream. g is the gradient after na_gradient. */
typedef struct {
    na_f32 w, g, m, v, x, a;
} na_elements;

NA_INLINE na_elements na_load_elements(const na_tensor *t, unsigned on, size_t i, size_t lanes)
{
    na_elements e;
    e.w = na_load_f32(t->w + i, lanes);
    e.g = na_load_f32(t->g + i, lanes);
    e.m = na_load_f32(t->m + i, lanes);
    e.v = na_load_f32(t->v + i, lanes);
    e.x = (on & NA_ON_MAX) ? na_load_f32(t->x + i, lanes) : na_set(0.0f);
    e.a = (on & NA_ON_EMA) ? na_load_f32(t->a + i, lanes) : na_set(0.0f);
    if (on & NA_ON_SUM)
        e.g = na_add(na_load_f32(t->s + i, lanes), e.g);
    return e;
}

NA_INLINE void na_prefetch_elements(const na_tensor *ahead, unsigned on, size_t i)
{
    na_prefetch_block(ahead->w, i);
    na_prefetch_block(ahead->g, i);
    na_prefetch_block(ahead->m, i);
    na_prefetch_block(ahead->v, i);
    if (on & NA_ON_MAX)
        na_prefetch_block(ahead->x, i);
    if (on & NA_ON_EMA)
        na_prefetch_block(ahead->a, i);
    if (on & NA_ON_SUM)
        na_prefetch_block(ahead->s, i);
    if (on & NA_ON_DELTA)
        na_prefetch_block(ahead->d, i);
}

/* Moves w by d, or with NA_ON_DELTA leaves in w what is to be added to it; then the average, and what follows it. */
NA_INLINE na_elements na_move(const na_update *k, unsigned on, na_elements e, na_f32 d)
{
    const na_f32 zero = na_set(0.0f);
    const na_f32 change = na_change(k, on, e.w, d);
    if (on & NA_ON_DELTA) {
        e.w = na_sub(zero, change);
        return e;
    }
    e.w = na_sub(e.w, change);
    if (on & NA_ON_EMA)
        e.a = na_toward(e.a, k->ema, e.w);
    if ((on & NA_ON_EMA) && (on & NA_ON_OVERWRITE))
        e.w = e.a;
    if (on & NA_ON_NON_NEGATIVE)
        e.w = na_clamp(e.w, zero, k->infinity);
    return e;
}

NA_INLINE void na_store_elements(const na_tensor *t, unsigned on, na_elements e, size_t i, size_t lanes)
{
    na_store_f32(((on & NA_ON_DELTA) ? t->d : t->w) + i, e.w, lanes);
    na_store_f32(t->m + i, e.m, lanes);
    na_store_f32(t->v + i, e.v, lanes);
    if (on & NA_ON_MAX)
        na_store_f32(t->x + i, e.x, lanes);
    if ((on & NA_ON_EMA) && !(on & NA_ON_DELTA))
        na_store_f32(t->a + i, e.a, lanes);
    if (on & NA_ON_SUM)
        na_store_f32(t->s + i, na_set(0.0f), lanes);
    if (on & NA_ON_ZERO_GRAD)
        na_store_f32(t->g + i, na_set(0.0f), lanes);
}

/*
 * The block of a family. DIRECTION(k, on, e) moves the moments in *e and answers with d. MAX is NA_ON_MAX where the
 * family takes an x stream, and 0 elsewhere.
 * The block of its replay takes the rows of a tensor one after the other, each with a gradient of zero.
 */
#define NA_UPDATE_BLOCKS(family, DIRECTION, MAX)                                                                       \
    NA_INLINE void family##_block(const na_tensor *t, const na_tensor *ahead, const na_update *k, unsigned on,         \
                                  size_t i, int vectors, size_t lanes)                                                 \
    {                                                                                                                  \
        na_elements e[4];                                                                                              \
        NA_EACH(j, vectors, { e[j] = na_load_elements(t, on, i + j * NA_LANES, lanes); });                             \
        if (vectors > 1)                                                                                               \
            na_prefetch_elements(ahead, on, i);                                                                        \
        NA_EACH(j, vectors, {                                                                                          \
            na_f32 d;                                                                                                  \
            e[j].g = na_gradient(k, on, e[j].g, e[j].w);                                                               \
            d = DIRECTION(k, on, &e[j]);                                                                               \
            e[j] = na_move(k, on, e[j], d);                                                                            \
        });                                                                                                            \
        NA_EACH(j, vectors, { na_store_elements(t, on, e[j], i + j * NA_LANES, lanes); });                             \
    }                                                                                                                  \
    NA_INLINE void family##_replay_block(const na_tensor *t, const na_tensor *ahead, const na_scalars *row,            \
                                         unsigned on, size_t i, int vectors, size_t lanes)                             \
    {                                                                                                                  \
        na_elements e[4];                                                                                              \
        uint32_t step;                                                                                                 \
        na_tensor from = *t;                                                                                           \
        (void)ahead;                                                                                                   \
        from.g = from.m;                                                                                               \
        NA_EACH(j, vectors, { e[j] = na_load_elements(&from, on, i + j * NA_LANES, lanes); });                         \
        for (step = 0; step < t->steps; ++step) {                                                                      \
            const na_update k = na_broadcast(row + step);                                                              \
            const unsigned now = on | na_row_options(row + step);                                                      \
            NA_EACH(j, vectors, {                                                                                      \
                na_f32 d;                                                                                              \
                e[j].g = na_gradient(&k, now, na_set(0.0f), e[j].w);                                                   \
                d = DIRECTION(&k, now, &e[j]);                                                                         \
                e[j] = na_move(&k, now, e[j], d);                                                                      \
            });                                                                                                        \
        }                                                                                                              \
        NA_EACH(j, vectors, { na_store_elements(&from, on, e[j], i + j * NA_LANES, lanes); });                         \
    }                                                                                                                  \
    static void family##_replay(const na_tensor *t, const na_tensor *next, const na_scalars *row, unsigned on,         \
                                size_t begin, size_t end)                                                              \
    {                                                                                                                  \
        on &= (MAX);                                                                                                   \
        NA_SWEEP(family##_replay_block, m, t, next, row, on, begin, end);                                              \
    }

/* One of the loops that the usual combinations of options get for themselves. */
#define NA_UPDATE_LOOP(family, options)                                                                                \
    case (options):                                                                                                    \
        NA_SWEEP(family##_block, m, t, next, &k, (options), begin, end);                                               \
        break;
