/*
 * Tensors with packed streams, in tiles that stay in the first cache: what an op reads is unpacked, the op's block runs
 * over floats as it always does, and what it stored is packed.
 */

/* A packed stream, and where its floats are while a tile is at hand. */
typedef struct {
    const na_packed *packed;
    float *floats;
    int stream;
} na_unpacked;

typedef struct {
    na_unpacked streams[STREAMS + 1];
    int count;
} na_list;

/* Where the cells of a tile are; format 0 where there are none. */
typedef struct {
    na_cells w, g, m, v, copy;
} na_tile_cells;

/*
 * The tile at hand is elements at to at + count - 1 of t. Staged streams are unpacked before its op and packed after
 * it. Others go from their cells into registers and back, in the shadow of the divisions.
 */
typedef struct {
    const na_tensor *t;
    na_tensor tile;
    size_t at, count, end;
    na_list reads, stores; /* staged */
    na_list direct_reads,
        direct_stores; /* staged all the same at the end of a tile, where no pair of vectors is left */
    na_tile_cells cells;
    int used;
    na_draws draws;
    float *scratch;
} na_tiles;

/* The streams of the tensor from the tile on: floats where they are, packed ones in scratch. */
static na_tensor na_tile_of(const na_tiles *tiles)
{
    const na_tensor *t = tiles->t;
    float *scratch = tiles->scratch;
    na_tensor tile = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
#define NA_STREAM_OF_TILE(bit, name)                                                                                   \
    if (tiles->used & (bit))                                                                                           \
        tile.name = t->packing->name.data != 0 ? scratch : t->name != 0 ? t->name + tiles->at : 0;                     \
    scratch += NA_TILE_ROW;
    NA_STREAM_OF_TILE(W, w)
    NA_STREAM_OF_TILE(G, g)
    NA_STREAM_OF_TILE(M, m)
    NA_STREAM_OF_TILE(V, v)
    NA_STREAM_OF_TILE(X, x)
    NA_STREAM_OF_TILE(A, a)
    NA_STREAM_OF_TILE(S, s)
    NA_STREAM_OF_TILE(D, d)
#undef NA_STREAM_OF_TILE
    tile.steps = t->steps;
    return tile;
}

/* The formats of a tile's cells in one number. */
#define NA_FORMATS(w, g, m, v, copy)                                                                                   \
    ((unsigned)(w) | (unsigned)(g) << 4 | (unsigned)(m) << 8 | (unsigned)(v) << 12 | (unsigned)(copy) << 16)

static unsigned na_formats_of(const na_tile_cells *c)
{
    return NA_FORMATS(c->w.format, c->g.format, c->m.format, c->v.format, c->copy.format);
}

/* Formats that the compiler does not know. */
#define NA_ANY_FORMATS (~0u)

/* The same cells with formats that it knows. */
NA_INLINE na_tile_cells na_cells_of(const na_tile_cells *cells, unsigned formats)
{
    na_tile_cells c = *cells;
    if (formats != NA_ANY_FORMATS) {
        c.w.format = formats & 15;
        c.g.format = formats >> 4 & 15;
        c.m.format = formats >> 8 & 15;
        c.v.format = formats >> 12 & 15;
        c.copy.format = formats >> 16 & 15;
    }
    return c;
}

static int na_has_cells(const na_packed *packed)
{
    return packed->data != 0 && packed->format < NA_SOFTSIGN8;
}

static void na_list_add(na_list *list, const na_packed *packed, float *floats, int stream)
{
    const na_unpacked unpacked = {packed, floats, stream};
    list->streams[list->count++] = unpacked;
}

/* direct: the streams that are not staged if they have cells. */
static void na_list_streams(na_tiles *tiles, na_list *staged, na_list *others, int streams, int direct)
{
    int i;
    staged->count = others->count = 0;
    for (i = 0; i < STREAMS; ++i) {
        const na_packed *packed = &tiles->t->packing->w + i;
        if ((streams & 1 << i) && packed->data != 0)
            na_list_add((direct & 1 << i) && na_has_cells(packed) ? others : staged, packed,
                        tiles->scratch + i * NA_TILE_ROW, i);
    }
}

