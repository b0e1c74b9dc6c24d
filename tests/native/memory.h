#ifndef NA_TEST_MEMORY_H
#define NA_TEST_MEMORY_H

#include <stddef.h>

/* Some pages between two that nothing can read or write. */
typedef struct guarded {
    unsigned char *pages; /* the first usable byte */
    size_t bytes;         /* all usable bytes, a whole number of pages */
} guarded;

/* At least this many bytes. */
guarded na_guarded(size_t bytes);

void na_free_guarded(guarded *g);

/*
 * Makes the pages readable and writable, or readable only. A sanitizer build also forbids the bytes of the pages
 * outside first to first + bytes - 1; na_open makes them all accessible again.
 */
void na_close(const guarded *g, const void *first, size_t bytes, int writable);
void na_open(const guarded *g);

/* Where so many bytes start so that they end at the last usable one. */
void *na_at_end(const guarded *g, size_t bytes);

#endif
