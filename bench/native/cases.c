#include "cases.h"

#include "roof.h"

#include <float.h>
#include <math.h>

enum {
    ZERO_GRAD = 1 << 0,
    COUPLED = 1 << 1,
    CLIP_VALUE = 1 << 2,
    CLIP_NORM = 1 << 3,
    DECAY = 1 << 4,
    EMA = 1 << 5,
    SUM = 1 << 6,
    AMSGRAD = 1 << 7,
    NESTEROV = 1 << 8,
    EPS_IN = 1 << 9
};

static int32_t norm(const na_job *job)
{
    static double sums[(64u << 20) / NA_SUM_BLOCK];
    return na_sum_squares_f32(job, sums + job->begin / NA_SUM_BLOCK, sizeof sums / sizeof sums[0]);
}

static int32_t finite(const na_job *job)
{
    uint64_t tensor, index;
    return na_first_nonfinite_f32(job, &tensor, &index);
}

#define CASE(called, op, asked, held_to, also_quick)                                                                   \
    {                                                                                                                  \
        .name = called, .run = op, .options = asked, .kind = held_to, .quick = also_quick                              \
    }
#define ADAM(name, options) CASE(name, na_adam_f32, options, UPDATE, 0)
#define ADAMAX(name, options) CASE(name, na_adamax_f32, options, UPDATE, 0)

bench_case bench_cases[] = {
    CASE("adam", na_adam_f32, 0, NEUTRAL_ADAM, 1),
    ADAM("adam zero-grad", ZERO_GRAD),
    ADAM("adam l2", COUPLED),
    ADAM("adam l2 zero-grad", COUPLED | ZERO_GRAD),
    ADAM("adam clip-value", CLIP_VALUE),
    ADAM("adam clip-norm", CLIP_NORM),
    ADAM("adam ema", EMA),
    ADAM("adam sum", SUM),
    ADAM("adam sum zero-grad", SUM | ZERO_GRAD),
    ADAM("adamw", DECAY),
    ADAM("adamw zero-grad", DECAY | ZERO_GRAD),
    ADAM("adamw clip-norm", DECAY | CLIP_NORM),
    ADAM("adamw clip-norm zero-grad", DECAY | CLIP_NORM | ZERO_GRAD),
    ADAM("adamw clip-value", DECAY | CLIP_VALUE),
    ADAM("adamw ema", DECAY | EMA),
    ADAM("adamw sum", DECAY | SUM),
    CASE("adamw clip-norm zero-grad ema", na_adam_f32, DECAY | CLIP_NORM | ZERO_GRAD | EMA, UPDATE, 1),
    ADAM("amsgrad", AMSGRAD),
    ADAM("amsgrad decay", AMSGRAD | DECAY),
    ADAM("amsgrad everything", AMSGRAD | DECAY | CLIP_VALUE | CLIP_NORM | ZERO_GRAD | EMA),
    ADAM("nadam", NESTEROV),
    ADAM("nadam decay", NESTEROV | DECAY),
    CASE("adamax", na_adamax_f32, 0, NEUTRAL_ADAMAX, 1),
    ADAMAX("adamax eps-in", EPS_IN),
    ADAMAX("adamax zero-grad", ZERO_GRAD),
    ADAMAX("adamax clip-value", CLIP_VALUE),
    ADAMAX("adamax l2", COUPLED),
    ADAMAX("adamax decay", DECAY),
    ADAMAX("adamax ema", EMA),
    ADAMAX("adamax sum", SUM),
    ADAMAX("adamax decay clip-norm zero-grad ema", DECAY | CLIP_NORM | ZERO_GRAD | EMA),
    CASE("ema", na_ema_f32, EMA, OTHER, 1),
    CASE("accumulate", na_accumulate_f32, SUM, OTHER, 0),
    CASE("accumulate zero-grad", na_accumulate_f32, SUM | ZERO_GRAD, OTHER, 0),
    CASE("norm", norm, 0, SUM_OF_SQUARES, 1),
    CASE("finite", finite, 0, OTHER, 1),
};

const size_t bench_case_count = sizeof bench_cases / sizeof bench_cases[0];

/* The scalars of a step far into a run. A sum of gradients is a mean of four. */
static na_scalars scalars_of(unsigned options)
{
    na_scalars r = {0};
    r.grad_scale = options & (CLIP_NORM | SUM) ? 0.25f : 1.0f;
    r.clip = options & CLIP_VALUE ? 1.0f : INFINITY;
    r.l2 = options & COUPLED ? 1e-4f : 0.0f;
    r.c1 = 0.1f;
    r.c2 = 0.001f;
    r.v_cap = FLT_MAX;
    r.nu_scale = 1.0f;
    r.eps = options & EPS_IN ? 0.0f : 1e-8f;
    r.eps_in = options & EPS_IN ? 1e-8f : 0.0f;
    r.num_m = options & NESTEROV ? 0.9f : 1.0f;
    r.num_g = options & NESTEROV ? 0.1f : 0.0f;
    r.lambda = options & DECAY ? 1e-5f : 0.0f;
    r.step = 1e-3f;
    r.ema = 1e-3f;
    r.flags = options & ZERO_GRAD ? NA_ZERO_GRAD : 0u;
    return r;
}

void cases_open(void)
{
    size_t i;
    for (i = 0; i < bench_case_count; ++i) {
        bench_case *c = &bench_cases[i];
        const unsigned zeroed = c->options & ZERO_GRAD ? G : 0u;
        c->scalars = scalars_of(c->options);
        if (c->run == na_adam_f32 || c->run == na_adamax_f32) {
            const unsigned more =
                (c->options & EMA ? A : 0u) | (c->options & SUM ? S : 0u) | (c->options & AMSGRAD ? X : 0u);
            c->reads = W | G | M | V | more;
            c->writes = W | M | V | more | zeroed;
        } else {
            c->reads = c->options & EMA ? W | A : c->options & SUM ? G | S : G;
            c->writes = c->options & EMA ? A : c->options & SUM ? S | zeroed : 0u;
        }
    }
}
