#include "freed_memory.h"

#if defined(__GLIBC__)
#include <malloc.h>

void freed_memory_keep(size_t bytes) {
  // Larger pieces go back to the system at once, whatever is asked here.
  mallopt(M_MMAP_THRESHOLD, 32 << 20);
  mallopt(M_TRIM_THRESHOLD, (int)bytes);
  // One heap for all threads: what further ones free goes back to the system in spite of this.
  mallopt(M_ARENA_MAX, 1);
}

void freed_memory_release(void) { malloc_trim(0); }
#else
void freed_memory_keep(size_t bytes) { (void)bytes; }

void freed_memory_release(void) {}
#endif
