#ifndef KERNELS_H
#define KERNELS_H

#include <stddef.h>
#include <stdint.h>

// Loops over neighbouring numbers, compiled three times: for any processor, for AVX2 and for
// AVX-512. The widest that the processor has is taken at run time.
//
// All three give the same bits: nothing is fused or reordered, and no function of the C library is
// called, except by sine, cosine and tangent beyond a million. Results may be written over
// operands.

/// A function of one number.
enum kernel_function {
  KERNEL_NEGATE,
  KERNEL_ABS,
  KERNEL_SQRT,
  KERNEL_SQUARE,
  KERNEL_CUBE,
  KERNEL_RECIPROCAL,
  KERNEL_RELU,
  KERNEL_SIGN,
  KERNEL_EXP,
  KERNEL_EXPM1,
  KERNEL_LOG,
  KERNEL_LOG1P,
  KERNEL_TANH,
  KERNEL_SIGMOID,
  KERNEL_SOFTPLUS,
  KERNEL_SIN,
  KERNEL_COS,
  KERNEL_TAN,
};

/// A function of two numbers; comparisons give 1 or 0.
enum kernel_operation {
  KERNEL_ADD,
  KERNEL_SUBTRACT,
  KERNEL_MULTIPLY,
  KERNEL_DIVIDE,
  KERNEL_MINIMUM,
  KERNEL_MAXIMUM,
};

/// A relation of two numbers.
enum kernel_relation {
  KERNEL_LESS,
  KERNEL_LESS_OR_EQUAL,
  KERNEL_EQUAL,
  KERNEL_NOT_EQUAL,
};

/// y[i] = f(x[i]) for n numbers.
void kernel_map_f64(enum kernel_function f, const double *x, double *y, ptrdiff_t n);
/// The same in float32: computed in float64 and rounded once.
void kernel_map_f32(enum kernel_function f, const float *x, float *y, ptrdiff_t n);

/// y[i] = a[i] op b[i] for n numbers; a step of 0 takes the first number of an operand for all.
void kernel_combine_f64(enum kernel_operation op, const double *a, ptrdiff_t step_a,
                        const double *b, ptrdiff_t step_b, double *y, ptrdiff_t n);
/// The same in float32.
void kernel_combine_f32(enum kernel_operation op, const float *a, ptrdiff_t step_a,
                        const float *b, ptrdiff_t step_b, float *y, ptrdiff_t n);

/// y[i] = 1 where a[i] is related to b[i], else 0.
void kernel_compare_f64(enum kernel_relation relation, const double *a, ptrdiff_t step_a,
                        const double *b, ptrdiff_t step_b, double *y, ptrdiff_t n);
/// The same in float32.
void kernel_compare_f32(enum kernel_relation relation, const float *a, ptrdiff_t step_a,
                        const float *b, ptrdiff_t step_b, double *y, ptrdiff_t n);

/// A product and a sum in one pass.
enum kernel_product_sum {
  /// a·b + c
  KERNEL_PRODUCT_PLUS,
  /// a·b − c
  KERNEL_PRODUCT_MINUS,
  /// c − a·b
  KERNEL_MINUS_PRODUCT,
};

/// y[i] = a[i]·b[i] ± c[i], the product rounded first; steps as for `kernel_combine_f64`.
void kernel_product_sum_f64(enum kernel_product_sum form, const double *a, ptrdiff_t step_a,
                            const double *b, ptrdiff_t step_b, const double *c, ptrdiff_t step_c,
                            double *y, ptrdiff_t n);

/// y[i] = a[i] to the power b[i], as the C library's `pow` has it; steps as for
/// `kernel_combine_f64`.
void kernel_power_f64(const double *a, ptrdiff_t step_a, const double *b, ptrdiff_t step_b,
                      double *y, ptrdiff_t n);

/// y[i] = a[i] where mask[i] is not 0, else b[i].
void kernel_choose_f64(const double *mask, const double *a, const double *b, double *y,
                       ptrdiff_t n);
/// The same in float32.
void kernel_choose_f32(const double *mask, const float *a, const float *b, float *y, ptrdiff_t n);

