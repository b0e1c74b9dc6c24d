/* a = a + ema * (w - a) */
NA_INLINE void ema_block(const na_tensor *t, const na_tensor *ahead, size_t at, const na_f32 *c, unsigned on, size_t i,
                         int vectors, size_t lanes)
{
    na_f32 w[4], a[4];
    (void)on;
    NA_EACH(j, vectors, {
        w[j] = na_load_f32(t->w + i + j * NA_LANES, lanes);
        a[j] = na_load_f32(t->a + i + j * NA_LANES, lanes);
    });
    if (ahead != 0) {
        na_prefetch_block(ahead->w, at, vectors);
        na_prefetch_block(ahead->a, at, vectors);
    }
    NA_EACH(j, vectors, { na_store_f32(t->a + i + j * NA_LANES, na_toward(a[j], *c, w[j]), lanes); });
}

static void ema(const na_tensor *t, const na_tensor *next, const na_scalars *row, unsigned on, size_t begin, size_t end)
{
    const na_f32 c = na_set(row->ema);
    NA_SWEEP(ema_block, a, t, next, &c, on, begin, end);
}

NA_PACKED_SWEEP(ema)
{
    const na_f32 c = na_set(row->ema);
    na_tiles tiles;
    on = na_begin_tiles(&tiles, t, op, on, begin, end, scratch);
    na_stage(&tiles, op, on, 0);
    NA_TILE_SWEEP(ema_block, &tiles, &c, on)
}
