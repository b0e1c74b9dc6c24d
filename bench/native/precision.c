#include "machine.h"
#include "measure.h"
#include "packings.h"
#include "sections.h"

#include <string.h>

/* Those that a user would choose, from the whole of float32 to the smallest. */
static const combination combinations[] = {
    {.name = "f32", .adamax = 1},
    {.name = "bf16 g", .g = NA_BF16},
    {.name = "bf16 m", .m = NA_BF16},
    {.name = "bf16 m v", .m = NA_BF16, .v = NA_BF16, .adamax = 1, .fastest = 1.25},
    {.name = "bf16 m, v at random", .m = NA_BF16, .v = NA_BF16_RANDOM, .fastest = 1.25},
    {.name = "f32 w + bf16 copy, bf16 g", .g = NA_BF16, .copy = NA_BF16},
    {.name = "f32 w + f16 copy, f16 g", .g = NA_F16, .copy = NA_F16},
    {.name = "bf16+16 w, bf16 g", .w = NA_BF16_REST16, .g = NA_BF16},
    {.name = "bf16+8 w, bf16 g", .w = NA_BF16_REST8, .g = NA_BF16},
    {.name = "bf16 w at random, bf16 g", .w = NA_BF16_RANDOM, .g = NA_BF16},
    {.name = "bf16+16 w, bf16 g m v", .w = NA_BF16_REST16, .g = NA_BF16, .m = NA_BF16, .v = NA_BF16},
    {.name = "bf16+16 w, bf16 g m, v at random", .w = NA_BF16_REST16, .g = NA_BF16, .m = NA_BF16, .v = NA_BF16_RANDOM},
    {.name = "bf16+8 w, bf16 g m, v at random", .w = NA_BF16_REST8, .g = NA_BF16, .m = NA_BF16, .v = NA_BF16_RANDOM},
    {.name = "8-bit m v", .m = NA_SOFTSIGN8, .v = NA_SQRT8, .adamax = 1, .fastest = 1.4},
    {.name = "8-bit m v by books", .m = NA_BOOK8, .v = NA_BOOK8},
    {.name = "4-bit m by a book, 8-bit v", .m = NA_BOOK4, .v = NA_SQRT8},
    {.name = "bf16+8 w, bf16 g, 8-bit m v",
     .w = NA_BF16_REST8,
     .g = NA_BF16,
     .m = NA_SOFTSIGN8,
     .v = NA_SQRT8,
     .adamax = 1,
     .fastest = 1.7},
};

/* What a contender of a row runs: the roof, or a step with or without packed streams. */
typedef struct {
    const packed_streams *p;
    const bench_case *c;
    const struct roof *roof; /* or null */
    int prefetch, threads;
    const na_tensor *tensor;
    const na_kernels *kernels;
    float *scratch; /* NA_SCRATCH for each thread */
} run_context;

static size_t part(const run_context *r, int thread)
{
    const size_t count = (size_t)r->tensor->count;
    return thread == r->threads ? count : count / (size_t)r->threads * (size_t)thread / 4096 * 4096;
}

static void run_step(void *context, int thread)
{
    const run_context *r = context;
    const na_job job = {r->kernels, &r->c->scalars,  r->tensor,           1,
                        1,          part(r, thread), part(r, thread + 1), r->scratch + (size_t)thread * NA_SCRATCH};
    (void)r->c->run(&job);
}

static void run_roof(void *context, int thread)
{
    const run_context *r = context;
    r->roof->bytes(r->p->roof, r->p->roof_count, r->prefetch, part(r, thread), part(r, thread + 1));
}

typedef struct {
    packed_streams *p;
    const na_kernels *kernels;
    float *scratch;
} fill_context;

static void fill(void *context)
{
    const fill_context *f = context;
    packings_fill(f->p, f->kernels, f->scratch);
}

