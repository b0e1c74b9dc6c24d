/* Packed streams from and to floats, whatever their format. */

/* The cells of elements from `at` on, rounded to nearest. */
static na_cells na_cells_from(const na_packed *p, size_t at)
{
    na_cells cells = {(uint16_t *)p->data + at, p->beside, p->format == NA_BF16_RANDOM ? NA_BF16 : p->format, 0};
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

/* Rounded at random, block by block. */
static void pack_at_random(const na_packed *p, const float *floats, size_t begin, size_t count, const na_packing *key,
                           int stream)
{
    uint16_t numbers[NA_BLOCK];
    na_draws draws;
    size_t done, n, i;
    na_begin_draws(&draws, key);
    na_add_draw(&draws, stream, numbers);
    for (done = 0; done < count; done += n) {
        const size_t at = begin + done, first = at % NA_BLOCK;
        na_cells cells = na_cells_from(p, at);
        n = count - done < NA_BLOCK - first ? count - done : NA_BLOCK - first;
        for (i = 0; i < NA_BLOCK; i += NA_DRAWN)
            draw(&draws, at - first + i);
        cells.format = NA_BF16_RANDOM;
        cells.random = numbers + first;
        pack_cells(&cells, floats + done, n);
    }
}

NA_APART void pack(const na_packed *p, const float *floats, size_t begin, size_t count, const na_packing *key,
                   int stream)
{
    const na_cells cells = na_cells_from(p, begin);
    if (p->format >= NA_SOFTSIGN8)
        pack_blocks(p, floats, begin, count);
    else if (p->format == NA_BF16_RANDOM)
        pack_at_random(p, floats, begin, count, key, stream);
    else
        pack_cells(&cells, floats, count);
}
