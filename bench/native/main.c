/* The kernels beside the memory roof: docs/performance.md says how to read it. */
#include "sections.h"

#include "machine.h"
#include "measure.h"

#include <stdlib.h>
#include <string.h>

static const char usage[] =
    "usage: native_bench [--quick] [--check] [--table FILE] [--op NAME] [--elements N] [--layout NAME]\n"
    "                    [--threads N] [--seconds S] [--section sizes|denormals|lists|precision]\n"
    "  --quick     fewer cases, sizes and layouts\n"
    "  --check     exit with 1 and the names of the rows if a target is missed\n"
    "  --table     write the rows to a file, tab-separated\n"
    "  --op        only cases whose name begins so\n"
    "  --seconds   that one row takes, about\n";

int asked_for(const settings *s, const char *name)
{
    return s->op == 0 || strncmp(name, s->op, strlen(s->op)) == 0;
}

/* A whole number above 0; 0: it is none. */
static size_t number_of(const char *text)
{
    char *end;
    const unsigned long long n = strtoull(text, &end, 10);
    return *text < '0' || *text > '9' || *end != 0 ? 0 : (size_t)n;
}

/* Those that this build has and this CPU runs. */
static void find_isas(settings *s)
{
    static const int32_t order[] = {NA_ISA_AVX512, NA_ISA_AVX2, NA_ISA_NEON, NA_ISA_PORTABLE};
    size_t i;
    for (i = 0; i < sizeof order / sizeof order[0]; ++i) {
        const na_kernels *kernels;
        if (roof_of(order[i]) != 0 && na_kernels_open(order[i], &kernels) == NA_OK) {
            s->isas[s->isa_count] = order[i];
            s->kernels[s->isa_count] = kernels;
            s->roofs[s->isa_count++] = roof_of(order[i]);
        }
    }
}

int main(int argc, char **argv)
{
    settings s = {.seconds = 0.0};
    results out;
    FILE *table = 0;
    const char *section = "";
    char cpu[128];
    int i, status, check = 0;
    for (i = 1; i < argc; ++i) {
        const char *value = i + 1 < argc ? argv[i + 1] : 0;
        if (strcmp(argv[i], "--quick") == 0) {
            s.quick = 1;
            continue;
        }
        if (strcmp(argv[i], "--check") == 0) {
            check = 1;
            continue;
        }
        if (value == 0) {
            fputs(usage, stderr);
            return 2;
        }
        if (strcmp(argv[i], "--table") == 0) {
            table = fopen(value, "w");
            if (table == 0) {
                fprintf(stderr, "%s cannot be written\n", value);
                return 2;
            }
        } else if (strcmp(argv[i], "--op") == 0) {
            s.op = value;
        } else if (strcmp(argv[i], "--elements") == 0) {
            s.elements = number_of(value);
        } else if (strcmp(argv[i], "--layout") == 0) {
            s.only = value;
        } else if (strcmp(argv[i], "--threads") == 0) {
            s.threads = (int)number_of(value);
        } else if (strcmp(argv[i], "--seconds") == 0) {
            s.seconds = atof(value);
        } else if (strcmp(argv[i], "--section") == 0) {
            section = value;
        } else {
            fputs(usage, stderr);
            return 2;
        }
        if ((strcmp(argv[i], "--elements") == 0 && s.elements == 0) ||
            (strcmp(argv[i], "--threads") == 0 && s.threads <= 0)) {
            fprintf(stderr, "%s: %s is not a whole number above 0\n", argv[i], value);
            return 2;
        }
        ++i;
    }
    if (*section != 0 && strcmp(section, "sizes") != 0 && strcmp(section, "denormals") != 0 &&
        strcmp(section, "lists") != 0 && strcmp(section, "precision") != 0) {
        fputs(usage, stderr);
        return 2;
    }
    if (s.seconds <= 0.0)
        s.seconds = s.quick ? 0.1 : 0.2;
    cases_open();
    find_isas(&s);
    s.out = &out;
    machine_name(cpu, sizeof cpu);
    printf("%s, %d CPUs. ns for a parameter: medians, interleaved; x: times the reference in the same round.\n", cpu,
           machine_cpus());
    measure_calibrate(s.roofs[0]->probe);
    results_open(&out, table, check);
    if (*section == 0 || strcmp(section, "sizes") == 0)
        run_sizes(&s);
    if (*section == 0 || strcmp(section, "denormals") == 0)
        run_denormals(&s);
    if (*section == 0 || strcmp(section, "lists") == 0)
        run_lists(&s);
    if (*section == 0 || strcmp(section, "precision") == 0)
        run_precision(&s);
    status = results_close(&out);
    if (table != 0) {
        const int failed = ferror(table);
        if (fclose(table) != 0 || failed) {
            fputs("the table could not be written\n", stderr);
            return 2;
        }
    }
    if (out.rows + out.left_out == 0) {
        fputs("no row is of this op, these elements, this layout and these threads\n", stderr);
        return 2;
    }
    return status;
}
