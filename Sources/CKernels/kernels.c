#include "kernels.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#pragma STDC FP_CONTRACT OFF

#define INLINE static inline __attribute__((always_inline))

/// Adding and subtracting it rounds to a whole number: 1.5·2⁵².
#define SHIFT 6755399441055744.0
#define LOG2_E 0x1.71547652b82fep+0
/// ln 2 in two parts; the first times a whole number below 2¹² is exact.
#define LN2_HIGH 0x1.62e42fefa3p-1
#define LN2_LOW 0x1.3de6af278ece6p-42
/// The same in float32: 1.5·2²³, and ln 2 in two parts, the first of them exact times 2⁸.
#define SHIFT_F32 12582912.0f
#define LN2_HIGH_F32 0x1.62e4p-1f
#define LN2_LOW_F32 0x1.7f7d1cp-20f
/// The bits of √½.
#define SQRT_HALF_BITS 0x3fe6a09e667f3bcdull
/// 2/3 in two parts.
#define TWO_THIRDS 0x1.5555555555555p-1
#define TWO_THIRDS_LOW 0x1.5555555555555p-55
#define TWO_OVER_PI 0x1.45f306dc9c883p-1
/// π/2 in three parts; the first two times a whole number below 2²⁰ are exact.
#define HALF_PI_1 0x1.921fb544p+0
#define HALF_PI_2 0x1.0b4611a6p-34
#define HALF_PI_3 0x1.3198a2e037073p-69
/// Where k·HALF_PI_1 is still exact.
#define TRIGONOMETRIC_LIMIT 1e6

INLINE unsigned long long to_bits(double x) {
  unsigned long long bits;
  memcpy(&bits, &x, sizeof bits);
  return bits;
}

INLINE double from_bits(unsigned long long bits) {
  double x;
  memcpy(&x, &bits, sizeof x);
  return x;
}

// Functions that take or give eight numbers are inlined: there is no call to agree about.
#pragma clang diagnostic ignored "-Wpsabi"

/// Eight numbers, in as many registers as it takes.
typedef double eight __attribute__((vector_size(64)));
typedef long long mask_of_eight __attribute__((vector_size(64)));
typedef double sixteen_f64 __attribute__((vector_size(128)));
typedef double four_f64 __attribute__((vector_size(32)));
typedef double two_f64 __attribute__((vector_size(16)));
typedef float sixteen_f32 __attribute__((vector_size(64)));
typedef float eight_f32 __attribute__((vector_size(32)));
typedef int mask_of_eight_f32 __attribute__((vector_size(32)));
typedef float four_f32 __attribute__((vector_size(16)));
typedef float two_f32 __attribute__((vector_size(8)));

// In the order of the enumerations of kernels.h.
#define EACH_FUNCTION(X)                                                              \
  X(negate) X(abs) X(sqrt) X(square) X(cube) X(reciprocal) X(relu) X(sign) X(exp)     \
  X(expm1) X(log) X(log1p) X(tanh) X(sigmoid) X(softplus) X(sin) X(cos) X(tan)
#define EACH_OPERATION(X)                                                             \
  X(add, ADD) X(subtract, SUBTRACT) X(multiply, MULTIPLY) X(divide, DIVIDE)           \
  X(minimum, MINIMUM) X(maximum, MAXIMUM)
#define EACH_RELATION(X)                                                              \
  X(less, LESS) X(less_or_equal, LESS_OR_EQUAL) X(equal, EQUAL) X(not_equal, NOT_EQUAL)

