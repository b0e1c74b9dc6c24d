#if !defined(_WIN32)
#define _DEFAULT_SOURCE
#endif
#include "machine.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    void (*work)(void *context, int thread);
    void *context;
    int thread;
} task;

enum { MOST_THREADS = 256 };

#if defined(_WIN32)
#include <windows.h>

double machine_seconds(void)
{
    LARGE_INTEGER now, rate;
    QueryPerformanceCounter(&now);
    QueryPerformanceFrequency(&rate);
    return (double)now.QuadPart / (double)rate.QuadPart;
}

double machine_thread_seconds(void)
{
    return machine_seconds();
}

int machine_cpus(void)
{
    SYSTEM_INFO info;
    GetSystemInfo(&info);
    return (int)info.dwNumberOfProcessors;
}

void machine_name(char *name, size_t size)
{
    const char *cpu = getenv("PROCESSOR_IDENTIFIER");
    snprintf(name, size, "%s", cpu != 0 ? cpu : "unknown CPU");
}

void *machine_pages(size_t bytes, int huge)
{
    (void)huge; /* needs a privilege there */
    return VirtualAlloc(0, bytes, MEM_COMMIT | MEM_RESERVE, PAGE_READWRITE);
}

void machine_free(void *pages, size_t bytes)
{
    (void)bytes;
    VirtualFree(pages, 0, MEM_RELEASE);
}

static DWORD WINAPI start(void *p)
{
    const task *t = p;
    t->work(t->context, t->thread);
    return 0;
}

typedef HANDLE handle;

static int begin(handle *h, task *t)
{
    *h = CreateThread(0, 0, start, t, 0, 0);
    return *h != 0;
}

static void finish(handle h)
{
    WaitForSingleObject(h, INFINITE);
    CloseHandle(h);
}

#else
#include <pthread.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

double machine_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

double machine_thread_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

int machine_cpus(void)
{
    return (int)sysconf(_SC_NPROCESSORS_ONLN);
}

void machine_name(char *name, size_t size)
{
    char line[256];
    FILE *file = fopen("/proc/cpuinfo", "r");
    snprintf(name, size, "unknown CPU");
    while (file != 0 && fgets(line, sizeof line, file) != 0) {
        const char *value = strchr(line, ':');
        if (value != 0 && strncmp(line, "model name", 10) == 0) {
            snprintf(name, size, "%.*s", (int)strcspn(value + 2, "\n"), value + 2);
            break;
        }
    }
    if (file != 0)
        fclose(file);
}

void *machine_pages(size_t bytes, int huge)
{
    void *pages = mmap(0, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON, -1, 0);
    if (pages == MAP_FAILED)
        return 0;
#if defined(MADV_HUGEPAGE)
    if (huge)
        (void)madvise(pages, bytes, MADV_HUGEPAGE);
#else
    (void)huge;
#endif
    return pages;
}

void machine_free(void *pages, size_t bytes)
{
    munmap(pages, bytes);
}

static void *start(void *p)
{
    const task *t = p;
    t->work(t->context, t->thread);
    return 0;
}

typedef pthread_t handle;

static int begin(handle *h, task *t)
{
    return pthread_create(h, 0, start, t) == 0;
}

static void finish(handle h)
{
    pthread_join(h, 0);
}
#endif

void machine_run(int threads, void (*work)(void *context, int thread), void *context)
{
    static handle handles[MOST_THREADS];
    static task tasks[MOST_THREADS];
    int i;
    if (threads > MOST_THREADS) {
        fprintf(stderr, "more than %d threads cannot be measured\n", MOST_THREADS);
        exit(3);
    }
    for (i = 1; i < threads; ++i) {
        tasks[i] = (task){work, context, i};
        if (!begin(&handles[i], &tasks[i])) {
            fprintf(stderr, "a thread cannot be started\n");
            exit(3);
        }
    }
    work(context, 0);
    for (i = 1; i < threads; ++i)
        finish(handles[i]);
}
