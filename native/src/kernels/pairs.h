/* Steps of tensors with packed streams: two vectors at a time from their cells to registers and back. */

/* na_load_elements and the gradient, of two vectors that may be cells; all but the moments. */
NA_INLINE void na_take_elements(const na_tile_cells *cells, const na_tensor *t, unsigned on, na_elements *e, size_t i)
{
    enum { vectors = 2, lanes = NA_LANES };
    na_take_pair(&cells->g, t->g, i, e->g);
    na_take_pair(&cells->w, t->w, i, e->w);
    if (cells->copy.format != 0)
        na_prefetch_cells(cells->copy.data, sizeof(uint16_t), i);
    NA_LOAD_WHERE(NA_ON_MAX, x);
    NA_LOAD_WHERE(NA_ON_EMA, a);
    NA_LOAD_WHERE(NA_ON_SUM, s);
}

/*
 * What is stored of two vectors after their step; d becomes what the copy gets. What makes a moment NaN makes the
 * weight NaN, and so that one is asked for all. Floats keep the NaN that they are.
 */
NA_INLINE void na_settle_nans(const na_tile_cells *cells, na_elements *e)
{
    NA_EACH(j, 2, { e->d[j] = e->w[j]; });
    if (!NA_RARELY(na_either_nan(e->w[0], e->w[1])))
        return;
    na_unify_nans(e->d);
    if (cells->w.format != 0)
        na_unify_nans(e->w);
    if (cells->m.format != 0)
        na_unify_nans(e->m);
    if (cells->v.format != 0)
        na_unify_nans(e->v);
}

NA_INLINE void na_give_elements(const na_tile_cells *cells, const na_tensor *t, unsigned on, const na_elements *e,
                                size_t i)
{
    enum { vectors = 2, lanes = NA_LANES };
    const na_f32 zero = na_set(0.0f), zeros[2] = {zero, zero};
    if (on & NA_ON_DELTA)
        NA_STORE(d, e->w[j]);
    else
        na_give_pair(&cells->w, t->w, i, e->w);
    if (cells->copy.format != 0)
        na_give_pair(&cells->copy, 0, i, e->d);
    if (on & NA_ON_MAX)
        NA_STORE(x, e->x[j]);
    if ((on & NA_ON_EMA) && !(on & NA_ON_DELTA))
        NA_STORE(a, e->a[j]);
    if (on & NA_ON_SUM)
        NA_STORE(s, zero);
    if (on & NA_ON_ZERO_GRAD)
        na_give_pair(&cells->g, t->g, i, zeros);
}

/*
 * Formats with a loop of their own, a seventh faster than the one for all, which asks for each with every pair. drawn:
 * one of them is rounded at random, and its numbers are drawn in the two pairs before, five rounds in each.
 */
_Static_assert(NA_LANES == 1 || NA_DRAWN == 2 * 2 * NA_LANES, "numbers are drawn for two pairs of vectors");
_Static_assert(NA_RANDOM_ROUNDS == 2 * 5, "each pair draws five rounds");

