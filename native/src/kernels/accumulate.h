/* s = s + grad_scale * g */
NA_INLINE void accumulate_block(const na_tensor *t, const na_tensor *ahead, size_t at, const na_f32 *grad_scale,
                                unsigned on, size_t i, int vectors, size_t lanes)
{
    na_f32 s[4], g[4];
    NA_EACH(j, vectors, {
        s[j] = na_load_f32(t->s + i + j * NA_LANES, lanes);
        g[j] = na_load_f32(t->g + i + j * NA_LANES, lanes);
    });
    if (ahead != 0) {
        na_prefetch_block(ahead->s, at, vectors);
        na_prefetch_block(ahead->g, at, vectors);
    }
    NA_EACH(j, vectors, {
        if (on & NA_ON_SCALE)
            g[j] = na_mul(*grad_scale, g[j]);
        na_store_f32(t->s + i + j * NA_LANES, na_add(s[j], g[j]), lanes);
        if (on & NA_ON_ZERO_GRAD)
            na_store_f32(t->g + i + j * NA_LANES, na_set(0.0f), lanes);
    });
}

static void accumulate(const na_tensor *t, const na_tensor *next, const na_scalars *row, unsigned on, size_t begin,
                       size_t end)
{
    const na_f32 k = na_set(row->grad_scale);
    switch (on & (NA_ON_SCALE | NA_ON_ZERO_GRAD)) {
    case 0:
        NA_SWEEP(accumulate_block, s, t, next, &k, 0, begin, end);
        break;
    case NA_ON_ZERO_GRAD:
        NA_SWEEP(accumulate_block, s, t, next, &k, NA_ON_ZERO_GRAD, begin, end);
        break;
    default:
        NA_SWEEP(accumulate_block, s, t, next, &k, on, begin, end);
    }
}

NA_PACKED_SWEEP(accumulate)
{
    const na_f32 k = na_set(row->grad_scale);
    na_tiles tiles;
    on = na_begin_tiles(&tiles, t, op, on, begin, end, scratch);
    na_stage(&tiles, op, on, 0);
    NA_TILE_SWEEP(accumulate_block, &tiles, &k, on)
}
