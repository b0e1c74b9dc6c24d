/*
 * What the built library asks of its loader, and what it gives: read from the file itself, so that no tool is needed
 * and a library built for another platform can be read too.
 */
#include "library.h"
#include "check.h"
#include "suite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const unsigned char *bytes_at(const library *l, uint64_t at, uint64_t count)
{
    if (at > l->size || count > l->size - at) {
        printf("FAILED: the file ends before byte %llu\n", (unsigned long long)(at + count));
        exit(FAILED);
    }
    return l->bytes + at;
}

uint16_t na_u16(const library *l, uint64_t at)
{
    const unsigned char *p = bytes_at(l, at, 2);
    return (uint16_t)(p[0] | p[1] << 8);
}

uint32_t na_u32(const library *l, uint64_t at)
{
    return na_u16(l, at) | (uint32_t)na_u16(l, at + 2) << 16;
}

uint64_t na_u64(const library *l, uint64_t at)
{
    return na_u32(l, at) | (uint64_t)na_u32(l, at + 4) << 32;
}

const char *na_text(const library *l, uint64_t at)
{
    const char *text = (const char *)bytes_at(l, at, 1);
    if (!memchr(text, 0, l->size - at)) {
        printf("FAILED: a name has no end\n");
        exit(FAILED);
    }
    return text;
}

static void add(const char **names, int *count, const char *name)
{
    if (*count == 64) {
        printf("FAILED: more than 64 names, the last is %s\n", name);
        exit(FAILED);
    }
    names[(*count)++] = name;
}

void na_add_import(library *l, const char *name)
{
    add(l->imports, &l->import_count, name);
}

void na_add_export(library *l, const char *name)
{
    add(l->exports, &l->export_count, name);
}

static int has(const char *const *names, int count, const char *name)
{
    for (int i = 0; i < count; ++i)
        if (strcmp(names[i], name) == 0)
            return 1;
    return 0;
}

static unsigned char *read_file(const char *file, size_t *size)
{
    enum { MOST = 1 << 24 };
    FILE *f = fopen(file, "rb");
    unsigned char *bytes = malloc(MOST);
    if (!f || !bytes) {
        printf("FAILED: cannot read %s\n", file);
        exit(FAILED);
    }
    *size = fread(bytes, 1, MOST, f);
    fclose(f);
    return bytes;
}

void na_suite_library(const char *file, int packed, char **exports, int export_count)
{
    enum { MOST_PACKED = 640 * 1024 };
    library l = {0};
    unsigned char *bytes = read_file(file, &l.size);
    l.bytes = bytes;
    na_note("%s", file);
    if (l.size >= 4 && memcmp(bytes, "\177ELF", 4) == 0)
        na_read_elf(&l);
    else if (l.size >= 2 && memcmp(bytes, "MZ", 2) == 0)
        na_read_pe(&l);
    else if (l.size >= 4 && na_u32(&l, 0) == 0xfeedfacfu)
        na_read_macho(&l);
    else
        na_fail("is not a 64-bit ELF, PE or Mach-O file");

    for (int i = 0; i < l.import_count; ++i)
        na_fail("imports %s", l.imports[i]);
    for (int i = 0; i < l.export_count; ++i)
        if (!has((const char *const *)exports, export_count, l.exports[i]))
            na_fail("exports %s, which the header does not declare", l.exports[i]);
    for (int i = 0; i < export_count; ++i)
        if (!has(l.exports, l.export_count, exports[i]))
            na_fail("does not export %s", exports[i]);
    if (packed && l.has_symbols)
        na_fail("has symbols that no loader needs");
    if (packed && l.size > MOST_PACKED)
        na_fail("has %llu bytes, more than %d", (unsigned long long)l.size, MOST_PACKED);
    free(bytes);
}
