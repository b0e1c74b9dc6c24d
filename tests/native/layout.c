/*
 * na_layout against the header as this compiler sees it. That layout.def names every field is known by the fields
 * having no gaps: each begins where the one before ended, and the last ends with the struct.
 */
#include "check.h"
#include "suite.h"

#include <string.h>

typedef struct row {
    const char *type;
    const char *field;
    uint64_t value;
    uint64_t size;
} row;

static const row rows[] = {
#define NA_STRUCT(type) {#type, NULL, sizeof(type), 0},
#define NA_FIELD(type, field) {#type, #field, offsetof(type, field), sizeof(((type *)0)->field)},
#include "layout.def"
#undef NA_STRUCT
#undef NA_FIELD
};

enum { ROWS = sizeof rows / sizeof rows[0] };

static void check_gaps(void)
{
    uint64_t size = 0, at = 0;
    for (int i = 0; i <= ROWS; ++i) {
        if (i == ROWS || !rows[i].field) {
            if (at != size)
                na_fail("layout.def does not know the last fields of the struct before entry %d", i);
            size = i < ROWS ? rows[i].value : 0;
            at = 0;
        } else {
            if (rows[i].value != at)
                na_fail("layout.def does not know the field of %s at %d", rows[i].type, (int)at);
            at = rows[i].value + rows[i].size;
        }
    }
}

void na_suite_layout_is_complete(const suite_call *c)
{
    const na_layout_entry *entries = NULL;
    uint64_t count = 0;
    (void)c;
    if (na_abi_version() != NA_ABI_VERSION)
        na_fail("ABI version %u, the header's is %u", (unsigned)na_abi_version(), (unsigned)NA_ABI_VERSION);
    check_gaps();
    na_expect_status(NA_OK, na_layout(&entries, &count));
    if (count != ROWS)
        na_fail("%d entries, expected %d", (int)count, (int)ROWS);
    for (int i = 0; i < ROWS && (uint64_t)i < count; ++i) {
        const na_layout_entry *e = &entries[i];
        const char *name = rows[i].field ? rows[i].field : "its size";
        const int same_field = rows[i].field ? e->field && strcmp(e->field, rows[i].field) == 0 : !e->field;
        na_note("entry %d: %s, %s", i, rows[i].type, name);
        if (!e->type || strcmp(e->type, rows[i].type) != 0 || !same_field || e->value != rows[i].value)
            na_fail("is %s, %s, %d; expected %d", e->type ? e->type : "null", e->field ? e->field : "null",
                    (int)e->value, (int)rows[i].value);
    }
}
