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
        na_give_pair(&cells->copy, 0, i, e->w);
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
 * Over tiles. One combination of options has a loop of pairs of its own, which may be cells, and one for where none is;
 * the others, and what is left of a tile, are staged.
 */
#define NA_UPDATE_TILES(family, DIRECTION, not_its, usual)                                                             \
    NA_INLINE void family##_pair(const na_tile_cells *cells, const na_tensor *t, const na_update *k, unsigned on,      \
                                 size_t i)                                                                             \
    {                                                                                                                  \
        na_elements elements, *e = &elements;                                                                          \
        na_take_elements(cells, t, on, e, i);                                                                          \
        na_take_pair(&cells->m, t->m, i, e->m);                                                                        \
        na_take_pair(&cells->v, t->v, i, e->v);                                                                        \
        na_gradient(k, on, e, 2);                                                                                      \
        DIRECTION(k, on, e, 2);                                                                                        \
        na_move(k, on, e, 2);                                                                                          \
        na_give_pair(&cells->m, t->m, i, e->m);                                                                        \
        na_give_pair(&cells->v, t->v, i, e->v);                                                                        \
        na_give_elements(cells, t, on, e, i);                                                                          \
    }                                                                                                                  \
    NA_INLINE size_t family##_tile(int drawn, const na_tiles *tiles, const na_update *update, unsigned on)             \
    {                                                                                                                  \
        const na_tensor tile = tiles->tile; /* copies that no store can change */                                      \
        const na_tile_cells cells = tiles->cells;                                                                      \
        const na_draws draws = tiles->draws;                                                                           \
        const na_update k = *update;                                                                                   \
        const size_t at = tiles->at, count = tiles->count;                                                             \
        size_t i;                                                                                                      \
        for (i = 0; count - i >= 2 * NA_LANES; i += 2 * NA_LANES) {                                                    \
            if (drawn && i % NA_DRAWN == 0)                                                                            \
                na_draw(&draws, at + i);                                                                               \
            family##_pair(&cells, &tile, &k, on, i);                                                                   \
        }                                                                                                              \
        return i;                                                                                                      \
    }                                                                                                                  \
    NA_APART size_t family##_pairs(const na_tiles *tiles, const na_update *k, unsigned on)                             \
    {                                                                                                                  \
        return family##_tile(0, tiles, k, on);                                                                         \
    }                                                                                                                  \
    NA_APART size_t family##_drawn(const na_tiles *tiles, const na_update *k, unsigned on)                             \
    {                                                                                                                  \
        return family##_tile(1, tiles, k, on);                                                                         \
    }                                                                                                                  \
    NA_COMPANDED_SWEEP(family, DIRECTION)                                                                              \
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
            const int floats = t->w != 0 && t->g != 0 && t->packing->copy.data == 0;                                   \
            (floats ? family##_companded_floats : family##_companded_cells)(t, &k, (usual) | (on & NA_ASKED), begin,   \
                                                                            end, scratch);                             \
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
            else if (direct && tiles.draws.count > 0)                                                                  \
                i = tiles.at % NA_BLOCK == 0 ? family##_drawn(&tiles, &k, (usual) | (on & NA_ASKED)) : 0;              \
            else if (direct)                                                                                           \
                i = family##_pairs(&tiles, &k, (usual) | (on & NA_ASKED));                                             \
            if (i < tiles.count)                                                                                       \
                family##_rest(&tiles, &k, on, i);                                                                      \
        }                                                                                                              \
    }