#define NA_USUAL_FORMATS(LOOP, family, usual)                                                                          \
    LOOP(family, usual, gradient, 0, NA_FORMATS(0, NA_BF16, 0, 0, 0))                                                  \
    LOOP(family, usual, first, 0, NA_FORMATS(0, 0, NA_BF16, 0, 0))                                                     \
    LOOP(family, usual, moments, 0, NA_FORMATS(0, 0, NA_BF16, NA_BF16, 0))                                             \
    LOOP(family, usual, bf16_copy, 0, NA_FORMATS(0, NA_BF16, 0, 0, NA_BF16))                                           \
    LOOP(family, usual, f16_copy, 0, NA_FORMATS(0, NA_F16, 0, 0, NA_F16))                                              \
    LOOP(family, usual, rest16, 0, NA_FORMATS(NA_BF16_REST16, NA_BF16, 0, 0, 0))                                       \
    LOOP(family, usual, rest8, 0, NA_FORMATS(NA_BF16_REST8, NA_BF16, 0, 0, 0))                                         \
    LOOP(family, usual, halves, 0, NA_FORMATS(NA_BF16_REST16, NA_BF16, NA_BF16, NA_BF16, 0))                           \
    LOOP(family, usual, random_v, 1, NA_FORMATS(0, 0, NA_BF16, NA_BF16_RANDOM, 0))                                     \
    LOOP(family, usual, random_w, 1, NA_FORMATS(NA_BF16_RANDOM, NA_BF16, 0, 0, 0))                                     \
    LOOP(family, usual, random_v_rest16, 1, NA_FORMATS(NA_BF16_REST16, NA_BF16, NA_BF16, NA_BF16_RANDOM, 0))           \
    LOOP(family, usual, random_v_rest8, 1, NA_FORMATS(NA_BF16_REST8, NA_BF16, NA_BF16, NA_BF16_RANDOM, 0))

#define NA_FORMATS_LOOP(family, usual, name, drawn, formats)                                                           \
    NA_APART size_t family##_##name(const na_tiles *tiles, const na_update *k, unsigned on)                            \
    {                                                                                                                  \
        return family##_tile(formats, drawn, tiles, k, (usual) | (on & NA_ASKED));                                     \
    }

#define NA_FORMATS_CASE(family, usual, name, drawn, formats)                                                           \
    case formats:                                                                                                      \
        return family##_##name(tiles, k, on);

/*
 * Over tiles. One combination of options has loops of pairs of its own, which may be cells, and one for where none is;
 * the others, and what is left of a tile, are staged.
 */
