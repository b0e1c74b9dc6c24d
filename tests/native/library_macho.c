/*
 * Mach-O, 64 bits and one architecture: the libraries that are loaded, the external symbols, what memory may do, and the
 * system that it is for.
 */
#include "library.h"
#include "check.h"

#include <string.h>

enum {
    SYMTAB = 0x02,
    LOAD_DYLIB = 0x0c,
    ID_DYLIB = 0x0d,
    LOAD_WEAK_DYLIB = 0x18,
    SEGMENT_64 = 0x19,
    CODE_SIGNATURE = 0x1d,
    REEXPORT_DYLIB = 0x1f,
    LAZY_LOAD_DYLIB = 0x20,
    BUILD_VERSION = 0x32
};

static void read_symbols(library *l, uint64_t command)
{
    enum { SYMBOL = 16, EXTERNAL = 0x01, PRIVATE_EXTERNAL = 0x10, TYPE = 0x0e, DEBUG = 0xe0 };
    const uint64_t first = na_u32(l, command + 8), names = na_u32(l, command + 16);
    for (uint32_t i = 0; i < na_u32(l, command + 12); ++i) {
        const uint64_t at = first + (uint64_t)i * SYMBOL;
        const int type = na_u16(l, at + 4) & 0xff;
        const char *name = na_text(l, names + na_u32(l, at));
        name += *name == '_';
        l->has_symbols |= (type & DEBUG) != 0 || (type & EXTERNAL) == 0;
        if ((type & DEBUG) != 0 || (type & EXTERNAL) == 0)
            continue;
        if ((type & TYPE) == 0)
            na_add_import(l, name);
        else if ((type & PRIVATE_EXTERNAL) == 0)
            na_add_export(l, name);
    }
}

static void read_build_version(const library *l, uint64_t command)
{
    const uint32_t macos = 1, macos_11 = 11 << 16;
    if (na_u32(l, command + 8) != macos || na_u32(l, command + 12) != macos_11)
        na_fail("is for platform %u, version %x, not for macOS 11.0", (unsigned)na_u32(l, command + 8),
                (unsigned)na_u32(l, command + 12));
}

void na_read_macho(library *l)
{
    enum { W = 2, X = 4, STACK_EXECUTION = 0x20000 };
    uint64_t at = 32;
    int for_macos = 0, is_signed = 0;
    if (na_u32(l, 24) & STACK_EXECUTION)
        na_fail("asks for an executable stack");
    for (uint32_t i = 0; i < na_u32(l, 16); ++i, at += na_u32(l, at + 4)) {
        const uint32_t required = 0x80000000u, command = na_u32(l, at) & ~required;
        switch (command) {
        case LOAD_DYLIB:
        case LOAD_WEAK_DYLIB:
        case REEXPORT_DYLIB:
        case LAZY_LOAD_DYLIB:
            na_add_import(l, na_text(l, at + na_u32(l, at + 8)));
            break;
        case ID_DYLIB:
            if (strncmp(na_text(l, at + na_u32(l, at + 8)), "@rpath/", 7) != 0)
                na_fail("names a folder of the machine that built it");
            break;
        case SYMTAB:
            read_symbols(l, at);
            break;
        case SEGMENT_64:
            if ((na_u32(l, at + 60) & (W | X)) == (W | X))
                na_fail("has a segment that is writable and executable");
            break;
        case BUILD_VERSION:
            read_build_version(l, at);
            for_macos = 1;
            break;
        case CODE_SIGNATURE:
            is_signed = 1;
            break;
        default:
            break;
        }
    }
    if (!for_macos)
        na_fail("does not say which macOS it is for");
    if (!is_signed)
        na_fail("is not signed");
}
