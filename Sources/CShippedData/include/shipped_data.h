#ifndef SHIPPED_DATA_H
#define SHIPPED_DATA_H

#include <stddef.h>

/// The three CSV files of Sources/CShippedData/data, compiled into the program.
/// Each is `*_csv_size` bytes of UTF-8 without a terminating zero.
extern const unsigned char mlrepl_iris_csv[];
extern const size_t mlrepl_iris_csv_size;
extern const unsigned char mlrepl_wine_csv[];
extern const size_t mlrepl_wine_csv_size;
extern const unsigned char mlrepl_digits_csv[];
extern const size_t mlrepl_digits_csv_size;

// Arrays of unknown length do not cross into Swift; pointers do.
static inline const unsigned char *mlrepl_iris_csv_bytes(void) { return mlrepl_iris_csv; }
static inline const unsigned char *mlrepl_wine_csv_bytes(void) { return mlrepl_wine_csv; }
static inline const unsigned char *mlrepl_digits_csv_bytes(void) { return mlrepl_digits_csv; }

#endif
