/*
 * Steps of tensors whose moments both are companded to 8 bits, block by block: their codes to floats in scratch memory,
 * the step, and its moments to codes. Each is a loop of its own, since processors look ahead over a few dozen
 * instructions only, and wait for a division where the way to the next one is longer. The root that a step takes of v
 * is also that of v's code.
 */

/* r: the roots of v. */
typedef struct {
    float m[NA_BLOCK], v[NA_BLOCK], r[NA_BLOCK];
} na_block;

/* Whether a tensor is so, and what a step moves beside the moments is floats or cells. */
static int na_is_companded(const na_packing *p)
{
    const na_packed *const others[] = {&p->w, &p->g, &p->copy};
    int i;
    for (i = 0; i < 3; ++i)
        if (others[i]->data != 0 && !na_has_cells(others[i]))
            return 0;
    return p->m.data != 0 && p->m.format == NA_SOFTSIGN8 && p->v.data != 0 && p->v.format == NA_SQRT8;
}

/* Whether m need not be halved for its codes: no sum of two overflows, and half of what gets a code is normal. */
NA_INLINE int na_is_ordinary(float scale)
{
    return na_bits(scale) >= na_bits(0x1p-100f) && na_bits(scale) <= na_bits(0x1p126f);
}

/* The moments of the block from element `at` on from their codes. */
NA_INLINE void na_take_block(na_block *b, const na_packing *p, size_t at)
{
    const uint8_t *m = (const uint8_t *)p->m.data + at, *v = (const uint8_t *)p->v.data + at;
    const na_f32 m_scale = na_set(((const float *)p->m.beside)[at / NA_BLOCK]);
    const na_f32 v_scale = na_set(((const float *)p->v.beside)[at / NA_BLOCK]);
    size_t i;
    na_prefetch_codes(m);
    na_prefetch_codes(v);
    for (i = 0; i < NA_BLOCK; i += NA_LANES) {
        na_store_f32(b->m + i, na_from_softsign8(na_load_i8(m + i, NA_LANES), m_scale), NA_LANES);
        na_store_f32(b->v + i, na_from_sqrt8(na_load_u8(v + i, NA_LANES), v_scale), NA_LANES);
    }
}

/* Of two vectors, from element i of the block on. */
NA_INLINE void na_take_moments(const na_block *b, size_t i, na_elements *e)
{
    NA_EACH(j, 2, {
        e->m[j] = na_load_f32(b->m + i + j * NA_LANES, NA_LANES);
        e->v[j] = na_load_f32(b->v + i + j * NA_LANES, NA_LANES);
    });
}

NA_INLINE void na_give_moments(na_block *b, size_t i, const na_elements *e)
{
    NA_EACH(j, 2, {
        na_store_f32(b->m + i + j * NA_LANES, e->m[j], NA_LANES);
        na_store_f32(b->v + i + j * NA_LANES, e->v[j], NA_LANES);
        na_store_f32(b->r + i + j * NA_LANES, e->r[j], NA_LANES);
    });
}

/* What the codes of a block are made with, and found while those of the next are taken. */
typedef struct {
    float m, v;
    na_f32 factor;
} na_scales;

NA_INLINE na_scales na_scales_from(na_f32 m_largest, na_f32 v_largest)
{
    na_scales s = {na_scale_from(m_largest), na_scale_from(v_largest), v_largest};
    s.factor = na_sqrt8_factor(s.v);
    return s;
}

/* The codes of the block from element `at` on; v may be negative and without root. */
NA_INLINE void na_give_block(const na_block *b, const na_packing *p, size_t at, const na_scales *scales)
{
    const na_f32 scale = na_set(scales->m), factor = scales->factor;
    size_t i;
    if (NA_RARELY(!na_is_ordinary(scales->m) || !na_has_numbers(scales->v))) {
        pack_blocks(&p->m, b->m, at, NA_BLOCK);
        pack_blocks(&p->v, b->v, at, NA_BLOCK);
        return;
    }
    ((float *)p->m.beside)[at / NA_BLOCK] = scales->m;
    ((float *)p->v.beside)[at / NA_BLOCK] = scales->v;
    for (i = 0; i < NA_BLOCK; i += 2 * NA_LANES) {
        na_u32 m[2], v[2];
        NA_EACH(j, 2, {
            m[j] = na_to_softsign8(na_load_f32(b->m + i + j * NA_LANES, NA_LANES), scale);
            v[j] = na_to_sqrt8(na_load_f32(b->r + i + j * NA_LANES, NA_LANES), factor);
        });
        na_store_codes((uint8_t *)p->m.data + at + i, (uint8_t *)p->v.data + at + i, m[0], m[1], v[0], v[1]);
    }
}

/* What a step moves beside the moments. */
static na_tile_cells na_cells_beside(const na_packing *p, float *scratch)
{
    na_tile_cells cells = {0};
    if (p->w.data != 0)
        cells.w = na_cells_to(p, 0, 0, scratch);
    if (p->g.data != 0)
        cells.g = na_cells_from(&p->g, 0);
    if (p->copy.data != 0)
        cells.copy = na_cells_to(p, COPY, 0, scratch);
    return cells;
}

