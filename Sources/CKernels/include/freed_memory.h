#ifndef FREED_MEMORY_H
#define FREED_MEMORY_H

#include <stddef.h>

/// Lets the process keep up to so many bytes that it frees.
void freed_memory_keep(size_t bytes);
/// Gives freed memory back to the system.
void freed_memory_release(void);

#endif
