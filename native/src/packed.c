/* The checks of tensors with packed streams. */
#include "internal.h"

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
