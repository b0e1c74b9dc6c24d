/* A header of the forms that native_adamax.h has or may come to have. NA_API int32_t na_only_in_a_comment(void); */
#ifndef SAMPLE_H
#define SAMPLE_H

#include <stddef.h>
#include <stdint.h>

#if defined(NA_STATIC)
#define NA_API
#else
#define NA_API __attribute__((visibility("default")))
#endif

#define NA_VERSION 7u
#define NA_OK 0
#define NA_LOWEST -5
#define NA_MASK 0xF0 /* 240 */
#define NA_LARGE 0x100000000ull

typedef struct na_handle na_handle;

NA_API uint32_t na_version(void);

/* struct na_not_here { int32_t no; }; */
typedef struct na_mixed_row {
    float scale;
    double sums;
    int8_t small;
    uint8_t byte;
    int16_t narrow;
    uint16_t half;
    int64_t offset;
    uint64_t count;
    size_t bytes;
} na_mixed_row;

NA_API void na_close(na_handle *handle);

typedef struct na_view {
    const na_mixed_row *rows;
    na_handle *handle;
    const char *name;
    void *user;
    na_mixed_row first;
} na_view;

/* With a parameter whose name C# keeps for itself. */
NA_API int32_t na_open(const na_view *in, na_handle **handle, size_t bytes);

NA_API const na_mixed_row *na_rows(const na_handle *handle,
                                   uint64_t *count);

#endif
