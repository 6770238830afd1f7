// Products of small matrices, for the processor that NAME and the surrounding attribute stand for.
// Included once for each, before loops.h; there is no guard.
//
// Every entry is the sum of its k products in order, wherever it lies and however wide vectors are.

/// `rows` rows and `width` columns of the product, held in registers.
#define BLOCK_OF(number, vector, rows)                                                \
  {                                                                                   \
    vector sums[rows] = {0};                                                          \
    for (ptrdiff_t p = 0; p < k; p++) {                                               \
      vector line;                                                                    \
      memcpy(&line, b + p * n + j, sizeof line);                                      \
      for (int r = 0; r < rows; r++) sums[r] += a[(i + r) * row_step + p * step] * line; \
    }                                                                                 \
    for (int r = 0; r < rows; r++) memcpy(c + (i + r) * n + j, &sums[r], sizeof sums[r]); \
  }

/// All rows of as many columns as a vector has.
#define COLUMNS_OF(number, vector)                                                    \
  {                                                                                   \
    ptrdiff_t i = 0;                                                                  \
    for (; i + 4 <= m; i += 4) BLOCK_OF(number, vector, 4)                            \
    for (; i < m; i++) BLOCK_OF(number, vector, 1)                                    \
    j += (ptrdiff_t)(sizeof(vector) / sizeof(number));                                \
  }

#define PRODUCT(number, suffix, sixteen, eight, four, two)                            \
  static void NAME(product##suffix)(const number *a, ptrdiff_t row_step, ptrdiff_t step, \
                                    const number *b, number *c, ptrdiff_t m, ptrdiff_t n, \
                                    ptrdiff_t k) {                                    \
    ptrdiff_t j = 0;                                                                  \
    while (j + 16 <= n) COLUMNS_OF(number, sixteen)                                   \
    if (j + 8 <= n) COLUMNS_OF(number, eight)                                         \
    if (j + 4 <= n) COLUMNS_OF(number, four)                                          \
    if (j + 2 <= n) COLUMNS_OF(number, two)                                           \
    if (j < n) COLUMNS_OF(number, number)                                             \
  }
PRODUCT(double, _f64, sixteen_f64, eight, four_f64, two_f64)
PRODUCT(float, _f32, sixteen_f32, eight_f32, four_f32, two_f32)
#undef PRODUCT
#undef COLUMNS_OF
#undef BLOCK_OF
