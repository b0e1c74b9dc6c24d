#include "streams.h"

#include "machine.h"

/* The library's memory is 64-byte aligned and staggered; arrays start 16 bytes after a multiple of 8, one after
 * another. */
const layout layouts[] = {
    {"library", 0, 4736, 1, 1},
    {"arrays-24", 16, 24, 0, 0},
    {"arrays-40", 16, 40, 0, 1},
    {"arrays-56", 16, 56, 0, 0},
};

const size_t layout_count = sizeof layouts / sizeof layouts[0];

int streams_open(streams *s, const layout *l, size_t count)
{
    const size_t page = 4096, huge = 2u << 20;
    const size_t apart = (count * sizeof(float) + page - 1) / page * page + l->apart;
    uintptr_t base;
    size_t i;
    s->bytes = FLOAT_STREAMS * apart + l->first + huge;
    s->pages = machine_pages(s->bytes, l->huge);
    s->count = count;
    if (s->pages == 0)
        return 0;
    base = ((uintptr_t)s->pages + huge - 1) / huge * huge + l->first;
    for (i = 0; i < FLOAT_STREAMS; ++i)
        s->of[i] = (float *)(base + i * apart);
    streams_fill(s);
    return 1;
}

void streams_close(streams *s)
{
    machine_free(s->pages, s->bytes);
}

void streams_fill(streams *s)
{
    uint32_t state = 12345;
    size_t i, j;
    for (i = 0; i < s->count; ++i) {
        float r;
        state = state * 1664525u + 1013904223u;
        r = (float)(int32_t)state * 0x1p-31f;
        for (j = 0; j < FLOAT_STREAMS; ++j)
            s->of[j][i] = r * (j == 0 || j == 5 ? 1.0f : 0.01f);
        s->of[3][i] = r * r * 1e-4f + 1e-6f; /* v */
        s->of[4][i] = s->of[3][i];           /* x */
    }
}

na_tensor streams_tensor(const streams *s, unsigned use)
{
    na_tensor t = {0};
    float **const field[FLOAT_STREAMS] = {&t.w, &t.g, &t.m, &t.v, &t.x, &t.a, &t.s};
    size_t i;
    for (i = 0; i < FLOAT_STREAMS; ++i)
        if (use & 1u << i)
            *field[i] = s->of[i];
    t.count = s->count;
    return t;
}
