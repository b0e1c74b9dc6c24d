#ifndef NA_TEST_LIBRARY_H
#define NA_TEST_LIBRARY_H

#include <stddef.h>
#include <stdint.h>

/* A shared library in memory, and what its loader would look for and find in it. */
typedef struct library {
    const unsigned char *bytes;
    size_t size;
    const char *imports[64]; /* libraries and symbols */
    const char *exports[64];
    int import_count;
    int export_count;
    int has_symbols; /* that a loader does not need */
} library;

/*
 * One reader a format. Each ends the test where the file is cut or lies about itself, and fails it where memory could be
 * both written and run, or lies where it can be guessed.
 */
void na_read_elf(library *l);
void na_read_pe(library *l);
void na_read_macho(library *l);

/* Little-endian numbers and a zero-ended string at a position of the file. */
uint16_t na_u16(const library *l, uint64_t at);
uint32_t na_u32(const library *l, uint64_t at);
uint64_t na_u64(const library *l, uint64_t at);
const char *na_text(const library *l, uint64_t at);

void na_add_import(library *l, const char *name);
void na_add_export(library *l, const char *name);

#endif