/// Adds rows of n numbers, `stride` numbers apart, to as many sums: one row after the other.
void kernel_add_rows_f64(const double *x, ptrdiff_t stride, ptrdiff_t rows, double *sums,
                         ptrdiff_t n);
/// The same of float32.
void kernel_add_rows_f32(const float *x, ptrdiff_t stride, ptrdiff_t rows, double *sums,
                         ptrdiff_t n);

/// Whether any of n numbers is nan.
int kernel_has_nan_f64(const double *x, ptrdiff_t n);
/// The same in float32.
int kernel_has_nan_f32(const float *x, ptrdiff_t n);

/// The largest of n > 0 numbers, or the smallest; nan if there is one.
double kernel_extreme_f64(const double *x, ptrdiff_t n, int is_largest);
/// The same in float32.
float kernel_extreme_f32(const float *x, ptrdiff_t n, int is_largest);

/// c = a·b of an m×k and a k×n matrix, every entry the sum of its products in order.
///
/// Entry (i, p) of `a` is a[i * row_step + p * step], so that a transpose needs no copy; `b` and `c`
/// lie row by row without gaps.
void kernel_product_f64(const double *a, ptrdiff_t row_step, ptrdiff_t step, const double *b,
                        double *c, ptrdiff_t m, ptrdiff_t n, ptrdiff_t k);
/// The same in float32.
void kernel_product_f32(const float *a, ptrdiff_t row_step, ptrdiff_t step, const float *b,
                        float *c, ptrdiff_t m, ptrdiff_t n, ptrdiff_t k);

/// A cost of pairs of rows: [sign·(D − margin)]₊ to a power, D a distance or its square.
struct kernel_hinge {
  /// 1 for pairs that should be nearer than the margin, −1 for those that should be farther.
  double sign;
  double margin;
  /// 1 or 2.
  int power;
  /// Whether D is a squared distance.
  int of_squares;
};

/// What the pairs of a call cost.
struct kernel_hinge_sums {
  double cost;
  /// How many pairs cost more than 0.
  double active;
};

/// The cost of the pairs of row i with the rows from `from` to before `to`, added to `sums`, and its
/// derivative by both rows of every pair, added to `gradient`.
///
/// `z` and `gradient` hold d columns, each with room for `stride` numbers; the eight after the last
/// row are read and written, and mean nothing. `own` has room for 8d numbers.
void kernel_hinge_row(const struct kernel_hinge *hinge, const double *z, ptrdiff_t stride,
                      ptrdiff_t d, ptrdiff_t i, ptrdiff_t from, ptrdiff_t to, double *gradient,
                      double *own, struct kernel_hinge_sums *sums);

/// Σ a[i]·b[i] in float64, in an order that only n decides.
double kernel_tile_product_f64(const double *a, const double *b, ptrdiff_t n);
double kernel_tile_product_f32(const float *a, const float *b, ptrdiff_t n);

/// The keys levels[j] − x[j] that are not above the limit, and their places j, in order; how many
/// there are. `keys` and `places` have room for n.
ptrdiff_t kernel_tile_within_f64(const double *x, const double *levels, ptrdiff_t n, double limit,
                                 double *keys, int32_t *places);
ptrdiff_t kernel_tile_within_f32(const float *x, const float *levels, ptrdiff_t n, float limit,
                                 float *keys, int32_t *places);

/// y[i] = scale·(g[i] − along·u[i]), in float64 and rounded once.
void kernel_tile_tangent_f64(const double *g, const double *u, double *y, ptrdiff_t n,
                             double along, double scale);
void kernel_tile_tangent_f32(const float *g, const float *u, float *y, ptrdiff_t n, double along,
                             double scale);

/// Σ exp(x[j] + offset) of n numbers; where y is not null, y[j] += factor·exp(x[j] + offset).
double kernel_powers_f64(const double *x, ptrdiff_t n, double offset, double factor, double *y);

/// Columns of a tile of pairs, at most.
#define KERNEL_TILE 512

/// What a pair of rows a and b is measured by, as it is seen from their inner product.
enum kernel_measure {
  /// aᵗb
  KERNEL_PRODUCT,
  /// ‖a − b‖²
  KERNEL_SQUARE_OF_DIFFERENCE,
  /// ‖a − b‖
  KERNEL_ROOT,
};