/// The loops for one kind of processor.
struct kernels {
  void (*map_f64[KERNEL_TAN + 1])(const double *, double *, ptrdiff_t);
  void (*map_f32[KERNEL_TAN + 1])(const float *, float *, ptrdiff_t);
  void (*combine_f64[KERNEL_MAXIMUM + 1])(const double *, ptrdiff_t, const double *, ptrdiff_t,
                                          double *, ptrdiff_t);
  void (*combine_f32[KERNEL_MAXIMUM + 1])(const float *, ptrdiff_t, const float *, ptrdiff_t,
                                          float *, ptrdiff_t);
  void (*compare_f64[KERNEL_NOT_EQUAL + 1])(const double *, ptrdiff_t, const double *, ptrdiff_t,
                                            double *, ptrdiff_t);
  void (*compare_f32[KERNEL_NOT_EQUAL + 1])(const float *, ptrdiff_t, const float *, ptrdiff_t,
                                            double *, ptrdiff_t);
  void (*hinge_row)(const struct kernel_hinge *, const double *, ptrdiff_t, ptrdiff_t, ptrdiff_t,
                    ptrdiff_t, ptrdiff_t, double *, double *, struct kernel_hinge_sums *);
  void (*product_f64)(const double *, ptrdiff_t, ptrdiff_t, const double *, double *, ptrdiff_t,
                      ptrdiff_t, ptrdiff_t);
  void (*product_f32)(const float *, ptrdiff_t, ptrdiff_t, const float *, float *, ptrdiff_t,
                      ptrdiff_t, ptrdiff_t);
  int (*has_nan_f64)(const double *, ptrdiff_t);
  int (*has_nan_f32)(const float *, ptrdiff_t);
  double (*extreme_f64)(const double *, ptrdiff_t, int);
  float (*extreme_f32)(const float *, ptrdiff_t, int);
  void (*product_sum_f64)(enum kernel_product_sum, const double *, const double *, const double *,
                          double *, ptrdiff_t);
  void (*power_f64)(const double *, const double *, double *, ptrdiff_t);
  void (*choose_f64)(const double *, const double *, const double *, double *, ptrdiff_t);
  void (*choose_f32)(const double *, const float *, const float *, float *, ptrdiff_t);
  void (*add_rows_f64)(const double *, ptrdiff_t, ptrdiff_t, double *, ptrdiff_t);
  void (*add_rows_f32)(const float *, ptrdiff_t, ptrdiff_t, double *, ptrdiff_t);
  double (*powers_f64)(const double *, ptrdiff_t, double, double, double *);
  double (*tile_product_f64)(const double *, const double *, ptrdiff_t);
  double (*tile_product_f32)(const float *, const float *, ptrdiff_t);
  ptrdiff_t (*tile_within_f64)(const double *, const double *, ptrdiff_t, double, double *,
                               int32_t *);
  ptrdiff_t (*tile_within_f32)(const float *, const float *, ptrdiff_t, float, float *, int32_t *);
  void (*tile_tangent_f64)(const double *, const double *, double *, ptrdiff_t, double, double);
  void (*tile_tangent_f32)(const float *, const float *, float *, ptrdiff_t, double, double);
  int (*tile_measures_f64)(enum kernel_measure, const double *, ptrdiff_t, double, const double *,
                           double, double *);
  int (*tile_measures_f32)(enum kernel_measure, const float *, ptrdiff_t, float, const float *,
                           double, double *);
  double (*tile_slopes_f64)(enum kernel_measure, const double *, const double *, ptrdiff_t,
                            double *);
  double (*tile_slopes_f32)(enum kernel_measure, const double *, const double *, ptrdiff_t,
                            float *);
  double (*tile_exponentials_f64)(const struct kernel_exponent *, double *, ptrdiff_t,
                                  const double *, double *);
  void (*tile_weights_f64)(const struct kernel_exponent *, double *, ptrdiff_t, const double *,
                           int, double, const double *, double, const double *);
  double (*tile_own_f64)(const double *, ptrdiff_t, double *);
  void (*tile_rivals_f64)(const double *, ptrdiff_t, double, double, const double *, double *,
                          double *, struct kernel_rival_sums *);
  void (*tile_rival_weights_f64)(double *, ptrdiff_t, double, double, const double *, double,
                                double);
  float (*tile_exponentials_f32)(const struct kernel_exponent *, float *, ptrdiff_t, const float *,
                                 float *);
  void (*tile_weights_f32)(const struct kernel_exponent *, float *, ptrdiff_t, const float *, int,
                           float, const float *, float, const float *);
  double (*tile_own_f32)(const float *, ptrdiff_t, float *);
  void (*tile_rivals_f32)(const float *, ptrdiff_t, float, float, const float *, float *, float *,
                          struct kernel_rival_sums *);
  void (*tile_rival_weights_f32)(float *, ptrdiff_t, float, float, const float *, float, float);
  void (*tile_costs_f64)(const struct kernel_pair_cost *, double *, ptrdiff_t, double, const double *,
                         double, const double *, double *, struct kernel_tile_sums *);
  void (*tile_costs_f32)(const struct kernel_pair_cost *, float *, ptrdiff_t, float, const float *,
                         float, const float *, float *, struct kernel_tile_sums *);
  double (*tile_powers_f64)(double *, ptrdiff_t, double, double);
  double (*tile_powers_f32)(float *, ptrdiff_t, float, float);
  void (*tile_shares_f64)(double *, ptrdiff_t, double, double);
  void (*tile_shares_f32)(float *, ptrdiff_t, double, double);
  void (*tile_nearest_f64)(const double *, ptrdiff_t, ptrdiff_t, double *);
  void (*tile_nearest_f32)(const float *, ptrdiff_t, ptrdiff_t, float *);
  void (*tile_to_nearest_f64)(double *, ptrdiff_t, ptrdiff_t, double *, const double *);
  void (*tile_to_nearest_f32)(float *, ptrdiff_t, ptrdiff_t, float *, const float *);
  void (*tile_relaxed_f64)(double *, ptrdiff_t, ptrdiff_t, double, double *, double *);
  void (*tile_relaxed_f32)(float *, ptrdiff_t, ptrdiff_t, float, float *, float *);
  void (*tile_to_centers_f64)(double *, ptrdiff_t, ptrdiff_t, const double *);
  void (*tile_to_centers_f32)(float *, ptrdiff_t, ptrdiff_t, const float *);
};

