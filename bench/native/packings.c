#include "packings.h"

#include "machine.h"

#include <string.h>

/* Bytes of NA_BLOCK elements: data, rests, scales. */
typedef struct {
    size_t data, rest, scale;
} format_bytes;

static format_bytes bytes_of(uint32_t format)
{
    format_bytes b = {2 * NA_BLOCK, 0, 0};
    if (format == NA_BF16_REST16)
        b.rest = 2 * NA_BLOCK;
    if (format == NA_BF16_REST8)
        b.rest = NA_BLOCK;
    if (format >= NA_SOFTSIGN8) {
        b.data = format == NA_BOOK4 ? NA_BLOCK / 2 : NA_BLOCK;
        b.scale = sizeof(float);
    }
    return b;
}

/* Values of a book, denser near zero, and the thresholds midway: those of 8 bits for m and for v, and of 4 bits. */
static const float *book_of(uint32_t format, int with_sign)
{
    static float books[3][511];
    const int size = format == NA_BOOK4 ? 16 : 256;
    float *book = books[format == NA_BOOK4 ? 2 : with_sign];
    int i;
    for (i = 0; i < size; ++i) {
        const float x = with_sign ? (float)(2 * i + 1 - size) / (float)size : (float)i / (float)(size - 1);
        book[i] = x * x * (x < 0.0f ? -x : x);
    }
    for (i = 0; i + 1 < size; ++i)
        book[size + i] = 0.5f * (book[i] + book[i + 1]);
    return book;
}

/* A stream as the step moves it. p null: only counts the bytes. */
static void count_stream(packed_streams *p, void *data, size_t bytes, int reads, int writes)
{
    p->kept += (double)bytes / NA_BLOCK;
    p->moved += (double)bytes / NA_BLOCK * (reads + writes);
    if (bytes > sizeof(float))
        p->roof[p->roof_count++] = (roof_stream){data, bytes, reads, writes};
}

/* Takes memory for one stream; null base: only counts its bytes. */
static void *take(packed_streams *p, uintptr_t base, size_t blocks, size_t bytes, int reads, int writes)
{
    const size_t page = 4096, apart = 4736;
    void *data = (void *)(base + p->bytes);
    if (bytes == 0)
        return 0;
    if (base != 0)
        count_stream(p, data, bytes, reads, writes);
    p->bytes += (blocks * bytes + page - 1) / page * page + apart;
    return data;
}

/* Lays out all streams from base on; p->bytes is what they need. */
static void lay_out(packed_streams *p, const combination *c, uintptr_t base)
{
    const uint32_t formats[] = {c->w, c->g, c->m, c->v, c->copy};
    na_packed *const packed[] = {&p->packing.w, &p->packing.g, &p->packing.m, &p->packing.v, &p->packing.copy};
    float **const floats[] = {&p->tensor.w, &p->tensor.g, &p->tensor.m, &p->tensor.v};
    const size_t blocks = p->floats->count / NA_BLOCK;
    int i;
    p->bytes = 0;
    for (i = 0; i < 5; ++i) {
        const format_bytes b = bytes_of(formats[i]);
        const int reads = i < 4, writes = i != 1;
        if (formats[i] != 0) {
            na_packed *to = packed[i];
            to->format = formats[i];
            to->data = take(p, base, blocks, b.data, reads, writes);
            to->beside = take(p, base, blocks, b.rest + b.scale, reads, writes);
            to->book = formats[i] >= NA_BOOK8 ? book_of(formats[i], i == 2) : 0;
            if (i < 4)
                *floats[i] = 0;
        } else if (i < 4 && base != 0) {
            count_stream(p, *floats[i], NA_BLOCK * sizeof(float), 1, writes);
        }
    }
}

int packings_open(packed_streams *p, const combination *c, const streams *floats)
{
    const size_t huge = 2u << 20;
    memset(p, 0, sizeof *p);
    p->floats = floats;
    p->tensor = streams_tensor(floats, W | G | M | V);
    lay_out(p, c, 0);
    p->bytes += huge;
    p->pages = machine_pages(p->bytes, 1);
    if (p->pages == 0)
        return 0;
    lay_out(p, c, ((uintptr_t)p->pages + huge - 1) / huge * huge);
    p->bytes += huge;
    p->tensor.packing = c->w || c->g || c->m || c->v || c->copy ? &p->packing : 0;
    return 1;
}

void packings_close(packed_streams *p)
{
    machine_free(p->pages, p->bytes);
}

void packings_fill(packed_streams *p, const na_kernels *kernels, float *scratch)
{
    const na_packed *const packed[] = {&p->packing.w, &p->packing.g, &p->packing.m, &p->packing.v};
    const na_scalars row = {0};
    int i;
    streams_fill((streams *)p->floats);
    for (i = 0; i < 4; ++i) {
        const na_packing to = {.w = *packed[i]};
        const na_tensor t = {.g = p->floats->of[i], .packing = &to, .count = p->floats->count};
        const na_job job = {kernels, &row, &t, 1, 1, 0, t.count, scratch};
        if (packed[i]->data != 0)
            (void)na_copy_f32(&job);
    }
}

int packings_of_halves(const combination *c)
{
    const uint32_t formats[] = {c->w, c->g, c->m, c->v, c->copy};
    int i;
    for (i = 0; i < 5; ++i)
        if (formats[i] == NA_BF16_REST8 || formats[i] >= NA_SOFTSIGN8)
            return 0;
    return c->w != 0 || c->g != 0 || c->m != 0 || c->v != 0 || c->copy != 0;
}
