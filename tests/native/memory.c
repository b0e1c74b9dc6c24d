#if !defined(_WIN32)
#define _DEFAULT_SOURCE
#endif
#include "memory.h"

#include <stdio.h>
#include <stdlib.h>

#if defined(_WIN32)
#include <windows.h>
#else
#include <sys/mman.h>
#include <unistd.h>
#endif

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define NA_ASAN 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(NA_ASAN)
#include <sanitizer/asan_interface.h>
#else
#define ASAN_POISON_MEMORY_REGION(p, n) ((void)(p), (void)(n))
#define ASAN_UNPOISON_MEMORY_REGION(p, n) ((void)(p), (void)(n))
#endif

enum { CLOSED, READABLE, WRITABLE };

static size_t page_size(void)
{
#if defined(_WIN32)
    SYSTEM_INFO info;
    GetSystemInfo(&info);
    return info.dwPageSize;
#else
    return (size_t)sysconf(_SC_PAGESIZE);
#endif
}

static void protect(unsigned char *p, size_t bytes, int access)
{
#if defined(_WIN32)
    static const DWORD flags[] = {PAGE_NOACCESS, PAGE_READONLY, PAGE_READWRITE};
    DWORD before;
    const int done = VirtualProtect(p, bytes, flags[access], &before) != 0;
#else
    static const int flags[] = {PROT_NONE, PROT_READ, PROT_READ | PROT_WRITE};
    const int done = mprotect(p, bytes, flags[access]) == 0;
#endif
    if (!done) {
        printf("FAILED: cannot protect pages\n");
        exit(1);
    }
}

guarded na_guarded(size_t bytes)
{
    const size_t page = page_size();
    guarded g;
    unsigned char *all;
    g.bytes = (bytes + page - 1) / page * page;
#if defined(_WIN32)
    all = VirtualAlloc(NULL, g.bytes + 2 * page, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
#else
    all = mmap(NULL, g.bytes + 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (all == MAP_FAILED)
        all = NULL;
#endif
    if (all == NULL) {
        printf("FAILED: no memory for guarded pages\n");
        exit(1);
    }
    g.pages = all + page;
    protect(all, page, CLOSED);
    protect(g.pages + g.bytes, page, CLOSED);
    return g;
}

void na_free_guarded(guarded *g)
{
    const size_t page = page_size();
    na_open(g);
#if defined(_WIN32)
    VirtualFree(g->pages - page, 0, MEM_RELEASE);
#else
    munmap(g->pages - page, g->bytes + 2 * page);
#endif
}

void na_close(const guarded *g, const void *first, size_t bytes, int writable)
{
    const unsigned char *p = first;
    const unsigned char *end = p + bytes;
    if (!writable)
        protect(g->pages, g->bytes, READABLE);
    ASAN_POISON_MEMORY_REGION(g->pages, (size_t)(p - g->pages));
    ASAN_POISON_MEMORY_REGION(end, (size_t)(g->pages + g->bytes - end));
}

void na_open(const guarded *g)
{
    ASAN_UNPOISON_MEMORY_REGION(g->pages, g->bytes);
    protect(g->pages, g->bytes, WRITABLE);
}

void *na_at_end(const guarded *g, size_t bytes)
{
    return g->pages + g->bytes - bytes;
}
