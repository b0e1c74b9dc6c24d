/* What differs between operating systems: the clock, memory, threads, and what the machine is called. */
#ifndef MACHINE_H
#define MACHINE_H

#include <stddef.h>

double machine_seconds(void);

/*
 * Seconds that the calling thread has run: those of other programs on its CPU do not count. Where the system's clock
 * of that is too coarse, those that have passed.
 */
double machine_thread_seconds(void);

int machine_cpus(void);

/* The CPU's name, cut to the buffer. */
void machine_name(char *name, size_t size);

/* Zeroed pages, huge ones where they are asked for and the system has them; null if there is not so much. */
void *machine_pages(size_t bytes, int huge);

void machine_free(void *pages, size_t bytes);

/* Calls work(context, 0), ..., work(context, threads - 1), each on a thread of its own, the caller's for 0. */
void machine_run(int threads, void (*work)(void *context, int thread), void *context);

#endif