#define NA_UPDATE_TILES(family, DIRECTION, not_its, usual)                                                             \
    NA_INLINE void family##_pair(const na_tile_cells *cells, const na_tensor *t, const na_update *k, unsigned on,      \
                                 size_t i, const na_draws *draws, na_rounds *rounds)                                   \
    {                                                                                                                  \
        na_elements elements, *e = &elements;                                                                          \
        na_take_elements(cells, t, on, e, i);                                                                          \
        na_next_round(draws, rounds);                                                                                  \
        na_take_pair(&cells->m, t->m, i, e->m);                                                                        \
        na_take_pair(&cells->v, t->v, i, e->v);                                                                        \
        na_gradient(k, on, e, 2);                                                                                      \
        na_next_round(draws, rounds);                                                                                  \
        DIRECTION(k, on, e, 2);                                                                                        \
        na_next_round(draws, rounds);                                                                                  \
        na_move(k, on, e, 2);                                                                                          \
        na_settle_nans(cells, e);                                                                                      \
        na_give_pair(&cells->m, t->m, i, e->m);                                                                        \
        na_next_round(draws, rounds);                                                                                  \
        na_give_pair(&cells->v, t->v, i, e->v);                                                                        \
        na_next_round(draws, rounds);                                                                                  \
        na_give_elements(cells, t, on, e, i);                                                                          \
    }                                                                                                                  \
    NA_INLINE size_t family##_tile(unsigned formats, int drawn, const na_tiles *tiles, const na_update *update,        \
                                   unsigned on)                                                                        \
    {                                                                                                                  \
        const na_tensor tile = tiles->tile; /* copies that no store can change */                                      \
        const na_tile_cells cells = na_cells_of(&tiles->cells, formats);                                               \
        const na_draws draws = tiles->draws;                                                                           \
        const na_update k = *update;                                                                                   \
        const size_t at = tiles->at, count = tiles->count;                                                             \
        size_t i = 0;                                                                                                  \
        if (drawn)                                                                                                     \
            draw(&draws, at);                                                                                          \
        for (; drawn && count - i >= NA_DRAWN; i += NA_DRAWN) {                                                        \
            na_rounds rounds = {.at = at + i + NA_DRAWN};                                                              \
            family##_pair(&cells, &tile, &k, on, i, &draws, &rounds);                                                  \
            family##_pair(&cells, &tile, &k, on, i + 2 * NA_LANES, &draws, &rounds);                                   \
        }                                                                                                              \
        for (; !drawn && count - i >= 2 * NA_LANES; i += 2 * NA_LANES) {                                               \
            if (formats == NA_ANY_FORMATS && draws.count > 0 && i % NA_DRAWN == 0)                                     \
                draw(&draws, at + i);                                                                                  \
            family##_pair(&cells, &tile, &k, on, i, &draws, 0);                                                        \
        }                                                                                                              \
        return i;                                                                                                      \
    }                                                                                                                  \
    NA_USUAL_FORMATS(NA_FORMATS_LOOP, family, usual)                                                                   \
    NA_FORMATS_LOOP(family, usual, others, 0, NA_ANY_FORMATS)                                                          \
    static size_t family##_pairs(const na_tiles *tiles, const na_update *k, unsigned on)                               \
    {                                                                                                                  \
        if (tiles->draws.count > 0 && tiles->at % NA_BLOCK != 0)                                                       \
            return 0;                                                                                                  \
        switch (na_formats_of(&tiles->cells)) {                                                                        \
            NA_USUAL_FORMATS(NA_FORMATS_CASE, family, usual)                                                           \
        default:                                                                                                       \
            return family##_others(tiles, k, on);                                                                      \
        }                                                                                                              \
    }                                                                                                                  \
    NA_COMPANDED_SWEEP(family, DIRECTION, usual)                                                                       \
    static void family##_rest(const na_tiles *tiles, const na_update *k, unsigned on, size_t i)                        \
    {                                                                                                                  \
        const na_tensor tile = tiles->tile;                                                                            \
        const size_t count = tiles->count, from = i;                                                                   \
        na_unpack_list(tiles, &tiles->direct_reads, from, count - from);                                               \
        NA_TILE_LOOP(family##_block, &tile, k, on, i, count);                                                          \
        na_pack_list(tiles, &tiles->direct_stores, from, count - from);                                                \
    }                                                                                                                  \
    NA_PACKED_SWEEP(family)                                                                                            \
    {                                                                                                                  \
        const na_update k = na_broadcast(row);                                                                         \
        na_tiles tiles;                                                                                                \
        int direct;                                                                                                    \
        on = na_begin_tiles(&tiles, t, op, on, begin, end, scratch) & ~(unsigned)(not_its);                            \
        direct = NA_LANES > 1 && ((on | (usual)) & ~(unsigned)NA_ASKED) == (usual);                                    \
        if (direct && na_is_companded(t->packing)) {                                                                   \
            family##_companded(t, &k, on, begin, end, scratch);                                                        \
            begin = end - (end - begin) % NA_BLOCK;                                                                    \
            if (begin == end)                                                                                          \
                return;                                                                                                \
            tiles.at = begin;                                                                                          \
        }                                                                                                              \
        na_stage(&tiles, op, on, direct ? W | G | M | V : 0);                                                          \
        while (na_next_tile(&tiles)) {                                                                                 \
            const na_tensor tile = tiles.tile; /* copies that no store can change */                                   \
            size_t i = 0;                                                                                              \
            if (direct && tiles.direct_reads.count + tiles.direct_stores.count == 0)                                   \
                for (; tiles.count - i >= 2 * NA_LANES; i += 2 * NA_LANES)                                             \
                    family##_block(&tile, &tile, i + NA_AHEAD, &k, (usual) | (on & NA_ASKED), i, 2, NA_LANES);         \
            else if (direct)                                                                                           \
                i = family##_pairs(&tiles, &k, on);                                                                    \
            if (i < tiles.count)                                                                                       \
                family##_rest(&tiles, &k, on, i);                                                                      \
        }                                                                                                              \
    }