#define NAME(f) f##_any
#include "level.h"
#undef NAME

#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx2"))), apply_to = function)
#define NAME(f) f##_avx2
#include "level.h"
#undef NAME
#pragma clang attribute pop

#pragma clang attribute push(                                                         \
    __attribute__((target("avx2,avx512f,avx512dq,avx512vl,avx512bw"))),    \
    apply_to = function)
#define NAME(f) f##_avx512
#include "level.h"
#undef NAME
#pragma clang attribute pop

static const struct kernels *const by_level[] = {&kernels_any, &kernels_avx2, &kernels_avx512};

static int widest(void) {
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
      __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512bw"))
    return 3;
  return __builtin_cpu_supports("avx2") ? 2 : 1;
}
#else
static const struct kernels *const by_level[] = {&kernels_any};
static int widest(void) { return 1; }
#endif

static int level = 0;

int kernel_set_level(int wanted) {
  int most = widest();
  int chosen = wanted < 1 || wanted > most ? most : wanted;
  // Threads that ask at once come to the same answer.
  __atomic_store_n(&level, chosen, __ATOMIC_RELAXED);
  return chosen;
}

int kernel_level(void) {
  int known = __atomic_load_n(&level, __ATOMIC_RELAXED);
  if (known) return known;
  const char *wanted = getenv("MLREPL_VECTORS");
  return kernel_set_level(wanted ? atoi(wanted) : 0);
}

static const struct kernels *kernels(void) { return by_level[kernel_level() - 1]; }

// MARK: - Entries

/// Neighbours that are looked at together.
#define BLOCK 256