/// What a pair costs.
enum kernel_cost_shape {
  /// [sign·(m − margin)]₊
  KERNEL_COST_HINGE,
  /// [sign·(m − margin)]₊²
  KERNEL_COST_SQUARED_HINGE,
  /// log(1 + exp(rate·sign·(m − margin)))
  KERNEL_COST_SOFTPLUS,
};

/// The cost of a kind of pairs by their measure m.
struct kernel_pair_cost {
  enum kernel_measure measure;
  enum kernel_cost_shape shape;
  double sign, margin, rate;
  /// What costs and slopes are multiplied by.
  double factor;
  /// A squared distance below this part of ‖a‖² + ‖b‖² has lost digits and is left to the caller.
  double near;
};

/// What the pairs of a row in a tile come to.
struct kernel_tile_sums {
  double cost;
  /// How many pairs cost more than 0.
  double active;
  /// The weights of all pairs, for distances.
  double own;
  /// The columns that are left to the caller, with room for KERNEL_TILE.
  int *near;
  ptrdiff_t near_count;
};

/// Inner products to costs, n ≤ KERNEL_TILE of them: pair j costs its cost times `own` + others[j],
/// x[j] becomes the derivative of that by the inner product, and the results are added to `result`.
/// For distances the derivative by ‖a‖² and by ‖b‖², times 2, is added to `result->own` and to
/// sums[j].
void kernel_tile_costs_f64(const struct kernel_pair_cost *cost, double *x, ptrdiff_t n,
                           double own_square, const double *squares, double own,
                           const double *others, double *sums, struct kernel_tile_sums *result);
/// The same in float32.
void kernel_tile_costs_f32(const struct kernel_pair_cost *cost, float *x, ptrdiff_t n,
                           float own_square, const float *squares, float own, const float *others,
                           float *sums, struct kernel_tile_sums *result);

/// Inner products to measures. Whether a squared distance is below the part `near` of ‖a‖² + ‖b‖²:
/// then y holds squares in any case.
int kernel_tile_measures_f64(enum kernel_measure measure, const double *x, ptrdiff_t n,
                             double own_square, const double *squares, double near, double *y);
/// The same from float32.
int kernel_tile_measures_f32(enum kernel_measure measure, const float *x, ptrdiff_t n,
                             float own_square, const float *squares, double near, double *y);

/// The derivatives of a cost by measures to those by inner products; gives the sum of those by ‖b‖²,
/// times 2, for distances.
double kernel_tile_slopes_f64(enum kernel_measure measure, const double *slopes,
                              const double *measures, ptrdiff_t n, double *x);
/// The same to float32.
double kernel_tile_slopes_f32(enum kernel_measure measure, const double *slopes,
                              const double *measures, ptrdiff_t n, float *x);

/// The exponent of a pair by its inner product x: slope·x + offset, or where `is_bent`
/// slope·[turn·x + reach]₊·(x − goal) + offset, of which [·]₊ is taken as a constant.
struct kernel_exponent {
  int is_bent;
  double slope, offset;
  double turn, reach, goal;
};

/// Every x[j] becomes the exponential of its exponent, is added to sums[j], and all are summed up.
/// Where `shifts` is not null, an exponent that is not bent has shifts[j] added.
double kernel_tile_exponentials_f64(const struct kernel_exponent *exponent, double *x, ptrdiff_t n,
                                    const double *shifts, double *sums);
/// The same in float32.
float kernel_tile_exponentials_f32(const struct kernel_exponent *exponent, float *x, ptrdiff_t n,
                                   const float *shifts, float *sums);

/// Every x[j], n ≤ KERNEL_TILE of them, becomes e·(own + others[j]) + own_level + levels[j], with e
/// its exponential, which x[j] is already where `is_exponential`; of a bent exponent, times its slope.
/// What is too small to matter becomes 0.
void kernel_tile_weights_f64(const struct kernel_exponent *exponent, double *x, ptrdiff_t n,
                             const double *shifts, int is_exponential, double own,
                             const double *others, double own_level, const double *levels);
/// The same in float32.
void kernel_tile_weights_f32(const struct kernel_exponent *exponent, float *x, ptrdiff_t n,
                             const float *shifts, int is_exponential, float own,
                             const float *others, float own_level, const float *levels);

