/* PE, 64 bits: the import, delayed import and export directories, and what memory may do. */
#include "library.h"
#include "check.h"

enum { EXPORTS = 0, IMPORTS = 1, EXCEPTIONS = 3, DEBUG = 6, DELAYED_IMPORTS = 13, SECTION = 40 };

/* Where the byte at a relative virtual address lies in the file. */
static uint64_t file_offset(const library *l, uint32_t address)
{
    const uint64_t pe = na_u32(l, 60);
    const uint64_t first = pe + 24 + na_u16(l, pe + 20);
    for (uint32_t i = 0; i < na_u16(l, pe + 6); ++i) {
        const uint64_t at = first + (uint64_t)i * SECTION;
        const uint32_t start = na_u32(l, at + 12), size = na_u32(l, at + 16);
        if (address >= start && address - start < size)
            return (uint64_t)na_u32(l, at + 20) + (address - start);
    }
    na_fail("address %x is in no section", (unsigned)address);
    return l->size;
}

static uint32_t directory(const library *l, int i)
{
    const uint64_t optional = (uint64_t)na_u32(l, 60) + 24;
    return (uint32_t)i < na_u32(l, optional + 108) ? na_u32(l, optional + 112 + 8 * (uint64_t)i) : 0;
}

/* Rows that end with one of zeros; each row has the address of a library's name. */
static void read_imports(library *l, uint32_t address, uint64_t row, uint64_t name)
{
    if (address == 0)
        return;
    for (uint64_t at = file_offset(l, address); na_u32(l, at + name) != 0; at += row)
        na_add_import(l, na_text(l, file_offset(l, na_u32(l, at + name))));
}

/* Whether the code returns only to where it was called from, so that Windows may check it. */
static int fits_shadow_stacks(const library *l)
{
    enum { ENTRY = 28, EXTENDED_CHARACTERISTICS = 20, CET_COMPAT = 1 };
    const uint32_t address = directory(l, DEBUG);
    if (address == 0)
        return 0;
    const uint64_t first = file_offset(l, address);
    const uint64_t end = first + na_u32(l, (uint64_t)na_u32(l, 60) + 24 + 112 + 8 * DEBUG + 4);
    for (uint64_t at = first; at < end; at += ENTRY)
        if (na_u32(l, at + 12) == EXTENDED_CHARACTERISTICS)
            return (na_u32(l, na_u32(l, at + 24)) & CET_COMPAT) != 0;
    return 0;
}

static void read_protection(const library *l, uint64_t pe)
{
    enum { HIGH_ENTROPY = 0x20, DYNAMIC_BASE = 0x40, NX = 0x100, RELOCATIONS_STRIPPED = 1 };
    const uint16_t x64 = 0x8664;
    const uint32_t writable_code = 0xa0000000u;
    const uint64_t first = pe + 24 + na_u16(l, pe + 20);
    const uint16_t flags = na_u16(l, pe + 24 + 70);
    if (!(flags & DYNAMIC_BASE) || !(flags & HIGH_ENTROPY) || (na_u16(l, pe + 22) & RELOCATIONS_STRIPPED))
        na_fail("cannot be loaded at any address");
    if (!(flags & NX))
        na_fail("does not say that its data is not executable");
    for (uint32_t i = 0; i < na_u16(l, pe + 6); ++i)
        if ((na_u32(l, first + (uint64_t)i * SECTION + 36) & writable_code) == writable_code)
            na_fail("has a section that is writable and executable");
    if (na_u16(l, pe + 4) == x64 && !fits_shadow_stacks(l))
        na_fail("does not say that it fits shadow stacks");
    if (directory(l, EXCEPTIONS) == 0)
        na_fail("does not say how its stack is unwound");
}

void na_read_pe(library *l)
{
    const uint64_t pe = na_u32(l, 60), optional = pe + 24;
    if (na_u16(l, optional) != 0x20b) {
        na_fail("is not a PE file of 64 bits");
        return;
    }
    l->has_symbols = na_u32(l, pe + 12) != 0;
    read_protection(l, pe);
    read_imports(l, directory(l, IMPORTS), 20, 12);
    read_imports(l, directory(l, DELAYED_IMPORTS), 32, 4);
    if (directory(l, EXPORTS) != 0) {
        const uint64_t at = file_offset(l, directory(l, EXPORTS));
        const uint64_t names = file_offset(l, na_u32(l, at + 32));
        for (uint32_t i = 0; i < na_u32(l, at + 24); ++i)
            na_add_export(l, na_text(l, file_offset(l, na_u32(l, names + 4 * (uint64_t)i))));
    }
}