/// Sine, cosine or tangent: vector code, and the C library where x is too large for it.
#define TRIGONOMETRIC(number, suffix)                                                 \
  static void trigonometric##suffix(enum kernel_function f, const number *x, number *y, \
                                    ptrdiff_t n) {                                    \
    number kept[BLOCK];                                                               \
    for (ptrdiff_t start = 0; start < n; start += BLOCK) {                            \
      ptrdiff_t count = n - start < BLOCK ? n - start : BLOCK;                        \
      int large = 0;                                                                  \
      for (ptrdiff_t i = 0; i < count; i++) {                                         \
        kept[i] = x[start + i];                                                       \
        large |= fabs((double)kept[i]) > TRIGONOMETRIC_LIMIT;                         \
      }                                                                               \
      kernels()->map##suffix[f](kept, y + start, count);                              \
      if (!large) continue;                                                           \
      for (ptrdiff_t i = 0; i < count; i++) {                                         \
        double angle = (double)kept[i];                                               \
        if (!(fabs(angle) > TRIGONOMETRIC_LIMIT)) continue;                           \
        y[start + i] = (number)(f == KERNEL_SIN   ? sin(angle)                        \
                                : f == KERNEL_COS ? cos(angle)                        \
                                                  : tan(angle));                      \
      }                                                                               \
    }                                                                                 \
  }
TRIGONOMETRIC(double, _f64)
TRIGONOMETRIC(float, _f32)

void kernel_map_f64(enum kernel_function f, const double *x, double *y, ptrdiff_t n) {
  if (f >= KERNEL_SIN) {
    trigonometric_f64(f, x, y, n);
  } else {
    kernels()->map_f64[f](x, y, n);
  }
}

void kernel_map_f32(enum kernel_function f, const float *x, float *y, ptrdiff_t n) {
  if (f >= KERNEL_SIN) {
    trigonometric_f32(f, x, y, n);
  } else {
    kernels()->map_f32[f](x, y, n);
  }
}

void kernel_combine_f64(enum kernel_operation op, const double *a, ptrdiff_t step_a,
                        const double *b, ptrdiff_t step_b, double *y, ptrdiff_t n) {
  kernels()->combine_f64[op](a, step_a, b, step_b, y, n);
}

void kernel_combine_f32(enum kernel_operation op, const float *a, ptrdiff_t step_a,
                        const float *b, ptrdiff_t step_b, float *y, ptrdiff_t n) {
  kernels()->combine_f32[op](a, step_a, b, step_b, y, n);
}

void kernel_compare_f64(enum kernel_relation relation, const double *a, ptrdiff_t step_a,
                        const double *b, ptrdiff_t step_b, double *y, ptrdiff_t n) {
  kernels()->compare_f64[relation](a, step_a, b, step_b, y, n);
}

void kernel_compare_f32(enum kernel_relation relation, const float *a, ptrdiff_t step_a,
                        const float *b, ptrdiff_t step_b, double *y, ptrdiff_t n) {
  kernels()->compare_f32[relation](a, step_a, b, step_b, y, n);
}

void kernel_hinge_row(const struct kernel_hinge *hinge, const double *z, ptrdiff_t stride,
                      ptrdiff_t d, ptrdiff_t i, ptrdiff_t from, ptrdiff_t to, double *gradient,
                      double *own, struct kernel_hinge_sums *sums) {
  kernels()->hinge_row(hinge, z, stride, d, i, from, to, gradient, own, sums);
}

void kernel_product_f64(const double *a, ptrdiff_t row_step, ptrdiff_t step, const double *b,
                        double *c, ptrdiff_t m, ptrdiff_t n, ptrdiff_t k) {
  kernels()->product_f64(a, row_step, step, b, c, m, n, k);
}

void kernel_product_f32(const float *a, ptrdiff_t row_step, ptrdiff_t step, const float *b,
                        float *c, ptrdiff_t m, ptrdiff_t n, ptrdiff_t k) {
  kernels()->product_f32(a, row_step, step, b, c, m, n, k);
}

