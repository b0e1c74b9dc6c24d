/*
 * native_tests SUITE [--op OP] [--isa ISA] [--quick]
 * native_tests best_isa_is ISA|the_compilers_choice
 * native_tests library|packed_library FILE EXPORT...
 *
 * Answers 0 if the suite passed, 1 if it failed, 77 if it cannot run here.
 */
#include "check.h"
#include "suite.h"

#include <stdio.h>
#include <string.h>

enum { OP, ISA, ONCE };

static const struct {
    const char *name;
    int scope;
    void (*run)(const suite_call *c);
} suites[] = {
#define NA_SUITE(scope, name) {#name, scope, na_suite_##name},
#include "suites.def"
#undef NA_SUITE
};

static const char *const isa_names[] = {"best", "portable", "avx2", "avx512", "neon"};

const char *na_isa_name(int32_t isa)
{
    return isa >= 0 && isa <= NA_ISA_NEON ? isa_names[isa] : "unknown";
}

int32_t na_isa_number(const char *name)
{
    for (int32_t isa = 0; isa <= NA_ISA_NEON; ++isa)
        if (strcmp(isa_names[isa], name) == 0)
            return isa;
    return -1;
}

static int usage(const char *what)
{
    printf("native_tests: %s\n", what);
    return FAILED;
}

static int run(const char *suite, const char *op_name, const char *isa_name, int quick)
{
    suite_call c = {NULL, NULL, NULL, quick};
    const int32_t isa = na_isa_number(isa_name);
    if (op_name && !(c.op = na_find_op(op_name)))
        return usage("no such op");
    if (na_kernels_open(NA_ISA_PORTABLE, &c.portable) != NA_OK)
        return usage("the portable kernels do not open");
    if (na_kernels_open(isa, &c.kernels) != NA_OK) {
        printf("skipped: this CPU does not have %s\n", isa_name);
        return SKIPPED;
    }
    for (size_t i = 0; i < sizeof suites / sizeof suites[0]; ++i) {
        if (strcmp(suites[i].name, suite) != 0)
            continue;
        if (suites[i].scope == OP && !c.op)
            return usage("this suite needs --op");
        suites[i].run(&c);
        return na_failures() > 0 ? FAILED : PASSED;
    }
    return usage("no such suite");
}

int main(int argc, char **argv)
{
    const char *op_name = NULL, *isa_name = "best";
    int quick = 0;
    if (argc < 2)
        return usage("which suite?");
    na_report_crashes();
    if (strcmp(argv[1], "best_isa_is") == 0 && argc == 3) {
        na_suite_best_isa_is(argv[2]);
        return na_failures() > 0 ? FAILED : PASSED;
    }
    if ((strcmp(argv[1], "library") == 0 || strcmp(argv[1], "packed_library") == 0) && argc > 3) {
        na_suite_library(argv[2], strcmp(argv[1], "packed_library") == 0, argv + 3, argc - 3);
        return na_failures() > 0 ? FAILED : PASSED;
    }
    for (int i = 2; i < argc; ++i) {
        if (strcmp(argv[i], "--quick") == 0)
            quick = 1;
        else if (strcmp(argv[i], "--op") == 0 && i + 1 < argc)
            op_name = argv[++i];
        else if (strcmp(argv[i], "--isa") == 0 && i + 1 < argc)
            isa_name = argv[++i];
        else
            return usage("bad arguments");
    }
    return run(argv[1], op_name, isa_name, quick);
}
