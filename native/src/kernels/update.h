/* What the adam and the adamax family share: the broadcast scalars, the gradient before and the weight after. */
typedef struct {
    na_f32 grad_scale, clip_lo, clip_hi, l2, c1, c2, v_cap, nu_scale, root, eps, eps_in, num_m, num_g, lambda, step,
        ema, infinity;
    na_u32 flush;
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
NA_INLINE na_u32 na_flush_mask(const na_scalars *row)
{
    const int hidden =
        na_at_least(row->eps, 0x1p-39f) || na_at_least(row->eps_in, 0x1p-39f) || na_at_least(row->root, 0x1p-78f);
    return na_set_u32(hidden ? 0x7f800000u : 0xffffffffu);
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

/* Up to four vectors of every stream, and of what is computed of them; r: the root of v, which 8-bit codes are made of.
 */
typedef struct {
    na_f32 w[4], g[4], m[4], v[4], x[4], a[4], s[4], d[4], r[4];
} na_elements;

/* clamp(grad_scale * (s + g), -clip, +clip) + l2 * w */
NA_INLINE void na_gradient(const na_update *k, unsigned on, na_elements *e, int vectors)
{
    if (on & NA_ON_SUM)
        NA_EACH(j, vectors, { e->g[j] = na_add(e->s[j], e->g[j]); });
    if (on & NA_ON_SCALE)
        NA_EACH(j, vectors, { e->g[j] = na_mul(k->grad_scale, e->g[j]); });
    if (on & NA_ON_CLIP)
        NA_EACH(j, vectors, { e->g[j] = na_clamp(e->g[j], k->clip_lo, k->clip_hi); });
    if (on & NA_ON_L2)
        NA_EACH(j, vectors, { e->g[j] = na_add(e->g[j], na_mul(k->l2, e->w[j])); });
}

/* a + c * (b - a): neither drifts nor is biased, as beta * a + (1 - beta) * b with two rounded factors is. */
NA_INLINE na_f32 na_toward(na_f32 a, na_f32 c, na_f32 b)
{
    return na_add(a, na_mul(c, na_sub(b, a)));
}

/* d = (num_m * m + num_g * g) / d */
NA_INLINE void na_divide(const na_update *k, unsigned on, na_elements *e, int vectors)
{
    na_f32 n[4];
    NA_EACH(j, vectors, { n[j] = e->m[j]; });
    if (on & NA_ON_NUM_M)
        NA_EACH(j, vectors, { n[j] = na_mul(k->num_m, e->m[j]); });
    if (on & NA_ON_NUM_G)
        NA_EACH(j, vectors, { n[j] = na_add(n[j], na_mul(k->num_g, e->g[j])); });
    NA_EACH(j, vectors, { e->d[j] = na_div(n[j], e->d[j]); });
}

/*
 * w = w - (lambda * w + step * d), or with NA_ON_DELTA leaves in w what is to be added to it; then the average, and
 * what follows it. A factor 1 - lambda would round most of a small decay away.
 */
NA_INLINE void na_move(const na_update *k, unsigned on, na_elements *e, int vectors)
{
    const na_f32 zero = na_set(0.0f);
    NA_EACH(j, vectors, { e->d[j] = na_mul(k->step, e->d[j]); });
    if (on & NA_ON_DECAY)
        NA_EACH(j, vectors, { e->d[j] = na_add(na_mul(k->lambda, e->w[j]), e->d[j]); });
    if (on & NA_ON_DELTA) {
        NA_EACH(j, vectors, { e->w[j] = na_sub(zero, e->d[j]); });
        return;
    }
    NA_EACH(j, vectors, { e->w[j] = na_sub(e->w[j], e->d[j]); });
    if (on & NA_ON_EMA)
        NA_EACH(j, vectors, { e->a[j] = na_toward(e->a[j], k->ema, e->w[j]); });
    if ((on & NA_ON_EMA) && (on & NA_ON_OVERWRITE))
        NA_EACH(j, vectors, { e->w[j] = e->a[j]; });
    if (on & NA_ON_NON_NEGATIVE)
        NA_EACH(j, vectors, { e->w[j] = na_clamp(e->w[j], zero, k->infinity); });
}

#define NA_LOAD(name) NA_EACH(j, vectors, { e->name[j] = na_load_f32(t->name + i + j * NA_LANES, lanes); })

#define NA_LOAD_WHERE(option, name)                                                                                    \
    if (on & (option))                                                                                                 \
        NA_LOAD(name);                                                                                                 \
    else                                                                                                               \
        NA_EACH(j, vectors, { e->name[j] = na_set(0.0f); })

/* All but the gradient. */
NA_INLINE void na_load_elements(const na_tensor *t, unsigned on, na_elements *e, size_t i, int vectors, size_t lanes)
{
    NA_LOAD(w);
    NA_LOAD(m);
    NA_LOAD(v);
    NA_LOAD_WHERE(NA_ON_MAX, x);
    NA_LOAD_WHERE(NA_ON_EMA, a);
    NA_LOAD_WHERE(NA_ON_SUM, s);
}

NA_INLINE void na_prefetch_elements(const na_tensor *ahead, unsigned on, size_t at, int vectors)
{
    na_prefetch_block(ahead->w, at, vectors);
    na_prefetch_block(ahead->g, at, vectors);
    na_prefetch_block(ahead->m, at, vectors);
    na_prefetch_block(ahead->v, at, vectors);
    if (on & NA_ON_MAX)
        na_prefetch_block(ahead->x, at, vectors);
    if (on & NA_ON_EMA)
        na_prefetch_block(ahead->a, at, vectors);
    if (on & NA_ON_SUM)
        na_prefetch_block(ahead->s, at, vectors);
    if (on & NA_ON_DELTA)
        na_prefetch_block(ahead->d, at, vectors);
}

#define NA_STORE(name, value) NA_EACH(j, vectors, { na_store_f32(t->name + i + j * NA_LANES, value, lanes); })

NA_INLINE void na_store_elements(const na_tensor *t, unsigned on, const na_elements *e, size_t i, int vectors,
                                 size_t lanes)
{
    const na_f32 zero = na_set(0.0f);
    if (on & NA_ON_DELTA)
        NA_STORE(d, e->w[j]);
    else
        NA_STORE(w, e->w[j]);
    NA_STORE(m, e->m[j]);
    NA_STORE(v, e->v[j]);
    if (on & NA_ON_MAX)
        NA_STORE(x, e->x[j]);
    if ((on & NA_ON_EMA) && !(on & NA_ON_DELTA))
        NA_STORE(a, e->a[j]);
    if (on & NA_ON_SUM)
        NA_STORE(s, zero);
    if (on & NA_ON_ZERO_GRAD)
        NA_STORE(g, zero);
}

/*
 * The block of a family. DIRECTION(k, on, e, vectors) moves the moments of *e and leaves the direction in d. MAX is
 * NA_ON_MAX where the family takes an x stream, and 0 elsewhere.
 * The block of its replay takes the rows of a tensor one after the other, each with a gradient of zero.
 */
#define NA_UPDATE_BLOCKS(family, DIRECTION, MAX)                                                                       \
    NA_INLINE void family##_block(const na_tensor *t, const na_tensor *ahead, size_t at, const na_update *k,           \
                                  unsigned on, size_t i, int vectors, size_t lanes)                                    \
    {                                                                                                                  \
        na_elements elements, *e = &elements;                                                                          \
        NA_LOAD(g);                                                                                                    \
        na_load_elements(t, on, e, i, vectors, lanes);                                                                 \
        if (ahead != 0)                                                                                                \
            na_prefetch_elements(ahead, on, at, vectors);                                                              \
        na_gradient(k, on, e, vectors);                                                                                \
        DIRECTION(k, on, e, vectors);                                                                                  \
        na_move(k, on, e, vectors);                                                                                    \
        na_store_elements(t, on, e, i, vectors, lanes);                                                                \
    }                                                                                                                  \
    NA_INLINE void family##_replay_block(const na_tensor *t, const na_tensor *ahead, size_t at, const na_scalars *row, \
                                         unsigned on, size_t i, int vectors, size_t lanes)                             \
    {                                                                                                                  \
        na_elements elements, *e = &elements;                                                                          \
        uint32_t step;                                                                                                 \
        (void)ahead;                                                                                                   \
        (void)at;                                                                                                      \
        na_load_elements(t, on, e, i, vectors, lanes);                                                                 \
        for (step = 0; step < t->steps; ++step) {                                                                      \
            const na_update k = na_broadcast(row + step);                                                              \
            const unsigned now = on | na_row_options(row + step);                                                      \
            NA_EACH(j, vectors, { e->g[j] = na_set(0.0f); });                                                          \
            na_gradient(&k, now, e, vectors);                                                                          \
            DIRECTION(&k, now, e, vectors);                                                                            \
            na_move(&k, now, e, vectors);                                                                              \
        }                                                                                                              \
        na_store_elements(t, on, e, i, vectors, lanes);                                                                \
    }                                                                                                                  \
    NA_PACKED_SWEEP(family##_replay)                                                                                   \
    {                                                                                                                  \
        na_tiles tiles;                                                                                                \
        on = na_begin_tiles(&tiles, t, op, on, begin, end, scratch) & (MAX);                                           \
        na_stage(&tiles, op, on, 0);                                                                                   \
        NA_TILE_SWEEP(family##_replay_block, &tiles, row, on)                                                          \
    }                                                                                                                  \
    static void family##_replay(const na_tensor *t, const na_tensor *next, const na_scalars *row, unsigned on,         \
                                size_t begin, size_t end)                                                              \
    {                                                                                                                  \
        (void)next;                                                                                                    \
        on &= (MAX);                                                                                                   \
        NA_SWEEP(family##_replay_block, m, t, (const na_tensor *)0, row, on, begin, end);                              \
    }

/* What a loop asks for once a block, so that not every combination needs a loop of its own: the library stays small. */
#define NA_ASKED (NA_ON_DECAY | NA_ON_ZERO_GRAD)

/*
 * The loop of one combination of options, with and without what is asked, and only those of the scalars that it needs.
 * A function of its own: in one function for all, compilers prepare what any of the loops needs before the choice.
 */
#define NA_UPDATE_LOOP(family, name, options)                                                                          \
    NA_APART void family##_##name(const na_tensor *t, const na_tensor *next, const na_scalars *row, unsigned on,       \
                                  size_t begin, size_t end)                                                            \
    {                                                                                                                  \
        const na_update k = na_broadcast(row);                                                                         \
        (void)on;                                                                                                      \
        NA_SWEEP(family##_block, m, t, next, &k, (options), begin, end);                                               \
    }

#define NA_USUAL_LOOP(family, name, options) NA_UPDATE_LOOP(family, name, (options) | (on & NA_ASKED))

#define NA_USUAL_CASE(family, name, options)                                                                           \
    case (options):                                                                                                    \
        family##_##name(t, next, row, on, begin, end);                                                                 \
        break;
