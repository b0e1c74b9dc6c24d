/* ELF, 64 bits: the dynamic section's needed libraries, the dynamic symbols, and what memory may do. */
#include "library.h"
#include "check.h"

enum { SHT_SYMTAB = 2, SHT_DYNAMIC = 6, SHT_NOTE = 7, SHT_DYNSYM = 11, SECTION = 64, SYMBOL = 24, DYNAMIC = 16 };

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
    enum { NEEDED = 1, TEXTREL = 22, BIND_NOW = 24, FLAGS = 30, FLAGS_1 = 0x6ffffffb };
    const uint64_t names = section_at(l, dynamic->link).offset;
    uint64_t now = 0, text_relocations = 0;
    for (uint64_t at = dynamic->offset; at < dynamic->offset + dynamic->size; at += DYNAMIC) {
        const uint64_t tag = na_u64(l, at), value = na_u64(l, at + 8);
        if (tag == NEEDED)
            na_add_import(l, na_text(l, names + value));
        now |= tag == BIND_NOW ? 1 : tag == FLAGS ? value & 8 : tag == FLAGS_1 ? value & 1 : 0;
        text_relocations |= tag == TEXTREL ? 1 : tag == FLAGS ? value & 4 : 0;
    }
    if (!now)
        na_fail("does not bind at once, so that its relocations stay writable");
    if (text_relocations)
        na_fail("has relocations in its code");
}

static void read_segments(const library *l)
{
    enum { LOAD = 1, GNU_STACK = 0x6474e551, GNU_RELRO = 0x6474e552, SEGMENT = 56, X = 1, W = 2 };
    int stack = 0, relro = 0;
    for (uint16_t i = 0; i < na_u16(l, 56); ++i) {
        const uint64_t at = na_u64(l, 32) + (uint64_t)i * SEGMENT;
        const uint32_t type = na_u32(l, at), flags = na_u32(l, at + 4);
        if (type == LOAD && (flags & (W | X)) == (W | X))
            na_fail("has a segment that is writable and executable");
        if (type == GNU_STACK && (flags & X))
            na_fail("asks for an executable stack");
        stack |= type == GNU_STACK;
        relro |= type == GNU_RELRO;
    }
    if (!stack)
        na_fail("does not say that its stack is not executable");
    if (!relro)
        na_fail("does not ask for its relocations to become read-only");
}

static int is_build_identifier(const library *l, const section *note)
{
    enum { BUILD_ID = 3 };
    const uint32_t gnu = 0x00554e47;
    return note->size > 16 && na_u32(l, note->offset + 8) == BUILD_ID && na_u32(l, note->offset + 12) == gnu;
}

void na_read_elf(library *l)
{
    const uint16_t sections = na_u16(l, 60);
    int found = 0, identified = 0;
    for (uint16_t i = 0; i < sections; ++i) {
        const section s = section_at(l, i);
        if (s.type == SHT_DYNSYM)
            read_symbols(l, &s);
        else if (s.type == SHT_DYNAMIC)
            read_dynamic(l, &s);
        else if (s.type == SHT_NOTE)
            identified |= is_build_identifier(l, &s);
        found |= s.type == SHT_DYNSYM ? 1 : s.type == SHT_DYNAMIC ? 2 : 0;
        l->has_symbols |= s.type == SHT_SYMTAB;
    }
    if (found != 3)
        na_fail("has no dynamic section or no dynamic symbols");
    if (!identified)
        na_fail("has no build identifier to find its symbols by");
    read_segments(l);
}