/* What a call with these options stores. */
static int na_stored(const na_op *op, unsigned on)
{
    int stored = op->writes;
    if (stored & D)
        stored &= on & NA_ON_DELTA ? ~(W | A) : ~D;
    return on & NA_ON_ZERO_GRAD ? stored : stored & ~G;
}

/* Answers with the options of the call, those of the tensor's streams among them. */
static unsigned na_begin_tiles(na_tiles *tiles, const na_tensor *t, const na_op *op, unsigned on, size_t begin,
                               size_t end, float *scratch)
{
    tiles->t = t;
    tiles->scratch = scratch;
    tiles->used = op->needs | op->uses;
    tiles->at = begin;
    tiles->count = 0;
    tiles->end = end;
    tiles->tile = na_tile_of(tiles);
    return on | na_stream_options(&tiles->tile);
}

static uint16_t *na_numbers_of(float *scratch, int stream)
{
    return (uint16_t *)(void *)(scratch + STREAMS * NA_TILE_ROW) + stream * NA_BLOCK;
}

/* The streams among w, m, v and the copy that are rounded at random. */
static void na_find_draws(na_draws *d, const na_packing *packing, int stored, float *scratch)
{
    static const int streams[] = {0, 2, 3, COPY};
    int n;
    d->count = 0;
    for (n = 0; n < 4; ++n) {
        const int i = streams[n];
        const na_packed *p = &packing->w + i;
        if ((stored & (i == COPY ? W : 1 << i)) == 0 || p->data == 0 || p->format != NA_BF16_RANDOM)
            continue;
        if (d->count == 0)
            na_begin_draws(d, packing);
        na_add_draw(d, i, na_numbers_of(scratch, i));
    }
}

/* direct: the streams that the op takes from their cells itself. */
static void na_stage(na_tiles *tiles, const na_op *op, unsigned on, int direct)
{
    const na_packed *copy = &tiles->t->packing->copy;
    const int stored = na_stored(op, on);
    na_list_streams(tiles, &tiles->reads, &tiles->direct_reads, op->reads, direct);
    na_list_streams(tiles, &tiles->stores, &tiles->direct_stores, stored, direct);
    if ((stored & W) && copy->data != 0)
        na_list_add(direct ? &tiles->direct_stores : &tiles->stores, copy, 0, COPY);
    tiles->draws.count = 0;
    if (direct)
        na_find_draws(&tiles->draws, tiles->t->packing, stored, tiles->scratch);
}

/* Elements i to i + count - 1 of the tile. */
static void na_unpack_list(const na_tiles *tiles, const na_list *list, size_t i, size_t count)
{
    int n;
    for (n = 0; n < list->count; ++n)
        unpack(list->streams[n].packed, list->streams[n].floats + i, tiles->at + i, count);
}

static void na_pack_list(const na_tiles *tiles, const na_list *list, size_t i, size_t count)
{
    int n;
    for (n = 0; n < list->count; ++n) {
        const na_unpacked *s = &list->streams[n];
        const float *floats = s->stream == COPY ? tiles->tile.w : s->floats;
        pack(s->packed, floats + i, tiles->at + i, count, tiles->t->packing, s->stream);
    }
}

/* The cells of a stream that is stored, from element `at` on; scratch has the numbers of what is rounded at random. */
static na_cells na_cells_to(const na_packing *packing, int stream, size_t at, float *scratch)
{
    const na_packed *p = &packing->w + stream;
    na_cells cells = na_cells_from(p, at);
    if (p->format == NA_BF16_RANDOM) {
        cells.format = NA_BF16_RANDOM;
        cells.random = na_numbers_of(scratch, stream);
    }
    return cells;
}

