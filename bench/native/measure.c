#include "measure.h"

#include "machine.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_THREADS = 256 };

/* The shortest batch: some thousand times the clock's resolution. */
static const double shortest = 60e-6;

typedef struct {
    const contender *c;
    int threads, calls;
    atomic_int ready;
    double seconds[MOST_THREADS];
} batch;

static void run_batch(void *context, int thread)
{
    batch *b = context;
    double began;
    int i;
    if (b->calls > 1 || b->threads > 1)
        b->c->run(b->c->context, thread); /* caches and branch predictors forget what ran before */
    atomic_fetch_add(&b->ready, 1);
    while (atomic_load(&b->ready) < b->threads)
        ;
    began = machine_thread_seconds();
    for (i = 0; i < b->calls; ++i)
        b->c->run(b->c->context, thread);
    b->seconds[thread] = machine_thread_seconds() - began;
}

/* Seconds of a call, of the slowest thread. */
static double time_batch(const plan *p, const contender *c, int calls)
{
    static batch b;
    double seconds = 0.0;
    int i;
    if (p->before != 0)
        p->before(p->context);
    b.c = c;
    b.threads = p->threads;
    b.calls = calls;
    atomic_store(&b.ready, 0);
    machine_run(p->threads, run_batch, &b);
    for (i = 0; i < p->threads; ++i)
        seconds = b.seconds[i] > seconds ? b.seconds[i] : seconds;
    return seconds / calls;
}

static int ascending(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(const double *values, int count)
{
    double sorted[MOST_ROUNDS];
    memcpy(sorted, values, (size_t)count * sizeof *values);
    qsort(sorted, (size_t)count, sizeof *sorted, ascending);
    return count % 2 ? sorted[count / 2] : 0.5 * (sorted[count / 2 - 1] + sorted[count / 2]);
}

/* Whether the core is all ours: whether the probe takes no longer than at its best. */
static int undisturbed(const plan *p)
{
    enum { TURNS = 1000 };
    static double best = 1.0;
    const double began = machine_thread_seconds();
    double seconds;
    p->probe(TURNS);
    seconds = machine_thread_seconds() - began;
    best = seconds < best ? seconds : best;
    return p->threads > 1 || seconds < 1.2 * best;
}

/* Moves the quiet rounds to the front, and answers how many there are; where there are only a few, keeps all. */
static int keep_quiet(timings *t, int count, const int *quiet, int rounds)
{
    int i, round, kept = 0;
    for (round = 0; round < rounds; ++round)
        kept += quiet[round];
    if (kept < 5)
        return rounds;
    for (round = 0, kept = 0; round < rounds; ++round) {
        for (i = 0; i < count; ++i)
            t->rounds[i][kept] = t->rounds[i][round];
        kept += quiet[round];
    }
    return kept;
}

void measure_calibrate(void (*probe)(int turns))
{
    const plan p = {.threads = 1, .probe = probe};
    const double until = machine_seconds() + 1.0;
    while (machine_seconds() < until)
        (void)undisturbed(&p);
}

void measure(const plan *p, const contender *contenders, int count, timings *t)
{
    int calls[MOST_CONTENDERS], quiet[MOST_ROUNDS];
    int i, round, rounds, kept = 0;
    double spent = machine_seconds();
    const double late = spent + 3.0 * p->seconds;
    for (i = 0; i < count; ++i) {
        double call = 1.0;
        int again;
        for (again = 0; again < 3; ++again) {
            const double seconds = time_batch(p, contenders + i, p->calls > 0 ? p->calls : 1);
            call = seconds < call ? seconds : call;
        }
        calls[i] = p->calls > 0 ? p->calls : call < shortest ? (int)(shortest / call) + 2 : 1;
    }
    spent = machine_seconds() - spent;
    for (round = 0, rounds = 7; round < rounds || (kept < 7 && round < MOST_ROUNDS && machine_seconds() < late);
         ++round) {
        const double began = machine_seconds();
        const int before = undisturbed(p);
        for (i = 0; i < count; ++i)
            t->rounds[i][round] = time_batch(p, contenders + i, calls[i]) / (double)p->elements * 1e9;
        quiet[round] = undisturbed(p) && before;
        kept += quiet[round];
        if (round == 0) {
            const double fit = (p->seconds - spent) / (machine_seconds() - began);
            rounds = fit > MOST_ROUNDS ? MOST_ROUNDS : fit > 7.0 ? (int)fit : 7;
        }
    }
    t->round_count = keep_quiet(t, count, quiet, round);
    t->count = count;
    for (i = 0; i < count; ++i)
        t->ns[i] = median(t->rounds[i], t->round_count);
}

double ratio_to(const timings *t, int i, int first, int last)
{
    double ratios[MOST_ROUNDS];
    int round, j, best = first;
    for (j = first; j < last; ++j)
        best = t->ns[j] < t->ns[best] ? j : best;
    for (round = 0; round < t->round_count; ++round)
        ratios[round] = t->rounds[i][round] / t->rounds[best][round];
    return median(ratios, t->round_count);
}