int kernel_has_nan_f64(const double *x, ptrdiff_t n) { return kernels()->has_nan_f64(x, n); }

int kernel_has_nan_f32(const float *x, ptrdiff_t n) { return kernels()->has_nan_f32(x, n); }

double kernel_extreme_f64(const double *x, ptrdiff_t n, int is_largest) {
  return kernels()->extreme_f64(x, n, is_largest);
}

float kernel_extreme_f32(const float *x, ptrdiff_t n, int is_largest) {
  return kernels()->extreme_f32(x, n, is_largest);
}

void kernel_product_sum_f64(enum kernel_product_sum form, const double *a, ptrdiff_t step_a,
                            const double *b, ptrdiff_t step_b, const double *c, ptrdiff_t step_c,
                            double *y, ptrdiff_t n) {
  // A number that counts for all is repeated once, for one block after the other.
  double repeated[3][BLOCK];
  const double *operands[3] = {a, b, c};
  const ptrdiff_t steps[3] = {step_a, step_b, step_c};
  for (int k = 0; k < 3; k++) {
    if (steps[k]) continue;
    for (ptrdiff_t i = 0; i < BLOCK; i++) repeated[k][i] = *operands[k];
    operands[k] = repeated[k];
  }
  if (step_a && step_b && step_c) {
    kernels()->product_sum_f64(form, a, b, c, y, n);
    return;
  }
  for (ptrdiff_t start = 0; start < n; start += BLOCK) {
    ptrdiff_t count = n - start < BLOCK ? n - start : BLOCK;
    kernels()->product_sum_f64(form, operands[0] + start * step_a, operands[1] + start * step_b,
                               operands[2] + start * step_c, y + start, count);
  }
}

/// Where the vector code does not reach: 0, inf, nan and numbers that are not normal.
static int is_special(double a, double b) {
  return !(fabs(a) >= 0x1p-1022 && fabs(a) < INFINITY && fabs(b) < INFINITY);
}

void kernel_power_f64(const double *a, ptrdiff_t step_a, const double *b, ptrdiff_t step_b,
                      double *y, ptrdiff_t n) {
  double bases[BLOCK], exponents[BLOCK];
  for (ptrdiff_t start = 0; start < n; start += BLOCK) {
    ptrdiff_t count = n - start < BLOCK ? n - start : BLOCK;
    int special = 0;
    for (ptrdiff_t i = 0; i < count; i++) {
      bases[i] = a[(start + i) * step_a];
      exponents[i] = b[(start + i) * step_b];
      special |= is_special(bases[i], exponents[i]);
    }
    kernels()->power_f64(bases, exponents, y + start, count);
    if (!special) continue;
    for (ptrdiff_t i = 0; i < count; i++)
      if (is_special(bases[i], exponents[i])) y[start + i] = pow(bases[i], exponents[i]);
  }
}

void kernel_choose_f64(const double *mask, const double *a, const double *b, double *y,
                       ptrdiff_t n) {
  kernels()->choose_f64(mask, a, b, y, n);
}

void kernel_choose_f32(const double *mask, const float *a, const float *b, float *y, ptrdiff_t n) {
  kernels()->choose_f32(mask, a, b, y, n);
}

void kernel_add_rows_f64(const double *x, ptrdiff_t stride, ptrdiff_t rows, double *sums,
                         ptrdiff_t n) {
  kernels()->add_rows_f64(x, stride, rows, sums, n);
}

void kernel_add_rows_f32(const float *x, ptrdiff_t stride, ptrdiff_t rows, double *sums,
                         ptrdiff_t n) {
  kernels()->add_rows_f32(x, stride, rows, sums, n);
}

double kernel_tile_exponentials_f64(const struct kernel_exponent *exponent, double *x, ptrdiff_t n,
                                 const double *shifts, double *sums) {
  return kernels()->tile_exponentials_f64(exponent, x, n, shifts, sums);
}

