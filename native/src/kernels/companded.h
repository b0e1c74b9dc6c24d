/*
 * Steps of tensors whose moments both are companded to 8 bits, block by block: from their codes to registers, and, when
 * the block's scales are known, back from scratch memory. The root that a step takes of v is also that of v's code.
 */

/* What a block's codes are made of; r: the roots of v. */
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

/* The block from element `at` on, whose magnitudes have these maxima in each lane; v may be negative and without root.
 */
static void na_pack_block(const na_block *b, const na_packing *p, size_t at, na_f32 m_largest, na_f32 v_largest)
{
    const float m_scale = na_scale_from(m_largest), v_scale = na_scale_from(v_largest);
    const na_f32 scale = na_set(m_scale), factor = na_sqrt8_factor(v_scale);
    size_t i;
    if (!na_is_ordinary(m_scale) || !na_has_numbers(v_scale)) {
        pack_blocks(&p->m, b->m, at, NA_BLOCK);
        pack_blocks(&p->v, b->v, at, NA_BLOCK);
        return;
    }
    ((float *)p->m.beside)[at / NA_BLOCK] = m_scale;
    ((float *)p->v.beside)[at / NA_BLOCK] = v_scale;
    for (i = 0; i < NA_BLOCK; i += 2 * NA_LANES) {
        na_u32 m[2], v[2];
        NA_EACH(j, 2, {
            m[j] = na_to_softsign8(na_load_f32(b->m + i + j * NA_LANES, NA_LANES), scale);
            v[j] = na_to_sqrt8(na_load_f32(b->r + i + j * NA_LANES, NA_LANES), factor);
        });
        na_store_codes((uint8_t *)p->m.data + at + i, (uint8_t *)p->v.data + at + i, m[0], m[1], v[0], v[1]);
    }
}

/* The moments of two vectors from their codes. */
NA_INLINE void na_take_codes(const uint8_t *m, const uint8_t *v, na_f32 m_scale, na_f32 v_scale, na_elements *e)
{
    NA_EACH(j, 2, {
        e->m[j] = na_from_softsign8(na_load_i8(m + j * NA_LANES, NA_LANES), m_scale);
        e->v[j] = na_from_sqrt8(na_load_u8(v + j * NA_LANES, NA_LANES), v_scale);
    });
}

/* The moments of two vectors to element i of the block. */
NA_INLINE void na_give_moments(na_block *b, size_t i, const na_elements *e)
{
    NA_EACH(j, 2, {
        na_store_f32(b->m + i + j * NA_LANES, e->m[j], NA_LANES);
        na_store_f32(b->v + i + j * NA_LANES, e->v[j], NA_LANES);
        na_store_f32(b->r + i + j * NA_LANES, e->r[j], NA_LANES);
    });
}

/* What a step moves beside the moments, as cells from element `at` on. */
static na_tile_cells na_cells_beside(const na_packing *p, size_t at, float *scratch)
{
    na_tile_cells cells = {0};
    if (p->w.data != 0)
        cells.w = na_cells_to(p, 0, at, scratch);
    if (p->g.data != 0)
        cells.g = na_cells_from(&p->g, at);
    if (p->copy.data != 0)
        cells.copy = na_cells_to(p, COPY, at, scratch);
    return cells;
}

/* Over whole blocks from `begin` on; the rest is left. floats: w and g are, and so no loop asks for their formats. */
#define NA_COMPANDED_SWEEP(family, DIRECTION)                                                                          \
    NA_INLINE void family##_companded(int floats, const na_tensor *t, const na_update *k, unsigned on, size_t begin,   \
                                      size_t end, float *scratch)                                                      \
    {                                                                                                                  \
        static const na_tile_cells none;                                                                               \
        const na_packing *p = t->packing;                                                                              \
        na_block *b = (na_block *)(void *)scratch;                                                                     \
        na_draws draws;                                                                                                \
        size_t at, i;                                                                                                  \
        if (!floats)                                                                                                   \
            na_find_draws(&draws, p, W, scratch);                                                                      \
        for (at = begin; end - at >= NA_BLOCK; at += NA_BLOCK) {                                                       \
            const uint8_t *m = (const uint8_t *)p->m.data + at, *v = (const uint8_t *)p->v.data + at;                  \
            const na_f32 m_scale = na_set(((const float *)p->m.beside)[at / NA_BLOCK]);                                \
            const na_f32 v_scale = na_set(((const float *)p->v.beside)[at / NA_BLOCK]);                                \
            const na_tile_cells cells = floats ? none : na_cells_beside(p, at, scratch);                               \
            const na_tensor block = {.w = t->w != 0 ? t->w + at : 0, .g = t->g != 0 ? t->g + at : 0};                  \
            na_f32 m_largest = na_set(0.0f), v_largest = na_set(0.0f);                                                 \
            na_prefetch_codes(m);                                                                                      \
            na_prefetch_codes(v);                                                                                      \
            for (i = 0; i < NA_BLOCK; i += 2 * NA_LANES) {                                                             \
                na_elements elements, *e = &elements;                                                                  \
                if (!floats && i % NA_DRAWN == 0)                                                                      \
                    na_draw(&draws, at + i);                                                                           \
                na_take_elements(&cells, &block, on, e, i);                                                            \
                na_take_codes(m + i, v + i, m_scale, v_scale, e);                                                      \
                na_gradient(k, on, e, 2);                                                                              \
                DIRECTION(k, on, e, 2);                                                                                \
                na_move(k, on, e, 2);                                                                                  \
                na_give_elements(&cells, &block, on, e, i);                                                            \
                na_give_moments(b, i, e);                                                                              \
                NA_EACH(j, 2, { m_largest = na_max(m_largest, na_abs(e->m[j])); });                                    \
                NA_EACH(j, 2, { v_largest = na_max(v_largest, e->v[j]); });                                            \
            }                                                                                                          \
            na_pack_block(b, p, at, m_largest, v_largest);                                                             \
        }                                                                                                              \
    }                                                                                                                  \
    NA_APART void family##_companded_floats(const na_tensor *t, const na_update *k, unsigned on, size_t begin,         \
                                            size_t end, float *scratch)                                                \
    {                                                                                                                  \
        family##_companded(1, t, k, on, begin, end, scratch);                                                          \
    }                                                                                                                  \
    NA_APART void family##_companded_cells(const na_tensor *t, const na_update *k, unsigned on, size_t begin,          \
                                           size_t end, float *scratch)                                                 \
    {                                                                                                                  \
        family##_companded(0, t, k, on, begin, end, scratch);                                                          \
    }
