/* Packed streams from and to floats, whatever their format. */

/* The cells of elements from `at` on. */
static na_cells na_cells_from(const na_packed *p, size_t at)
{
    na_cells cells = {(uint16_t *)p->data + at, p->beside, p->format == NA_BF16_RANDOM ? NA_BF16 : p->format};
    if (p->format == NA_BF16_REST16)
        cells.rest = (uint16_t *)p->beside + at;
    if (p->format == NA_BF16_REST8)
        cells.rest = (uint8_t *)p->beside + at;
    return cells;
}

NA_APART void unpack(const na_packed *p, float *floats, size_t begin, size_t count)
{
    const na_cells cells = na_cells_from(p, begin);
    if (p->format >= NA_SOFTSIGN8)
        unpack_blocks(p, floats, begin, count);
    else
        unpack_cells(&cells, floats, count);
}

NA_APART void pack(const na_packed *p, const float *floats, size_t begin, size_t count, const na_packing *key,
                   int stream)
{
    const na_cells cells = na_cells_from(p, begin);
    if (p->format >= NA_SOFTSIGN8)
        pack_blocks(p, floats, begin, count);
    else if (p->format == NA_BF16_RANDOM)
        pack_bf16_at_random(p, floats, begin, count, key, stream);
    else
        pack_cells(&cells, floats, count);
}
