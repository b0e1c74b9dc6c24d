/* Mach-O, 64 bits and one architecture: the libraries that are loaded, and the external symbols. */
#include "library.h"

enum { LOAD_DYLIB = 0x0c, LOAD_WEAK_DYLIB = 0x18, REEXPORT_DYLIB = 0x1f, LAZY_LOAD_DYLIB = 0x20, SYMTAB = 2 };

static void read_symbols(library *l, uint64_t command)
{
    enum { SYMBOL = 16, EXTERNAL = 0x01, PRIVATE_EXTERNAL = 0x10, TYPE = 0x0e, DEBUG = 0xe0 };
    const uint64_t first = na_u32(l, command + 8), names = na_u32(l, command + 16);
    for (uint32_t i = 0; i < na_u32(l, command + 12); ++i) {
        const uint64_t at = first + (uint64_t)i * SYMBOL;
        const int type = na_u16(l, at + 4) & 0xff;
        const char *name = na_text(l, names + na_u32(l, at));
        name += *name == '_';
        if ((type & DEBUG) != 0 || (type & EXTERNAL) == 0)
            continue;
        if ((type & TYPE) == 0)
            na_add_import(l, name);
        else if ((type & PRIVATE_EXTERNAL) == 0)
            na_add_export(l, name);
    }
}

void na_read_macho(library *l)
{
    uint64_t at = 32;
    for (uint32_t i = 0; i < na_u32(l, 16); ++i, at += na_u32(l, at + 4)) {
        const uint32_t required = 0x80000000u, command = na_u32(l, at) & ~required;
        switch (command) {
        case LOAD_DYLIB:
        case LOAD_WEAK_DYLIB:
        case REEXPORT_DYLIB:
        case LAZY_LOAD_DYLIB:
            na_add_import(l, na_text(l, at + na_u32(l, at + 8)));
            break;
        case SYMTAB:
            read_symbols(l, at);
            break;
        default:
            break;
        }
    }
}
