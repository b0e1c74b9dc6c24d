#include "measure.h"
#include "sections.h"

#include <string.h>

enum { COUNT = 1024, CALLS = 20 };

/* A state to start every batch from, which is what a batch changes. */
typedef struct {
    const bench_case *c;
    streams *memory;
    na_tensor tensor;
    na_job job;
    float saved[4][COUNT]; /* w, g, m, v */
} start_state;

static void restore(start_state *s)
{
    int i;
    for (i = 0; i < 4; ++i)
        memcpy(s->memory->of[i], s->saved[i], sizeof s->saved[i]);
}

static void save(start_state *s)
{
    int i;
    for (i = 0; i < 4; ++i)
        memcpy(s->saved[i], s->memory->of[i], sizeof s->saved[i]);
}

/* So many steps from the state that is saved; both copies of the state are in the first cache. */
static void run_steps(void *context, int thread)
{
    start_state *s = context;
    int i;
    (void)thread;
    restore(s);
    for (i = 0; i < CALLS; ++i)
        (void)s->c->run(&s->job);
}

static void prepare(start_state *s, const bench_case *c, streams *memory, const na_kernels *kernels, float gradient,
                    int steps)
{
    int i;
    s->c = c;
    s->memory = memory;
    s->tensor = streams_tensor(memory, c->reads | c->writes);
    s->job = (na_job){kernels, &c->scalars, &s->tensor, 1, 1, 0, COUNT, NULL};
    streams_fill(memory);
    for (i = 0; gradient >= 0.0f && i < COUNT; ++i)
        memory->of[1][i] *= gradient;
    for (i = 0; i < steps; ++i)
        (void)c->run(&s->job);
    save(s);
}

void run_denormals(const settings *s)
{
    enum { NORMAL, DENORMAL, STOPPED_10, STOPPED_10000, STATES };
    static const char *const names[STATES] = {"", "denormal gradients", "stopped 10 steps ago",
                                              "stopped 10,000 steps ago"};
    static start_state states[STATES];
    static char labels[STATES][80];
    size_t i;
    int isa, state;
    for (i = 0; i < bench_case_count; ++i) {
        const bench_case *c = bench_cases + i;
        if ((c->kind != NEUTRAL_ADAM && c->kind != NEUTRAL_ADAMAX) || !asked_for(s, c->name))
            continue;
        for (isa = 0; isa < s->isa_count; ++isa) {
            contender contenders[STATES];
            streams memory;
            timings t;
            const plan p = {1, COUNT * CALLS, 2 * s->seconds, 0, 0, s->roofs[0]->probe, 0};
            if (!streams_open(&memory, layouts, COUNT)) {
                results_leave_out(s->out, c->name, COUNT);
                return;
            }
            prepare(&states[NORMAL], c, &memory, s->kernels[isa], -1.0f, 0);
            prepare(&states[DENORMAL], c, &memory, s->kernels[isa], 1e-38f, 10000);
            prepare(&states[STOPPED_10], c, &memory, s->kernels[isa], 0.0f, 10);
            prepare(&states[STOPPED_10000], c, &memory, s->kernels[isa], 0.0f, 10000);
            for (state = 0; state < STATES; ++state)
                contenders[state] = (contender){run_steps, &states[state]};
            measure(&p, contenders, STATES, &t);
            for (state = 1; state < STATES; ++state) {
                const int reference = state == STOPPED_10000 ? STOPPED_10 : NORMAL;
                const result row = {labels[state],
                                    isa_name(s->isas[isa]),
                                    "library",
                                    COUNT,
                                    1,
                                    t.ns[state],
                                    t.ns[reference],
                                    ratio_to(&t, state, reference, reference + 1),
                                    reference == NORMAL ? "normal" : "10 steps",
                                    state == STOPPED_10000 ? 1.05 : 0.0,
                                    0.0,
                                    0.0};
                snprintf(labels[state], sizeof labels[state], "%s, %s", c->name, names[state]);
                results_add(s->out, &row);
            }
            streams_close(&memory);
        }
    }
}