/* The formats beside them with a loop of its own. */
#define NA_USUAL_BESIDE(LOOP, family, usual)                                                                           \
    LOOP(family, usual, floats, 0)                                                                                     \
    LOOP(family, usual, split, NA_FORMATS(NA_BF16_REST16, NA_BF16, 0, 0, 0))                                           \
    LOOP(family, usual, small, NA_FORMATS(NA_BF16_REST8, NA_BF16, 0, 0, 0))

#define NA_COMPANDED_LOOP(family, usual, name, formats)                                                                \
    NA_APART void family##_companded_##name(const na_tile_cells *beside, const na_tensor *t, const na_update *k,       \
                                            unsigned on, size_t begin, size_t end, float *scratch)                     \
    {                                                                                                                  \
        family##_companded_loop(formats, beside, t, k, (usual) | (on & NA_ASKED), begin, end, scratch);                \
    }

#define NA_COMPANDED_CASE(family, usual, name, formats)                                                                \
    case formats:                                                                                                      \
        family##_companded_##name(&beside, t, k, on, begin, end, scratch);                                             \
        break;

/*
 * Over whole blocks from `begin` on; the rest is left. The codes of a block are taken while the scales of the last are
 * found.
 */
#define NA_COMPANDED_SWEEP(family, DIRECTION, usual)                                                                   \
    NA_INLINE void family##_companded_loop(unsigned formats, const na_tile_cells *beside, const na_tensor *t,          \
                                           const na_update *k, unsigned on, size_t begin, size_t end, float *scratch)  \
    {                                                                                                                  \
        const na_packing *p = t->packing;                                                                              \
        const na_tile_cells cells = na_cells_of(beside, formats);                                                      \
        const na_tensor tensor = *t; /* a copy that no store can change */                                             \
        na_block *b = (na_block *)(void *)scratch, *last = b + 1, *taken;                                              \
        na_scales scales;                                                                                              \
        na_draws draws;                                                                                                \
        const size_t stop = end - (end - begin) % NA_BLOCK;                                                            \
        size_t at, i;                                                                                                  \
        if (formats == NA_ANY_FORMATS)                                                                                 \
            na_find_draws(&draws, p, W, scratch);                                                                      \
        for (at = begin;; at += NA_BLOCK) {                                                                            \
            na_f32 m_largest = na_set(0.0f), v_largest = na_set(0.0f);                                                 \
            if (at < stop)                                                                                             \
                na_take_block(b, p, at);                                                                               \
            if (at > begin)                                                                                            \
                na_give_block(last, p, at - NA_BLOCK, &scales);                                                        \
            if (at == stop)                                                                                            \
                break;                                                                                                 \
            for (i = 0; i < NA_BLOCK; i += 2 * NA_LANES) {                                                             \
                na_elements elements, *e = &elements;                                                                  \
                if (formats == NA_ANY_FORMATS && draws.count > 0 && i % NA_DRAWN == 0)                                 \
                    draw(&draws, at + i);                                                                              \
                na_take_elements(&cells, &tensor, on, e, at + i);                                                      \
                na_take_moments(b, i, e);                                                                              \
                na_gradient(k, on, e, 2);                                                                              \
                DIRECTION(k, on, e, 2);                                                                                \
                na_move(k, on, e, 2);                                                                                  \
                na_settle_nans(&cells, e);                                                                             \
                na_give_elements(&cells, &tensor, on, e, at + i);                                                      \
                na_give_moments(b, i, e);                                                                              \
                NA_EACH(j, 2, { m_largest = na_max(m_largest, na_abs(e->m[j])); });                                    \
                NA_EACH(j, 2, { v_largest = na_max(v_largest, e->v[j]); });                                            \
            }                                                                                                          \
            scales = na_scales_from(m_largest, v_largest);                                                             \
            taken = last;                                                                                              \
            last = b;                                                                                                  \
            b = taken;                                                                                                 \
        }                                                                                                              \
    }                                                                                                                  \
    NA_USUAL_BESIDE(NA_COMPANDED_LOOP, family, usual)                                                                  \
    NA_COMPANDED_LOOP(family, usual, others, NA_ANY_FORMATS)                                                           \
    static void family##_companded(const na_tensor *t, const na_update *k, unsigned on, size_t begin, size_t end,      \
                                   float *scratch)                                                                     \
    {                                                                                                                  \
        const na_tile_cells beside = na_cells_beside(t->packing, scratch);                                             \
        switch (na_formats_of(&beside)) {                                                                              \
            NA_USUAL_BESIDE(NA_COMPANDED_CASE, family, usual)                                                          \
        default:                                                                                                       \
            family##_companded_others(&beside, t, k, on, begin, end, scratch);                                         \
        }                                                                                                              \
    }
