// Counts allocations: LD_PRELOAD=mallocs.so PROGRAM prints at its end how often it asked for memory.
#include <stdatomic.h>
#include <stddef.h>
#include <stdio.h>

extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
static atomic_ulong count;

void *malloc(size_t size) { count++; return __libc_malloc(size); }
void *calloc(size_t number, size_t size) { count++; return __libc_calloc(number, size); }
void *realloc(void *old, size_t size) { count++; return __libc_realloc(old, size); }

__attribute__((destructor)) static void tell(void) { fprintf(stderr, "%lu allocations\n", count); }
