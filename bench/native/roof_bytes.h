/* The roof of streams whose elements have any size: their bytes are read and written back, a tile of all after the
 * other. */

NA_INLINE void roof_tile(const roof_stream *s, size_t tile, int prefetch, na_u32 zero, na_u32 *sum)
{
    float *const p = (float *)s->p + tile * s->bytes / sizeof(float);
    const size_t count = s->bytes / sizeof(float), vectors = NA_LANES == 1 ? 1 : 2;
    size_t i;
    for (i = 0; i < count; i += vectors * NA_LANES) {
        na_u32 x[2];
        if (prefetch && vectors > 1)
            na_prefetch_block(p, i + ROOF_TILE, 2);
        NA_EACH(j, vectors, { x[j] = s->reads ? na_bits_of(na_load_f32(p + i + j * NA_LANES, NA_LANES)) : zero; });
        if (s->writes)
            NA_EACH(j, vectors, { na_store_f32(p + i + j * NA_LANES, na_float_of(na_add_u32(x[j], zero)), NA_LANES); });
        else
            NA_EACH(j, vectors, { sum[j] = na_add_u32(sum[j], x[j]); });
    }
}

static void bytes(const roof_stream *streams, int count, int prefetch, size_t begin, size_t end)
{
    static volatile const uint32_t nothing = 0;
    const na_u32 zero = na_set_u32(nothing);
    na_u32 sum[2] = {zero, zero};
    float lanes[NA_LANES];
    size_t tile;
    int n;
    for (tile = begin / ROOF_TILE; tile < end / ROOF_TILE; ++tile)
        for (n = 0; n < count; ++n)
            roof_tile(&streams[n], tile, prefetch, zero, sum);
    na_store_f32(lanes, na_float_of(na_add_u32(sum[0], sum[1])), NA_LANES);
    roof_sink = lanes[0];
}
