/* w = g */
NA_INLINE void copy_block(const na_tensor *t, const na_tensor *ahead, size_t at, const void *k, unsigned on, size_t i,
                          int vectors, size_t lanes)
{
    na_f32 g[4];
    (void)k;
    (void)on;
    NA_EACH(j, vectors, { g[j] = na_load_f32(t->g + i + j * NA_LANES, lanes); });
    if (ahead != 0)
        na_prefetch_block(ahead->g, at, vectors);
    NA_EACH(j, vectors, { na_store_f32(t->w + i + j * NA_LANES, g[j], lanes); });
}

static void copy(const na_tensor *t, const na_tensor *next, const na_scalars *row, unsigned on, size_t begin,
                 size_t end)
{
    (void)row;
    NA_SWEEP(copy_block, w, t, next, (const void *)0, on, begin, end);
}

NA_PACKED_SWEEP(copy)
{
    (void)row;
    na_tiles tiles;
    on = na_begin_tiles(&tiles, t, op, on, begin, end, scratch);
    na_stage(&tiles, op, on, 0);
    NA_TILE_SWEEP(copy_block, &tiles, (const void *)0, on)
}
