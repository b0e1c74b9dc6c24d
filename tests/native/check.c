#include "check.h"

#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static char note[512] = "at the start";
static int failures;

void na_note(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(note, sizeof note, format, args);
    va_end(args);
}

void na_fail(const char *format, ...)
{
    va_list args;
    printf("FAILED: ");
    va_start(args, format);
    vprintf(format, args);
    va_end(args);
    printf("\n    %s\n", note);
    fflush(stdout);
    if (++failures == 10) {
        printf("and more; stopped\n");
        exit(FAILED);
    }
}

void na_expect_status(int32_t expected, int32_t got)
{
    if (expected != got)
        na_fail("status %d, expected %d", (int)got, (int)expected);
}

int na_failures(void)
{
    return failures;
}

static void crashed(int number)
{
    printf("FAILED: crashed by signal %d\n    %s\n", number, note);
    fflush(stdout);
    _Exit(FAILED);
}

void na_report_crashes(void)
{
    signal(SIGSEGV, crashed);
    signal(SIGILL, crashed);
    signal(SIGFPE, crashed);
#ifdef SIGBUS
    signal(SIGBUS, crashed);
#endif
}