void kernel_tile_weights_f64(const struct kernel_exponent *exponent, double *x, ptrdiff_t n,
                             const double *shifts, int is_exponential, double own,
                             const double *others, double own_level, const double *levels) {
  kernels()->tile_weights_f64(exponent, x, n, shifts, is_exponential, own, others, own_level,
                              levels);
}

double kernel_tile_own_f64(const double *x, ptrdiff_t n, double *sums) {
  return kernels()->tile_own_f64(x, n, sums);
}

void kernel_tile_rivals_f64(const double *x, ptrdiff_t n, double slope, double own,
                            const double *others, double *costs, double *shares,
                            struct kernel_rival_sums *result) {
  kernels()->tile_rivals_f64(x, n, slope, own, others, costs, shares, result);
}

void kernel_tile_rival_weights_f64(double *x, ptrdiff_t n, double slope, double own,
                                   const double *others, double factor, double level) {
  kernels()->tile_rival_weights_f64(x, n, slope, own, others, factor, level);
}

float kernel_tile_exponentials_f32(const struct kernel_exponent *exponent, float *x, ptrdiff_t n,
                                 const float *shifts, float *sums) {
  return kernels()->tile_exponentials_f32(exponent, x, n, shifts, sums);
}

void kernel_tile_weights_f32(const struct kernel_exponent *exponent, float *x, ptrdiff_t n,
                             const float *shifts, int is_exponential, float own,
                             const float *others, float own_level, const float *levels) {
  kernels()->tile_weights_f32(exponent, x, n, shifts, is_exponential, own, others, own_level,
                              levels);
}

double kernel_tile_own_f32(const float *x, ptrdiff_t n, float *sums) {
  return kernels()->tile_own_f32(x, n, sums);
}

void kernel_tile_rivals_f32(const float *x, ptrdiff_t n, float slope, float own,
                            const float *others, float *costs, float *shares,
                            struct kernel_rival_sums *result) {
  kernels()->tile_rivals_f32(x, n, slope, own, others, costs, shares, result);
}

void kernel_tile_rival_weights_f32(float *x, ptrdiff_t n, float slope, float own,
                                   const float *others, float factor, float level) {
  kernels()->tile_rival_weights_f32(x, n, slope, own, others, factor, level);
}

void kernel_tile_costs_f64(const struct kernel_pair_cost *cost, double *x, ptrdiff_t n,
                           double own_square, const double *squares, double own,
                           const double *others, double *sums, struct kernel_tile_sums *result) {
  kernels()->tile_costs_f64(cost, x, n, own_square, squares, own, others, sums, result);
}

void kernel_tile_costs_f32(const struct kernel_pair_cost *cost, float *x, ptrdiff_t n,
                           float own_square, const float *squares, float own, const float *others,
                           float *sums, struct kernel_tile_sums *result) {
  kernels()->tile_costs_f32(cost, x, n, own_square, squares, own, others, sums, result);
}

double kernel_tile_product_f64(const double *a, const double *b, ptrdiff_t n) {
  return kernels()->tile_product_f64(a, b, n);
}

double kernel_tile_product_f32(const float *a, const float *b, ptrdiff_t n) {
  return kernels()->tile_product_f32(a, b, n);
}

ptrdiff_t kernel_tile_within_f64(const double *x, const double *levels, ptrdiff_t n, double limit,
                                 double *keys, int32_t *places) {
  return kernels()->tile_within_f64(x, levels, n, limit, keys, places);
}

ptrdiff_t kernel_tile_within_f32(const float *x, const float *levels, ptrdiff_t n, float limit,
                                 float *keys, int32_t *places) {
  return kernels()->tile_within_f32(x, levels, n, limit, keys, places);
}