/* The roof with and without prefetch, then of each instruction set float32 and the combination. */
static void measure_row(const settings *s, const combination *k, const bench_case *c, packed_streams *p, float *scratch,
                        int threads)
{
    enum { ROOFS = 2, MOST = 2 };
    const size_t elements = p->floats->count;
    const na_tensor floats = streams_tensor(p->floats, W | G | M | V);
    const int isas = s->quick || s->isa_count == 1 ? 1 : MOST, count = ROOFS + 2 * isas;
    const int at_memory = elements >= 32u << 20 && threads == 1;
    fill_context filling = {p, s->kernels[0], scratch};
    const plan plan = {threads,  elements,           s->seconds, elements <= 16u << 10 ? fill : 0,
                       &filling, s->roofs[0]->probe, 0};
    run_context contexts[ROOFS + 2 * MOST];
    contender contenders[ROOFS + 2 * MOST];
    result best[2 * MOST];
    char name[64];
    int i, again, missed = 1;
    snprintf(name, sizeof name, "%s: %s", c->name, k->name);
    for (i = 0; i < count; ++i) {
        const int is_roof = i < ROOFS, isa = is_roof ? 0 : (i - ROOFS) / 2;
        contexts[i] = (run_context){p,
                                    c,
                                    is_roof ? s->roofs[0] : 0,
                                    i == 1,
                                    threads,
                                    !is_roof && (i - ROOFS) % 2 == 0 ? &floats : &p->tensor,
                                    s->kernels[isa],
                                    scratch};
        contenders[i] = (contender){is_roof ? run_roof : run_step, &contexts[i]};
    }
    fill(&filling);
    for (again = 0; again < 3 && missed; ++again) { /* what else the machine did may be why a row missed */
        timings t;
        measure(&plan, contenders, count, &t);
        missed = 0;
        for (i = 0; i < 2 * isas; ++i) {
            const int own = ROOFS + i / 2 * 2 + 1, roof = t.ns[0] < t.ns[1] ? 0 : 1;
            const int reference = i % 2 == 0 ? own - 1 : roof;
            const double ratio = ratio_to(&t, own, reference, reference + 1);
            const double limit = i == 0                            ? (k->fastest > 0.0 ? 1.0 / k->fastest : 0.0)
                                 : i == 1 && packings_of_halves(k) ? 1.15
                                                                   : 0.0;
            if (again == 0 || ratio < best[i].ratio)
                best[i] = (result){name,
                                   isa_name(s->isas[i / 2]),
                                   "library",
                                   elements,
                                   threads,
                                   t.ns[own],
                                   t.ns[reference],
                                   ratio,
                                   i % 2 == 0 ? "f32" : "roof",
                                   at_memory ? limit : 0.0,
                                   p->moved,
                                   p->kept};
            missed |= best[i].limit > 0.0 && best[i].ratio > best[i].limit;
        }
    }
    for (i = 0; i < 2 * isas; ++i)
        results_add(s->out, &best[i]);
}

static void measure_size(const settings *s, const streams *floats, float *scratch)
{
    size_t i, j;
    int threads;
    for (i = 0; i < sizeof combinations / sizeof combinations[0]; ++i) {
        const combination *k = &combinations[i];
        packed_streams p;
        if (!packings_open(&p, k, floats)) {
            results_leave_out(s->out, k->name, floats->count);
            continue;
        }
        for (threads = 1; threads <= machine_cpus(); threads += machine_cpus() > 1 ? machine_cpus() - 1 : 1)
            for (j = 0; j < bench_case_count; ++j) {
                const bench_case *c = &bench_cases[j];
                if ((c->kind == NEUTRAL_ADAM || (c->kind == NEUTRAL_ADAMAX && k->adamax && !s->quick)) &&
                    asked_for(s, c->name) && (s->threads == 0 || s->threads == threads) &&
                    (threads == 1 || floats->count > 16u << 10)) /* so little is one thread's work */
                    measure_row(s, k, c, &p, scratch, threads);
            }
        packings_close(&p);
    }
}

void run_precision(const settings *s)
{
    static const size_t sizes[] = {16u << 10, 512u << 10, 32u << 20};
    const size_t bytes = (size_t)machine_cpus() * NA_SCRATCH * sizeof(float);
    float *scratch = machine_pages(bytes, 0);
    size_t i;
    for (i = 0; scratch != 0 && i < sizeof sizes / sizeof sizes[0]; ++i) {
        streams floats;
        if (s->elements != 0 && sizes[i] != s->elements)
            continue;
        if (!streams_open(&floats, layouts, sizes[i])) {
            results_leave_out(s->out, "packed streams", sizes[i]);
            continue;
        }
        measure_size(s, &floats, scratch);
        streams_close(&floats);
    }
    if (scratch != 0)
        machine_free(scratch, bytes);
}
