#ifndef NA_TEST_CHECK_H
#define NA_TEST_CHECK_H

#include <stdint.h>

/* What a test program answers ctest. */
enum { PASSED = 0, FAILED = 1, SKIPPED = 77 };

/* What the running test is doing: printed with a failure, and where it crashes. */
void na_note(const char *format, ...);

/* Counts a failure and prints it with the note; ends the program after some of them. */
void na_fail(const char *format, ...);

/* Fails unless a status is the one expected. */
void na_expect_status(int32_t expected, int32_t got);

int na_failures(void);

/* Prints the note where the program gets a signal that would end it, so that a crash says what crashed. */
void na_report_crashes(void);

#endif