/// Takes every x[j] from sums[j]; gives minus their sum.
double kernel_tile_own_f64(const double *x, ptrdiff_t n, double *sums);
/// The same in float32.
double kernel_tile_own_f32(const float *x, ptrdiff_t n, float *sums);

/// What pairs come to that are each against all rivals.
struct kernel_rival_sums {
  double cost;
  /// The derivatives of the costs by the logarithm of the rivals' sum.
  double share;
};

/// What pairs of inner product x[j], n ≤ KERNEL_TILE of them, cost against rivals: log(1 + exp(own −
/// slope·x[j])) is added up in `result` with its derivative by `own`; the same with others[j] in
/// costs[j] and shares[j].
void kernel_tile_rivals_f64(const double *x, ptrdiff_t n, double slope, double own,
                            const double *others, double *costs, double *shares,
                            struct kernel_rival_sums *result);
/// The same in float32.
void kernel_tile_rivals_f32(const float *x, ptrdiff_t n, float slope, float own,
                            const float *others, float *costs, float *shares,
                            struct kernel_rival_sums *result);

/// Every x[j] becomes factor·(the derivative by `own` + that by others[j]) + level, as
/// `kernel_tile_rivals_f64` has them. What is too small to matter becomes 0.
void kernel_tile_rival_weights_f64(double *x, ptrdiff_t n, double slope, double own,
                                   const double *others, double factor, double level);
/// The same in float32.
void kernel_tile_rival_weights_f32(float *x, ptrdiff_t n, float slope, float own,
                                   const float *others, float factor, float level);

/// Every x[j] becomes exp(rate·(x[j] − origin)), nowhere 0, and all are summed up.
double kernel_tile_powers_f64(double *x, ptrdiff_t n, double rate, double origin);
/// The same in float32.
double kernel_tile_powers_f32(float *x, ptrdiff_t n, float rate, float origin);

/// Every x[j] ≥ 0 becomes factor·x[j] + level; a product too small to matter is 0.
void kernel_tile_shares_f64(double *x, ptrdiff_t n, double factor, double level);
/// The same in float32.
void kernel_tile_shares_f32(float *x, ptrdiff_t n, double factor, double level);

/// y[j] is the largest of x[j], x[n + j], …, one for every center.
void kernel_tile_nearest_f64(const double *x, ptrdiff_t n, ptrdiff_t centers, double *y);
/// The same in float32.
void kernel_tile_nearest_f32(const float *x, ptrdiff_t n, ptrdiff_t centers, float *y);

/// The first of x[j], x[n + j], … that is nearest[j] becomes slopes[j], the others 0; `nearest` is
/// used up.
void kernel_tile_to_nearest_f64(double *x, ptrdiff_t n, ptrdiff_t centers, double *nearest,
                                const double *slopes);
/// The same in float32.
void kernel_tile_to_nearest_f32(float *x, ptrdiff_t n, ptrdiff_t centers, float *nearest,
                                const float *slopes);

/// y[j] is the mean of x[j], x[n + j], … weighted by the softmax of `rate` times them, and these
/// become its derivatives; `powers` has room for 256 numbers for every center.
void kernel_tile_relaxed_f64(double *x, ptrdiff_t n, ptrdiff_t centers, double rate, double *y,
                             double *powers);
/// The same in float32.
void kernel_tile_relaxed_f32(float *x, ptrdiff_t n, ptrdiff_t centers, float rate, float *y,
                             float *powers);

/// x[j], x[n + j], … are multiplied by slopes[j]; a product too small to matter is 0.
void kernel_tile_to_centers_f64(double *x, ptrdiff_t n, ptrdiff_t centers, const double *slopes);
/// The same in float32.
void kernel_tile_to_centers_f32(float *x, ptrdiff_t n, ptrdiff_t centers, const float *slopes);

/// The width in use: 1 for any processor, 2 for AVX2, 3 for AVX-512; to begin with the widest, or
/// what the environment variable MLREPL_VECTORS says.
int kernel_level(void);
/// Uses another width from now on, but none that the processor lacks; gives the one in use.
int kernel_set_level(int level);

#endif
