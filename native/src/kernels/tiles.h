/*
 * Tensors with packed streams, in tiles that stay in the first cache: what an op reads is unpacked, the op's block runs
 * over floats as it always does, and what it stored is packed.
 */

/* Where a stream of a tile is packed, and where its floats are meanwhile. */
typedef struct {
    const na_packed *packed;
    float *floats;
    int stream;
} na_unpacked;

/* The tile at hand is elements at to at + count - 1 of t. */
typedef struct {
    const na_tensor *t;
    na_tensor tile;
    size_t at, count, end;
    na_unpacked reads[STREAMS], stores[STREAMS];
    int read_count, store_count, copies, used;
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

static int na_listed(na_unpacked *list, const na_tiles *tiles, int streams)
{
    int i, count = 0;
    for (i = 0; i < STREAMS; ++i) {
        const na_packed *packed = &tiles->t->packing->w + i;
        if ((streams & 1 << i) && packed->data != 0) {
            const na_unpacked unpacked = {packed, tiles->scratch + i * NA_TILE_ROW, i};
            list[count++] = unpacked;
        }
    }
    return count;
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
    int stored;
    tiles->t = t;
    tiles->scratch = scratch;
    tiles->used = op->needs | op->uses;
    tiles->at = begin;
    tiles->count = 0;
    tiles->end = end;
    tiles->tile = na_tile_of(tiles);
    on |= na_stream_options(&tiles->tile);
    stored = na_stored(op, on);
    tiles->read_count = na_listed(tiles->reads, tiles, op->reads);
    tiles->store_count = na_listed(tiles->stores, tiles, stored);
    tiles->copies = (stored & W) && t->packing->copy.data != 0;
    return on;
}

/* Packs the tile at hand, if there is one, and unpacks the next. 0: there is none left. */
static int na_next_tile(na_tiles *tiles)
{
    const na_packing *packing = tiles->t->packing;
    size_t border;
    int i;
    if (tiles->count > 0) {
        for (i = 0; i < tiles->store_count; ++i)
            pack(tiles->stores[i].packed, tiles->stores[i].floats, tiles->at, tiles->count, packing,
                 tiles->stores[i].stream);
        if (tiles->copies)
            pack(&packing->copy, tiles->tile.w, tiles->at, tiles->count, packing, COPY);
        tiles->at += tiles->count;
    }
    if (tiles->at == tiles->end)
        return 0;
    border = tiles->at / NA_TILE * NA_TILE + NA_TILE;
    tiles->count = (tiles->end < border ? tiles->end : border) - tiles->at;
    tiles->tile = na_tile_of(tiles);
    for (i = 0; i < tiles->read_count; ++i)
        unpack(tiles->reads[i].packed, tiles->reads[i].floats, tiles->at, tiles->count);
    return 1;
}

/* BLOCK over all tiles. */
#define NA_TILE_SWEEP(BLOCK, tiles, k, on)                                                                             \
    while (na_next_tile(tiles)) {                                                                                      \
        const na_tensor tile = (tiles)->tile;                                                                          \
        const size_t count = (tiles)->count;                                                                           \
        size_t i = 0;                                                                                                  \
        NA_LOOP(BLOCK, 2, &tile, 0, 0, k, on, i, count);                                                               \
        NA_LOOP(BLOCK, 1, &tile, 0, 0, k, on, i, count);                                                               \
        if (i < count)                                                                                                 \
            BLOCK(&tile, 0, 0, k, on, i, 1, count - i);                                                                \
    }

/* Over elements begin to end - 1 of a tensor with a packing. */
#define NA_PACKED_SWEEP(name)                                                                                          \
    static void name##_packed(const na_tensor *t, const na_op *op, const na_scalars *row, unsigned on, size_t begin,   \
                              size_t end, float *scratch)
