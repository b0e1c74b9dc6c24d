#include "machine.h"
#include "measure.h"
#include "sections.h"

/* What a contender of a row runs. */
typedef struct {
    const bench_case *c;
    const struct roof *roof; /* or null: the kernel */
    int divider, prefetch, threads;
    na_tensor tensor;
    na_job job;
} run_context;

static size_t part(const run_context *r, int thread)
{
    const size_t grain = r->c->writes == 0 ? NA_SUM_BLOCK : 64;
    const size_t count = (size_t)r->tensor.count;
    return thread == r->threads ? count : count / (size_t)r->threads * (size_t)thread / grain * grain;
}

static void run_kernel(void *context, int thread)
{
    const run_context *r = context;
    na_job job = r->job;
    job.begin = part(r, thread);
    job.end = part(r, thread + 1);
    (void)r->c->run(&job);
}

static void run_roof(void *context, int thread)
{
    const run_context *r = context;
    r->roof->sweep(&r->tensor, r->c->reads, r->c->writes, r->prefetch, part(r, thread), part(r, thread + 1));
}

/* A divide and a square root for every element of the row, of elements that are in the first cache. */
enum { NEAR = 1024 };

static float near[NEAR];

static void run_divider(void *context, int thread)
{
    const run_context *r = context;
    size_t i;
    for (i = part(r, thread); i < part(r, thread + 1); i += NEAR)
        r->roof->divider(near, part(r, thread + 1) - i < NEAR ? part(r, thread + 1) - i : NEAR);
}

static void refill(void *context)
{
    streams_fill(context);
}

static size_t megabytes_of(const bench_case *c, size_t elements)
{
    const unsigned used = c->reads | c->writes;
    size_t megabytes = 0;
    unsigned bit;
    for (bit = 1; bit <= S; bit <<= 1)
        megabytes += used & bit ? elements * sizeof(float) >> 20 : 0;
    return megabytes;
}

/*
 * The targets of docs/performance.md, of the ratio to the roof. Those of memory hold where the streams are larger than
 * caches are; a norm is bound by its conversions to double before.
 */
static double limit_of(const bench_case *c, size_t elements, const layout *l, int threads)
{
    if (elements <= 16u << 10 && threads > 1)
        return 0.0; /* so little is one thread's work */
    if (megabytes_of(c, elements) >= 64)
        return l == layouts ? 1.03 : 1.06;
    if (elements >= 512u << 10)
        return c->kind == SUM_OF_SQUARES ? 0.0 : 1.10;
    if (elements >= 16u << 10 && c->kind == NEUTRAL_ADAMAX && l == layouts)
        return 1.05;
    return 0.0;
}

/* Of the ratio to the divider, which binds Adam in the inner caches and, where it takes longer than the roof, in L3. */
static double divider_limit_of(const bench_case *c, size_t elements, const layout *l, int threads, int longer)
{
    if (elements <= 16u << 10)
        return c->kind == NEUTRAL_ADAM && l == layouts && threads == 1 ? 1.15 : 0.0;
    return longer && c->run == na_adam_f32 && megabytes_of(c, elements) < 64 ? 1.10 : 0.0;
}

/* The roofs with and without prefetch, the divider, then the kernels, the best instruction set first. */
static void measure_row(const settings *s, const bench_case *c, const layout *l, streams *memory, int threads)
{
    enum { ROOFS = 2, DIVIDER = 2, KERNELS = 3 };
    run_context contexts[KERNELS + MOST_ISAS];
    contender contenders[KERNELS + MOST_ISAS];
    result best[MOST_ISAS + 1];
    const int in_cache = memory->count <= 16u << 10;
    const int count = KERNELS + s->isa_count;
    const plan p = {threads, memory->count, s->seconds, in_cache ? refill : 0, memory, s->roofs[0]->probe, 0};
    double divider_limit = 0.0;
    int i, again, missed = 1;
    for (i = 0; i < count; ++i) {
        run_context *r = &contexts[i];
        *r = (run_context){c,
                           i < KERNELS ? s->roofs[0] : 0,
                           i == DIVIDER,
                           i == 1,
                           threads,
                           streams_tensor(memory, c->reads | c->writes),
                           {0}};
        r->job =
            (na_job){i < KERNELS ? 0 : s->kernels[i - KERNELS], &c->scalars, &r->tensor, 1, 1, 0, memory->count, NULL};
        contenders[i] = (contender){i < ROOFS ? run_roof : i == DIVIDER ? run_divider : run_kernel, r};
    }
    refill(memory);
    for (again = 0; again < 3 && missed; ++again) { /* what else the machine did may be why a row missed */
        timings t;
        measure(&p, contenders, count, &t);
        const int roof = t.ns[0] < t.ns[1] ? 0 : 1;
        missed = 0;
        if (again == 0)
            divider_limit = divider_limit_of(c, memory->count, l, threads, t.ns[DIVIDER] > t.ns[roof]);
        for (i = 0; i <= s->isa_count; ++i) {
            const int divider = i == s->isa_count;
            const int at = divider ? KERNELS : KERNELS + i;
            const int reference = divider ? DIVIDER : roof;
            const double ratio = ratio_to(&t, at, reference, reference + 1);
            const double limit = divider                          ? divider_limit
                                 : i == 0 && divider_limit == 0.0 ? limit_of(c, memory->count, l, threads)
                                                                  : 0.0;
            if (again == 0 || ratio < best[i].ratio)
                best[i] = (result){c->name,
                                   isa_name(s->isas[divider ? 0 : i]),
                                   l->name,
                                   memory->count,
                                   threads,
                                   t.ns[at],
                                   t.ns[reference],
                                   ratio,
                                   divider ? "divider" : "roof",
                                   limit,
                                   0.0,
                                   0.0};
            missed |= best[i].limit > 0.0 && best[i].ratio > best[i].limit;
        }
    }
    for (i = 0; i < s->isa_count; ++i)
        results_add(s->out, &best[i]);
    if (divider_limit > 0.0 || (c->kind == NEUTRAL_ADAM && in_cache))
        results_add(s->out, &best[s->isa_count]);
}

void run_sizes(const settings *s)
{
    static const size_t sizes[] = {1u << 10, 16u << 10, 512u << 10, 4u << 20, 32u << 20};
    size_t i, j, k;
    for (i = 0; i < NEAR; ++i)
        near[i] = 1.0f + (float)i;
    for (i = 0; i < sizeof sizes / sizeof sizes[0]; ++i) {
        if ((s->elements != 0 && sizes[i] != s->elements) || (s->quick && sizes[i] == 4u << 20))
            continue;
        for (j = 0; j < layout_count; ++j) {
            const layout *l = layouts + j;
            streams memory;
            int threads;
            if ((s->only != 0 ? !asked_for(&(settings){.op = s->only}, l->name) : s->quick && !l->quick))
                continue;
            if (!streams_open(&memory, l, sizes[i])) {
                results_leave_out(s->out, l->name, sizes[i]);
                continue;
            }
            for (threads = 1; threads <= machine_cpus(); threads += machine_cpus() > 1 ? machine_cpus() - 1 : 1)
                for (k = 0; k < bench_case_count; ++k)
                    if (asked_for(s, bench_cases[k].name) && (bench_cases[k].quick || !s->quick || s->op != 0) &&
                        (s->threads == 0 || s->threads == threads))
                        measure_row(s, bench_cases + k, l, &memory, threads);
            streams_close(&memory);
        }
    }
}
