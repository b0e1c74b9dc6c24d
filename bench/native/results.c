#include "results.h"

#include "native_adamax.h"

#include <string.h>

const char *isa_name(int32_t isa)
{
    static const char *const names[] = {"best", "portable", "avx2", "avx512", "neon"};
    return names[isa];
}

void results_open(results *r, FILE *table, int check)
{
    memset(r, 0, sizeof *r);
    r->table = table;
    r->check = check;
    if (table != 0)
        fprintf(table, "op\tisa\telements\tlayout\tthreads\tns\treference\treference_ns\tratio\tlimit\tmoved\tkept\n");
}

static void print_elements(char *text, size_t size, size_t elements)
{
    if (elements % (1u << 20) == 0)
        snprintf(text, size, "%zu Mi", elements >> 20);
    else
        snprintf(text, size, "%zu Ki", elements >> 10);
}

void results_add(results *r, const result *row)
{
    const int missed = row->limit > 0.0 && row->ratio > row->limit;
    char what[160], elements[32];
    print_elements(elements, sizeof elements, row->elements);
    snprintf(what, sizeof what, "%-36s %6s %-9s %dT  %-9s%6.3f", row->op, elements, row->layout, row->threads,
             row->reference, row->reference_ns);
    if (strcmp(what, r->last) != 0)
        printf("%s%s", r->rows > 0 ? "\n" : "", what);
    if (row->moved > 0.0 && strcmp(what, r->last) != 0)
        printf(" moved %4.1f kept %4.1f", row->moved, row->kept);
    memcpy(r->last, what, sizeof what);
    printf(" | %-8s%6.3f x%.2f%s", row->isa, row->ns, row->ratio, missed ? " MISSED" : "");
    if (missed)
        printf(" (%.2f)", row->limit);
    fflush(stdout);
    ++r->rows;
    r->limited += row->limit > 0.0;
    r->missed += missed;
    if (r->table != 0)
        fprintf(r->table, "%s\t%s\t%zu\t%s\t%d\t%.4f\t%s\t%.4f\t%.3f\t%.4f\t%.2f\t%.2f\n", row->op, row->isa,
                row->elements, row->layout, row->threads, row->ns, row->reference, row->reference_ns, row->ratio,
                row->limit, row->moved, row->kept);
    if (missed && r->check)
        fprintf(stderr, "missed: %s, %s, %s, %s, %d thread(s): %.2f times the %s, %.2f allowed\n", row->op, row->isa,
                elements, row->layout, row->threads, row->ratio, row->reference, row->limit);
}

void results_leave_out(results *r, const char *op, size_t elements)
{
    fprintf(stderr, "no memory for %s of %zu parameters\n", op, elements);
    ++r->left_out;
}

int results_close(results *r)
{
    printf("\n%d rows, %d of them with a target, %d missed, %d left out\n", r->rows, r->limited, r->missed, r->left_out);
    return r->check && (r->missed > 0 || r->left_out > 0 || r->limited == 0) ? 1 : 0;
}
