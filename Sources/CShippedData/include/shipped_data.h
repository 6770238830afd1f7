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

#endif
