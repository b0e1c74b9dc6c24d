#include "measure.h"
#include "sections.h"

enum { TENSORS = 1000 };

typedef struct {
    const bench_case *c;
    const struct roof *roof;
    const na_kernels *kernels;
    int prefetch, apart;
    const na_tensor *tensors;
    uint64_t elements;
} list_context;

static void run_list(void *context, int thread)
{
    const list_context *l = context;
    const na_job job = {l->kernels, &l->c->scalars, l->tensors, 1, TENSORS, 0, l->elements, NULL};
    (void)thread;
    (void)l->c->run(&job);
}

static void run_apart(void *context, int thread)
{
    const list_context *l = context;
    int i;
    (void)thread;
    for (i = 0; i < TENSORS; ++i) {
        const na_job job = {l->kernels, &l->c->scalars, l->tensors + i, 1, 1, 0, l->tensors[i].count, NULL};
        (void)l->c->run(&job);
    }
}

static void run_roof(void *context, int thread)
{
    const list_context *l = context;
    int i;
    (void)thread;
    for (i = 0; i < TENSORS; ++i)
        l->roof->sweep(l->tensors + i, l->c->reads, l->c->writes, l->prefetch, 0, (size_t)l->tensors[i].count);
}

/* Tensors of least to most elements, each stream of each on its own cache line of the stream's memory. */
static uint64_t cut(const streams *memory, na_tensor *tensors, unsigned use, uint64_t least, uint64_t most)
{
    uint32_t state = 1;
    uint64_t i, at = 0, elements = 0;
    for (i = 0; i < TENSORS; ++i) {
        streams part = *memory;
        size_t j;
        state = state * 1664525u + 1013904223u;
        part.count = (size_t)(least + (most - least) * (state >> 16) / 65535u);
        for (j = 0; j < FLOAT_STREAMS; ++j)
            part.of[j] += at;
        tensors[i] = streams_tensor(&part, use);
        at += (part.count + 15) / 16 * 16;
        elements += part.count;
    }
    return elements;
}

static void measure_list(const settings *s, const bench_case *c, const char *name, uint64_t least, uint64_t most)
{
    enum { ROOFS = 2 };
    static na_tensor tensors[TENSORS];
    list_context contexts[ROOFS + 2 * MOST_ISAS];
    contender contenders[ROOFS + 2 * MOST_ISAS];
    const int count = ROOFS + 2 * s->isa_count;
    char label[80];
    streams memory;
    timings t;
    plan p;
    uint64_t elements;
    int i, faster;
    if (!streams_open(&memory, layouts, (size_t)(TENSORS * (most + 16)))) {
        results_leave_out(s->out, c->name, (size_t)(TENSORS * (most + 16)));
        return;
    }
    elements = cut(&memory, tensors, c->reads | c->writes, least, most);
    p = (plan){1, (size_t)elements, 2 * s->seconds, 0, 0, s->roofs[0]->probe, 0};
    for (i = 0; i < count; ++i) {
        const int isa = (i - ROOFS) / 2, apart = i >= ROOFS && (i - ROOFS) % 2 == 1;
        contexts[i] = (list_context){
            c, i < ROOFS ? s->roofs[0] : 0, i < ROOFS ? 0 : s->kernels[isa], i == 1, apart, tensors, elements};
        contenders[i] = (contender){i < ROOFS ? run_roof : apart ? run_apart : run_list, &contexts[i]};
    }
    measure(&p, contenders, count, &t);
    faster = t.ns[0] < t.ns[1] ? 0 : 1;
    for (i = ROOFS; i < count; ++i) {
        const int apart = contexts[i].apart;
        const result row = {label,
                            isa_name(s->isas[(i - ROOFS) / 2]),
                            "library",
                            (size_t)elements,
                            1,
                            t.ns[i],
                            t.ns[faster],
                            ratio_to(&t, i, faster, faster + 1),
                            "roof",
                            0.0,
                            0.0,
                            0.0};
        snprintf(label, sizeof label, "%s, %s%s", c->name, name, apart ? ", a call each" : "");
        results_add(s->out, &row);
    }
    streams_close(&memory);
}

void run_lists(const settings *s)
{
    size_t i;
    for (i = 0; i < bench_case_count; ++i) {
        const bench_case *c = bench_cases + i;
        if ((c->kind != NEUTRAL_ADAM && c->kind != NEUTRAL_ADAMAX) || !asked_for(s, c->name))
            continue;
        measure_list(s, c, "1000 of 256", 256, 256);
        measure_list(s, c, "1000 of 256 to 4 Ki", 256, 4096);
    }
}
