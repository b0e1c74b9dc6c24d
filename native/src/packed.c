/*
 * Tensors with packed streams, in tiles that stay in the first cache: what an op reads is unpacked, the op runs over
 * floats as it always does, and what it stored is packed.
 */
#include "internal.h"

/* Elements of a tile, and the distance of its streams, which keeps them apart modulo 4096 bytes. */
#define TILE 1024
#define ROW (TILE + 80)

static const na_packed *packed_stream(const na_tensor *t, int stream)
{
    return &t->packing->w + stream;
}

static float *float_stream(const na_tensor *t, int stream)
{
    float *const streams[STREAMS] = {t->w, t->g, t->m, t->v, t->x, t->a, t->s, t->d};
    return streams[stream];
}

/* What a format needs of its pointers, as the alignments of data and beside; 0: there is none. */
static const struct {
    uint8_t data, beside, has_book, has_blocks;
} formats[] = {{0, 0, 0, 0}, {2, 0, 0, 0}, {2, 0, 0, 0}, {2, 0, 0, 0}, {2, 2, 0, 0},
               {2, 1, 0, 0}, {1, 4, 0, 1}, {1, 4, 0, 1}, {1, 4, 1, 1}, {1, 4, 1, 1}};

static int32_t check_pointer(const void *p, unsigned alignment)
{
    if (alignment == 0)
        return NA_OK;
    return p == 0 ? NA_ERROR_NULL : (uintptr_t)p % alignment != 0 ? NA_ERROR_ALIGNMENT : NA_OK;
}

static int32_t check_format(const na_packed *p)
{
    int32_t status;
    if (p->format < NA_BF16 || p->format > NA_BOOK4)
        return NA_ERROR_FORMAT;
    status = check_pointer(p->data, formats[p->format].data);
    if (status == NA_OK)
        status = check_pointer(p->beside, formats[p->format].beside);
    if (status == NA_OK && formats[p->format].has_book)
        status = check_pointer(p->book, sizeof(float));
    return status;
}

int32_t na_check_packed(const na_tensor *t, const na_op *op, const float *scratch)
{
    int i;
    int32_t status;
    if (t->count == 0)
        return NA_OK;
    for (i = 0; i < STREAMS; ++i) {
        const na_packed *packed = packed_stream(t, i);
        const float *floats = float_stream(t, i);
        if (((op->needs | op->uses) & 1 << i) == 0)
            continue;
        if (packed->data != 0) {
            status = floats != 0 ? NA_ERROR_FORMAT : check_format(packed);
            if (status != NA_OK)
                return status;
        } else if (floats == 0 && (op->needs & 1 << i)) {
            return NA_ERROR_NULL;
        } else if ((uintptr_t)floats % sizeof(float) != 0) {
            return NA_ERROR_ALIGNMENT;
        }
    }
    if ((op->writes & W) && t->packing->copy.data != 0) {
        status = t->packing->copy.format > NA_BF16_RANDOM ? NA_ERROR_FORMAT : check_format(&t->packing->copy);
        if (status != NA_OK)
            return status;
    }
    return scratch == 0 ? NA_ERROR_NULL : (uintptr_t)scratch % 64 != 0 ? NA_ERROR_ALIGNMENT : NA_OK;
}

int na_has_blocks(const na_tensor *t, const na_op *op)
{
    int i;
    for (i = 0; i < STREAMS; ++i) {
        const na_packed *packed = packed_stream(t, i);
        if (((op->needs | op->uses) & 1 << i) && packed->data != 0 && formats[packed->format].has_blocks)
            return 1;
    }
    return 0;
}

/* What a call with these options stores. */
static int stored_streams(const na_op *op, unsigned on)
{
    int stored = op->writes;
    if (stored & D)
        stored &= on & NA_ON_DELTA ? ~(W | A) : ~D;
    return on & NA_ON_ZERO_GRAD ? stored : stored & ~G;
}

/* The streams of a tensor from element `at` on: floats where they are, packed ones in scratch. */
static na_tensor tile_of(const na_tensor *t, int used, size_t at, float *scratch)
{
    na_tensor tile = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
    float **const streams[STREAMS] = {&tile.w, &tile.g, &tile.m, &tile.v, &tile.x, &tile.a, &tile.s, &tile.d};
    int i;
    for (i = 0; i < STREAMS; ++i)
        if (used & 1 << i)
            *streams[i] = packed_stream(t, i)->data != 0 ? scratch + i * ROW
                          : float_stream(t, i) != 0      ? float_stream(t, i) + at
                                                         : 0;
    tile.steps = t->steps;
    return tile;
}

void na_sweep_packed(const na_kernels *kernels, na_sweep sweep, const na_op *op, const na_tensor *t,
                     const na_scalars *row, unsigned on, size_t begin, size_t end, float *scratch)
{
    const na_tensor first = tile_of(t, op->needs | op->uses, 0, scratch);
    const int stored = stored_streams(op, on |= na_stream_options(&first));
    size_t at, next;
    int i;
    for (at = begin; at < end; at = next) {
        const size_t border = at / TILE * TILE + TILE, count = (end < border ? end : border) - at;
        const na_tensor tile = tile_of(t, op->needs | op->uses, at, scratch);
        next = at + count;
        for (i = 0; i < STREAMS; ++i)
            if ((op->reads & 1 << i) && packed_stream(t, i)->data != 0)
                kernels->unpack(packed_stream(t, i), scratch + i * ROW, at, count);
        sweep(&tile, &tile, row, on, 0, count);
        for (i = 0; i < STREAMS; ++i)
            if ((stored & 1 << i) && packed_stream(t, i)->data != 0)
                kernels->pack(packed_stream(t, i), scratch + i * ROW, at, count, t->packing, i);
        if ((stored & W) && t->packing->copy.data != 0)
            kernels->pack(&t->packing->copy, tile.w, at, count, t->packing, COPY);
    }
}

const float *na_gradient_of(const na_kernels *kernels, const na_tensor *t, size_t begin, size_t count, float *scratch)
{
    if (t->g != 0)
        return t->g + begin;
    kernels->unpack(&t->packing->g, scratch, begin, count);
    return scratch;
}
