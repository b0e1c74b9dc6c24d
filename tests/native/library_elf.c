/* ELF, 64 bits: the dynamic section's needed libraries and the dynamic symbols. */
#include "library.h"
#include "check.h"

enum { SHT_DYNAMIC = 6, SHT_DYNSYM = 11, DT_NEEDED = 1, SECTION = 64, SYMBOL = 24, DYNAMIC = 16 };

typedef struct section {
    uint32_t type, link;
    uint64_t offset, size;
} section;

static section section_at(const library *l, uint32_t i)
{
    const uint64_t at = na_u64(l, 40) + (uint64_t)i * SECTION;
    const section s = {na_u32(l, at + 4), na_u32(l, at + 40), na_u64(l, at + 24), na_u64(l, at + 32)};
    return s;
}

static void read_symbols(library *l, const section *symbols)
{
    const uint64_t names = section_at(l, symbols->link).offset;
    for (uint64_t at = symbols->offset + SYMBOL; at < symbols->offset + symbols->size; at += SYMBOL) {
        const char *name = na_text(l, names + na_u32(l, at));
        const int defined = na_u16(l, at + 6) != 0;
        const int local = (na_u16(l, at + 4) & 0xff) >> 4 == 0;
        if (!defined)
            na_add_import(l, name);
        else if (!local)
            na_add_export(l, name);
    }
}

static void read_dynamic(library *l, const section *dynamic)
{
    const uint64_t names = section_at(l, dynamic->link).offset;
    for (uint64_t at = dynamic->offset; at < dynamic->offset + dynamic->size; at += DYNAMIC)
        if (na_u64(l, at) == DT_NEEDED)
            na_add_import(l, na_text(l, names + na_u64(l, at + 8)));
}

void na_read_elf(library *l)
{
    const uint16_t sections = na_u16(l, 60);
    int found = 0;
    for (uint16_t i = 0; i < sections; ++i) {
        const section s = section_at(l, i);
        if (s.type == SHT_DYNSYM)
            read_symbols(l, &s);
        else if (s.type == SHT_DYNAMIC)
            read_dynamic(l, &s);
        found |= s.type == SHT_DYNSYM ? 1 : s.type == SHT_DYNAMIC ? 2 : 0;
    }
    if (found != 3)
        na_fail("has no dynamic section or no dynamic symbols");
}