/* Where the cells of the tile at hand are. */
static void na_find_cells(na_tiles *tiles)
{
    static const na_tile_cells none;
    na_tile_cells *const c = &tiles->cells;
    na_cells *const cells[] = {&c->w, &c->g, &c->m, &c->v, 0, 0, 0, 0, &c->copy};
    const na_list *const reads = &tiles->direct_reads, *const stores = &tiles->direct_stores;
    int n;
    *c = none;
    for (n = 0; n < reads->count; ++n)
        *cells[reads->streams[n].stream] = na_cells_from(reads->streams[n].packed, tiles->at);
    for (n = 0; n < stores->count; ++n)
        *cells[stores->streams[n].stream] =
            na_cells_to(tiles->t->packing, stores->streams[n].stream, tiles->at, tiles->scratch);
}

/*
 * Of so many elements those that loops take straight from their cells: pairs of vectors, two at a time where numbers
 * are drawn. What such a loop leaves of a tile is staged, and there is room for no more than a NA_TILE of it.
 */
static size_t na_whole(const na_tiles *tiles, size_t count)
{
    const size_t unit = tiles->draws.count > 0 ? NA_DRAWN : 2 * NA_LANES;
    return count / unit * unit;
}

/*
 * Packs what is staged of the tile at hand, if there is one, and unpacks that of the next. 0: there is none left. Where
 * nothing is staged, all that loops take whole is one tile: they would have to begin anew with each.
 */
static int na_next_tile(na_tiles *tiles)
{
    size_t left, first;
    if (tiles->count > 0)
        na_pack_list(tiles, &tiles->stores, 0, tiles->count);
    tiles->at += tiles->count;
    if (tiles->at == tiles->end)
        return 0;
    left = tiles->end - tiles->at;
    first = NA_TILE - tiles->at % NA_TILE;
    if (tiles->reads.count + tiles->stores.count > 0 || (tiles->draws.count > 0 && first < NA_TILE))
        tiles->count = left < first ? left : first;
    else
        tiles->count = na_whole(tiles, left) > 0 ? na_whole(tiles, left) : left;
    tiles->tile = na_tile_of(tiles);
    na_unpack_list(tiles, &tiles->reads, 0, tiles->count);
    na_find_cells(tiles);
    return 1;
}

/* BLOCK over elements i to count - 1 of a tile. */
#if NA_LANES == 1
#define NA_TILE_LOOP(BLOCK, tile, k, on, i, count)                                                                     \
    for (; i < (count); ++i)                                                                                           \
    BLOCK(tile, 0, 0, k, on, i, 1, 1)
#else
#define NA_TILE_LOOP(BLOCK, tile, k, on, i, count)                                                                     \
    do {                                                                                                               \
        NA_LOOP(BLOCK, 2, tile, 0, 0, k, on, i, count);                                                                \
        NA_LOOP(BLOCK, 1, tile, 0, 0, k, on, i, count);                                                                \
        if (i < (count))                                                                                               \
            BLOCK(tile, 0, 0, k, on, i, 1, (count)-i);                                                                 \
    } while (0)
#endif

/* BLOCK over all tiles, everything staged. */
#define NA_TILE_SWEEP(BLOCK, tiles, k, on)                                                                             \
    while (na_next_tile(tiles)) {                                                                                      \
        const na_tensor tile = (tiles)->tile;                                                                          \
        const size_t count = (tiles)->count;                                                                           \
        size_t i = 0;                                                                                                  \
        NA_TILE_LOOP(BLOCK, &tile, k, on, i, count);                                                                   \
    }

/* Over elements begin to end - 1 of a tensor with a packing. */
#define NA_PACKED_SWEEP(name)                                                                                          \
    static void name##_packed(const na_tensor *t, const na_op *op, const na_scalars *row, unsigned on, size_t begin,   \
                              size_t end, float *scratch)