void kernel_tile_tangent_f64(const double *g, const double *u, double *y, ptrdiff_t n,
                             double along, double scale) {
  kernels()->tile_tangent_f64(g, u, y, n, along, scale);
}

void kernel_tile_tangent_f32(const float *g, const float *u, float *y, ptrdiff_t n, double along,
                             double scale) {
  kernels()->tile_tangent_f32(g, u, y, n, along, scale);
}

double kernel_powers_f64(const double *x, ptrdiff_t n, double offset, double factor, double *y) {
  return kernels()->powers_f64(x, n, offset, factor, y);
}

int kernel_tile_measures_f64(enum kernel_measure measure, const double *x, ptrdiff_t n,
                             double own_square, const double *squares, double near, double *y) {
  return kernels()->tile_measures_f64(measure, x, n, own_square, squares, near, y);
}

int kernel_tile_measures_f32(enum kernel_measure measure, const float *x, ptrdiff_t n,
                             float own_square, const float *squares, double near, double *y) {
  return kernels()->tile_measures_f32(measure, x, n, own_square, squares, near, y);
}

double kernel_tile_slopes_f64(enum kernel_measure measure, const double *slopes,
                              const double *measures, ptrdiff_t n, double *x) {
  return kernels()->tile_slopes_f64(measure, slopes, measures, n, x);
}

double kernel_tile_slopes_f32(enum kernel_measure measure, const double *slopes,
                              const double *measures, ptrdiff_t n, float *x) {
  return kernels()->tile_slopes_f32(measure, slopes, measures, n, x);
}

double kernel_tile_powers_f64(double *x, ptrdiff_t n, double rate, double origin) {
  return kernels()->tile_powers_f64(x, n, rate, origin);
}

double kernel_tile_powers_f32(float *x, ptrdiff_t n, float rate, float origin) {
  return kernels()->tile_powers_f32(x, n, rate, origin);
}

void kernel_tile_shares_f64(double *x, ptrdiff_t n, double factor, double level) {
  kernels()->tile_shares_f64(x, n, factor, level);
}

void kernel_tile_shares_f32(float *x, ptrdiff_t n, double factor, double level) {
  kernels()->tile_shares_f32(x, n, factor, level);
}

void kernel_tile_nearest_f64(const double *x, ptrdiff_t n, ptrdiff_t centers, double *y) {
  kernels()->tile_nearest_f64(x, n, centers, y);
}

void kernel_tile_nearest_f32(const float *x, ptrdiff_t n, ptrdiff_t centers, float *y) {
  kernels()->tile_nearest_f32(x, n, centers, y);
}

void kernel_tile_to_nearest_f64(double *x, ptrdiff_t n, ptrdiff_t centers, double *nearest,
                                const double *slopes) {
  kernels()->tile_to_nearest_f64(x, n, centers, nearest, slopes);
}

void kernel_tile_to_nearest_f32(float *x, ptrdiff_t n, ptrdiff_t centers, float *nearest,
                                const float *slopes) {
  kernels()->tile_to_nearest_f32(x, n, centers, nearest, slopes);
}

void kernel_tile_relaxed_f64(double *x, ptrdiff_t n, ptrdiff_t centers, double rate,
                             double *y, double *powers) {
  kernels()->tile_relaxed_f64(x, n, centers, rate, y, powers);
}

void kernel_tile_relaxed_f32(float *x, ptrdiff_t n, ptrdiff_t centers, float rate, float *y,
                             float *powers) {
  kernels()->tile_relaxed_f32(x, n, centers, rate, y, powers);
}

void kernel_tile_to_centers_f64(double *x, ptrdiff_t n, ptrdiff_t centers,
                                const double *slopes) {
  kernels()->tile_to_centers_f64(x, n, centers, slopes);
}

void kernel_tile_to_centers_f32(float *x, ptrdiff_t n, ptrdiff_t centers,
                                const float *slopes) {
  kernels()->tile_to_centers_f32(x, n, centers, slopes);
}
