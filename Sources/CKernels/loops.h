// The loops of kernels.h, for the processor that NAME and the surrounding attribute stand for.
// Included once for each; there is no guard.

// MARK: - Functions of one number

INLINE double NAME(negate)(double x) { return -x; }
INLINE double NAME(abs)(double x) { return __builtin_fabs(x); }
INLINE double NAME(sqrt)(double x) { return __builtin_elementwise_sqrt(x); }
INLINE double NAME(square)(double x) { return x * x; }
INLINE double NAME(cube)(double x) { return x * x * x; }
INLINE double NAME(reciprocal)(double x) { return 1 / x; }
INLINE double NAME(relu)(double x) { return x <= 0 ? 0 : x; }
INLINE double NAME(sign)(double x) {
  double sign = x < 0 ? -1.0 : 0.0;
  sign = x > 0 ? 1.0 : sign;
  return x != x ? x : sign;
}

/// 2ᵏ for a whole k in [−1022, 1023].
INLINE double NAME(power_of_two)(double k) {
  // Adding 1.5·2⁵² leaves k in the last bits of the sum; from there it goes into the exponent.
  return from_bits((to_bits(k + SHIFT) << 52) + (1023ull << 52));
}

/// e^r − 1 − r for |r| ≤ ln 2 / 2, by its Taylor series: the next term is below 5e-18 of r.
///
/// Here and below neighbouring terms are joined first: short chains keep the processor busy.
INLINE double NAME(curvature)(double r) {
  double r2 = r * r;
  double r4 = r2 * r2;
  double a = (1.0 / 2 + r * (1.0 / 6)) + r2 * (1.0 / 24 + r * (1.0 / 120));
  double b = (1.0 / 720 + r * (1.0 / 5040)) + r2 * (1.0 / 40320 + r * (1.0 / 362880));
  double c = (1.0 / 3628800 + r * (1.0 / 39916800)) +
             r2 * (1.0 / 479001600 + r * (1.0 / 6227020800));
  return r2 * (a + r4 * (b + r4 * c));
}

/// e^(r + low), rounded once: 1 + r is kept to twice the digits until the rest is added.
INLINE double NAME(near_one)(double r, double low) {
  double sum = 1 + r;
  double curvature = NAME(curvature)(r);
  return sum + (curvature + (((1 - sum) + r) + low * (sum + curvature)));
}

/// eˣ, with x = k·ln 2 + r.
INLINE double NAME(exp)(double x) {
  // Beyond these limits the result is inf or 0 anyway.
  x = x > 710 ? 710 : x;
  x = x < -746 ? -746 : x;
  double k = (x * LOG2_E + SHIFT) - SHIFT;
  double y = NAME(near_one)((x - k * LN2_HIGH) - k * LN2_LOW, 0);
  // Two factors reach from the smallest number to the largest.
  double half = (k * 0.5 + SHIFT) - SHIFT;
  return y * NAME(power_of_two)(half) * NAME(power_of_two)(k - half);
}

/// 2ᵏ for a whole k in [−126, 127].
INLINE float NAME(single_power_of_two)(float k) {
  float shifted = k + SHIFT_F32;
  unsigned bits;
  memcpy(&bits, &shifted, sizeof bits);
  bits = (bits << 23) + (127u << 23);
  float y;
  memcpy(&y, &bits, sizeof y);
  return y;
}

/// eˣ in float32 throughout, with x = k·ln 2 + r and the Taylor series of eʳ: within 2 ulp from −87
/// to 88, beyond as at these ends.
INLINE float NAME(single_exp)(float x) {
  x = x > 88.0f ? 88.0f : x;
  x = x < -87.0f ? -87.0f : x;
  float k = (x * (float)LOG2_E + SHIFT_F32) - SHIFT_F32;
  float r = (x - k * LN2_HIGH_F32) - k * LN2_LOW_F32;
  float r2 = r * r;
  float a = (1.0f / 2 + r * (1.0f / 6)) + r2 * (1.0f / 24 + r * (1.0f / 120));
  float b = 1.0f / 720 + r * (1.0f / 5040);
  float y = 1 + (r + r2 * (a + r2 * r2 * b));
  return y * NAME(single_power_of_two)(k);
}

/// eˣ − 1, with every digit near 0.
INLINE double NAME(expm1)(double x) {
  double signed_zero = x;
  x = x > 710 ? 710 : x;
  x = x < -40 ? -40 : x;
  double k = (x * LOG2_E + SHIFT) - SHIFT;
  double r = (x - k * LN2_HIGH) - k * LN2_LOW;
  double p = r + NAME(curvature)(r);
  double half = (k * 0.5 + SHIFT) - SHIFT;
  double first = NAME(power_of_two)(half);
  double second = NAME(power_of_two)(k - half);
  // 2ᵏ·(1 + p) − 1; for large k only in this form does nothing overflow before the result does.
  double moderate = first * second * p + (first * second - 1);
  double large = (1 + p) * first * second;
  double y = k > 60 ? large : moderate;
  return signed_zero == 0 ? signed_zero : y;
}

/// log(2ᵉ·m) + `correction`, with m in [√½, √2] and f = m − 1.
INLINE double NAME(log_of_parts)(double e, double f, double correction) {
  // log m = 2·artanh(s) with s = f / (2 + f), by its Taylor series in s².
  double s = f / (2 + f);
  double t = s * s;
  double t2 = t * t;
  double t4 = t2 * t2;
  double a = (2.0 / 3 + t * (2.0 / 5)) + t2 * (2.0 / 7 + t * (2.0 / 9));
  double b = (2.0 / 11 + t * (2.0 / 13)) + t2 * (2.0 / 15 + t * (2.0 / 17));
  double c = (2.0 / 19 + t * (2.0 / 21)) + t2 * (2.0 / 23);
  double r = t * (a + t4 * (b + t4 * c));
  // 2s + s·r = f − (f²/2 − s·(f²/2 + r)): f is exact, and the rest is small beside it.
  double half_square = 0.5 * f * f;
  double rest = s * (half_square + r) + (e * LN2_LOW + correction);
  return e * LN2_HIGH - ((half_square - rest) - f);
}

/// The exponent e of a positive normal number x = 2ᵉ·m, with m in [√½, √2] left in `bits`.
INLINE double NAME(exponent)(unsigned long long *bits) {
  unsigned long long above = *bits - SQRT_HALF_BITS;
  *bits = (above & 0x000fffffffffffffull) + SQRT_HALF_BITS;
  // A biased exponent put into the last bits of 2⁵² becomes a number without a conversion.
  unsigned long long biased = (above + (1024ull << 52)) >> 52;
  return from_bits(biased | 0x4330000000000000ull) - (4503599627370496.0 + 1024);
}

/// The natural logarithm.
INLINE double NAME(log)(double x) {
  int is_tiny = x < 0x1p-1022;
  double scaled = is_tiny ? x * 0x1p54 : x;
  unsigned long long bits = to_bits(scaled);
  double e = NAME(exponent)(&bits);
  e = is_tiny ? e - 54 : e;
  double y = NAME(log_of_parts)(e, from_bits(bits) - 1, 0);
  y = x == __builtin_inf() ? x : y;
  y = x == 0 ? -__builtin_inf() : y;
  return x < 0 || x != x ? __builtin_nan("") : y;
}

/// log(1 + x), with every digit near 0.
INLINE double NAME(log1p)(double x) {
  double u = 1 + x;
  unsigned long long bits = to_bits(u);
  double e = NAME(exponent)(&bits);
  // What 1 + x lost in rounding is made up for by the slope 1 / u.
  double lost = x < 1 ? x - (u - 1) : 1 - (u - x);
  double f = e == 0 ? x : from_bits(bits) - 1;
  double y = NAME(log_of_parts)(e, f, e == 0 ? 0 : lost / u);
  y = x == __builtin_inf() ? x : y;
  y = x == -1 ? -__builtin_inf() : y;
  y = x < -1 || x != x ? __builtin_nan("") : y;
  return __builtin_fabs(x) < 0x1p-54 ? x : y;
}

/// log(1 + x) for x in [0, 1] in float32 throughout: 2·artanh(s) with s = x / (2 + x) ≤ 1/3, by its
/// Taylor series; the next term is below 2e-8 of it.
INLINE float NAME(single_log1p)(float x) {
  float s = x / (2 + x);
  // Below, the series is its first term; numbers too small to be normal would take a hundred times
  // as long.
  float u = s < 1e-4f ? 0 : s;
  float t = u * u;
  float t2 = t * t;
  float a = 1.0f / 3 + t * (1.0f / 5);
  float b = 1.0f / 7 + t * (1.0f / 9);
  float c = 1.0f / 11 + t * (1.0f / 13);
  return 2 * s + 2 * s * t * (a + t2 * (b + t2 * c));
}

/// The hyperbolic tangent, from e^−2|x| − 1.
INLINE double NAME(tanh)(double x) {
  double t = NAME(expm1)(-2 * __builtin_fabs(x));
  return __builtin_copysign(t / (2 + t), x);
}

/// 1 / (1 + e⁻ˣ).
INLINE double NAME(sigmoid)(double x) {
  double small = NAME(exp)(-__builtin_fabs(x));
  return (x >= 0 ? 1 : small) / (1 + small);
}

/// log(1 + eˣ).
INLINE double NAME(softplus)(double x) {
  return NAME(relu)(x) + NAME(log1p)(NAME(exp)(-__builtin_fabs(x)));
}

/// Sine and cosine of x, with x = k·π/2 + r + rest; |x| is at most TRIGONOMETRIC_LIMIT.
INLINE void NAME(sine_and_cosine)(double x, double *sine, double *cosine) {
  double k = (x * TWO_OVER_PI + SHIFT) - SHIFT;
  unsigned long long quadrant = to_bits(k + SHIFT);
  // The first two products are exact; what the differences lose is kept as `rest`.
  double first = x - k * HALF_PI_1;
  double product = k * HALF_PI_2;
  double second = first - product;
  double rest = (first - second) - product;
  product = k * HALF_PI_3;
  double r = second - product;
  rest = rest + ((second - r) - product);
  double t = r * r;
  double t2 = t * t;
  double t4 = t2 * t2;
  double s = ((-1.0 / 6 + t * (1.0 / 120)) + t2 * (-1.0 / 5040 + t * (1.0 / 362880))) +
             t4 * ((-1.0 / 39916800 + t * (1.0 / 6227020800)) + t2 * (-1.0 / 1307674368000));
  double c = ((1.0 / 24 + t * (-1.0 / 720)) + t2 * (1.0 / 40320 + t * (-1.0 / 3628800))) +
             t4 * ((1.0 / 479001600 + t * (-1.0 / 87178291200)) + t2 * (1.0 / 20922789888000));
  double half = 0.5 * t;
  double one = 1 - half;
  double sine_r = r + (r * t * s + rest * one);
  double cosine_r = one + (((1 - one) - half) + (t * t * c - r * rest));
  // Odd quadrants swap the two; the second bit turns signs.
  double upright = quadrant & 1 ? cosine_r : sine_r;
  double turned = quadrant & 1 ? sine_r : cosine_r;
  *sine = from_bits(to_bits(upright) ^ (quadrant & 2) << 62);
  *cosine = from_bits(to_bits(turned) ^ ((quadrant + 1) & 2) << 62);
}

INLINE double NAME(sin)(double x) {
  double sine, cosine;
  NAME(sine_and_cosine)(x, &sine, &cosine);
  return x == 0 ? x : sine;
}

INLINE double NAME(cos)(double x) {
  double sine, cosine;
  NAME(sine_and_cosine)(x, &sine, &cosine);
  return cosine;
}

INLINE double NAME(tan)(double x) {
  double sine, cosine;
  NAME(sine_and_cosine)(x, &sine, &cosine);
  return x == 0 ? x : sine / cosine;
}

// MARK: - Powers

/// A number to about twice the digits: the sum of a large and a small part.
struct NAME(double_double) {
  double high, low;
};

/// a·b without an error, by halves of 26 digits; |a| and |b| are below 2⁹⁹⁶.
INLINE struct NAME(double_double) NAME(exact_product)(double a, double b) {
  double c = a * 134217729.0, d = b * 134217729.0;
  double a1 = c - (c - a), b1 = d - (d - b);
  double a2 = a - a1, b2 = b - b1;
  double p = a * b;
  return (struct NAME(double_double)){p, ((a1 * b1 - p) + a1 * b2 + a2 * b1) + a2 * b2};
}

/// |a|ᵇ for a normal |a| and a finite b, with the sign that a negative a gives a whole b.
///
/// b·log a is needed to eleven digits more than a number has: its error is that of the result.
INLINE double NAME(power)(double a, double b) {
  unsigned long long bits = to_bits(__builtin_fabs(a));
  double e = NAME(exponent)(&bits);
  double f = from_bits(bits) - 1;
  // s = f / (2 + f), its remainder divided once more.
  double u = 2 + f;
  double u_low = f - (u - 2);
  double s = f / u;
  struct NAME(double_double) p = NAME(exact_product)(s, u);
  double s_low = (((f - p.high) - p.low) - s * u_low) / u;
  // log m = 2s + s·(2/3 t + t²·q), t = s²; the terms of q are small.
  struct NAME(double_double) t = NAME(exact_product)(s, s);
  t.low += 2 * s * s_low;
  double x = t.high, x2 = x * x, x4 = x2 * x2;
  double q = ((2.0 / 5 + x * (2.0 / 7)) + x2 * (2.0 / 9 + x * (2.0 / 11))) +
             x4 * ((2.0 / 13 + x * (2.0 / 15)) + x2 * (2.0 / 17 + x * (2.0 / 19))) +
             x4 * x4 * (2.0 / 21 + x * (2.0 / 23));
  struct NAME(double_double) w = NAME(exact_product)(TWO_THIRDS, t.high);
  w.low += TWO_THIRDS * t.low + TWO_THIRDS_LOW * t.high + x2 * q;
  struct NAME(double_double) cubic = NAME(exact_product)(s, w.high);
  cubic.low += s * w.low + s_low * w.high;
  // log a = e·ln 2 + 2s + cubic; e·LN2_HIGH is exact.
  double whole = e * LN2_HIGH;
  double high = whole + 2 * s;
  double low = __builtin_fabs(whole) > __builtin_fabs(2 * s) ? (whole - high) + 2 * s
                                                             : (2 * s - high) + whole;
  double sum = high + cubic.high;
  low += (high - sum) + cubic.high;
  low += cubic.low + 2 * s_low + e * LN2_LOW;
  // A larger b only makes sure of inf or 0.
  double exponent = b > 1e20 ? 1e20 : b < -1e20 ? -1e20 : b;
  struct NAME(double_double) y = NAME(exact_product)(exponent, sum);
  y.low += exponent * low;
  double product = y.high;
  y.high += y.low;
  y.low += product - y.high;
  y.low = y.high > 800 || y.high < -800 ? 0 : y.low;
  y.high = y.high > 800 ? 800 : y.high < -800 ? -800 : y.high;
  double k = (y.high * LOG2_E + SHIFT) - SHIFT;
  double rest = y.high - k * LN2_HIGH;
  double r = rest - k * LN2_LOW;
  double half = (k * 0.5 + SHIFT) - SHIFT;
  double result = NAME(near_one)(r, ((rest - r) - k * LN2_LOW) + y.low) *
                  NAME(power_of_two)(half) * NAME(power_of_two)(k - half);
  // Beyond 2⁵³ every number is whole and even.
  double size = __builtin_fabs(b);
  int is_whole = size >= 9007199254740992.0 || (size + SHIFT) - SHIFT == size;
  double halves = 0.5 * size;
  int is_odd = size < 9007199254740992.0 && is_whole && (halves + SHIFT) - SHIFT != halves;
  double turned = is_odd ? -result : result;
  turned = is_whole ? turned : __builtin_nan("");
  return a < 0 ? turned : result;
}

// Every iteration stands alone, even where the result is written over the operand.
#define EVERY _Pragma("clang loop vectorize(assume_safety)") for (ptrdiff_t i = 0; i < n; i++)

// MARK: - Nan

#define HAS_NAN(number, whole, suffix)                                                \
  static int NAME(has_nan##suffix)(const number *x, ptrdiff_t n) {                    \
    whole any = 0;                                                                    \
    for (ptrdiff_t i = 0; i < n; i++) any |= x[i] != x[i];                            \
    return any != 0;                                                                  \
  }
HAS_NAN(double, long long, _f64)
HAS_NAN(float, int, _f32)
#undef HAS_NAN

// MARK: - Extremes

#define EXTREME(number, eight, mask, suffix)                                          \
  static number NAME(extreme##suffix)(const number *x, ptrdiff_t n, int is_largest) { \
    number best = x[0];                                                               \
    int has_nan = x[0] != x[0];                                                       \
    ptrdiff_t i = 0;                                                                  \
    if (n >= 16) {                                                                    \
      eight lanes;                                                                    \
      memcpy(&lanes, x, sizeof lanes);                                                \
      mask nan = lanes != lanes;                                                      \
      for (i = 8; i + 8 <= n; i += 8) {                                               \
        eight next;                                                                   \
        memcpy(&next, x + i, sizeof next);                                            \
        nan |= next != next;                                                          \
        lanes = is_largest ? __builtin_elementwise_max(lanes, next)                   \
                           : __builtin_elementwise_min(lanes, next);                  \
      }                                                                               \
      has_nan = __builtin_reduce_or(nan) != 0;                                        \
      for (int lane = 0; lane < 8; lane++)                                            \
        if (is_largest ? lanes[lane] > best : lanes[lane] < best) best = lanes[lane]; \
    }                                                                                 \
    for (; i < n; i++) {                                                              \
      has_nan |= x[i] != x[i];                                                        \
      if (is_largest ? x[i] > best : x[i] < best) best = x[i];                        \
    }                                                                                 \
    return has_nan ? (number)__builtin_nan("") : best;                                \
  }
EXTREME(double, eight, mask_of_eight, _f64)
EXTREME(float, eight_f32, mask_of_eight_f32, _f32)
#undef EXTREME

// MARK: - Products and sums

/// a·b + c, a·b − c or c − a·b, each rounded twice.
static void NAME(product_sum_f64)(enum kernel_product_sum form, const double *a, const double *b,
                                  const double *c, double *y, ptrdiff_t n) {
  if (form == KERNEL_PRODUCT_PLUS) {
    EVERY y[i] = a[i] * b[i] + c[i];
  } else if (form == KERNEL_PRODUCT_MINUS) {
    EVERY y[i] = a[i] * b[i] - c[i];
  } else {
    EVERY y[i] = c[i] - a[i] * b[i];
  }
}

#define CHOOSE(number, suffix)                                                        \
  static void NAME(choose##suffix)(const double *mask, const number *a, const number *b, \
                                   number *y, ptrdiff_t n) {                          \
    EVERY {                                                                           \
      number first = a[i], second = b[i];                                             \
      y[i] = mask[i] != 0 ? first : second;                                           \
    }                                                                                 \
  }
CHOOSE(double, _f64)
CHOOSE(float, _f32)
#undef CHOOSE

// Four rows a time, since sums are read and written for each; every sum takes its rows in order.
#define ADD_ROWS(number, suffix)                                                      \
  static void NAME(add_rows##suffix)(const number *x, ptrdiff_t stride, ptrdiff_t rows, \
                                     double *sums, ptrdiff_t n) {                     \
    ptrdiff_t row = 0;                                                                \
    for (; row + 4 <= rows; row += 4, x += 4 * stride) {                              \
      const number *b = x + stride, *c = b + stride, *d = c + stride;                 \
      EVERY sums[i] = sums[i] + (double)x[i] + (double)b[i] + (double)c[i] + (double)d[i]; \
    }                                                                                 \
    for (; row < rows; row++, x += stride) {                                          \
      EVERY sums[i] += (double)x[i];                                                  \
    }                                                                                 \
  }
ADD_ROWS(double, _f64)
ADD_ROWS(float, _f32)
#undef ADD_ROWS

static void NAME(power_f64)(const double *a, const double *b, double *y, ptrdiff_t n) {
  EVERY y[i] = NAME(power)(a[i], b[i]);
}

// MARK: - Maps

#define MAP(f)                                                                        \
  static void NAME(f##_f64)(const double *x, double *y, ptrdiff_t n) {                \
    EVERY y[i] = NAME(f)(x[i]);                                                       \
  }                                                                                   \
  static void NAME(f##_f32)(const float *x, float *y, ptrdiff_t n) {                  \
    EVERY y[i] = (float)NAME(f)((double)x[i]);                                        \
  }
EACH_FUNCTION(MAP)
#undef MAP

// MARK: - Functions of two numbers

#define ADD(a, b) ((a) + (b))
#define SUBTRACT(a, b) ((a) - (b))
#define MULTIPLY(a, b) ((a) * (b))
#define DIVIDE(a, b) ((a) / (b))
#define MINIMUM(a, b) ((a) < (b) || (a) != (a) ? (a) : (b))
#define MAXIMUM(a, b) ((a) > (b) || (a) != (a) ? (a) : (b))

#define COMBINE_IN(number, suffix, f, F)                                              \
  static void NAME(f##suffix)(const number *a, ptrdiff_t step_a, const number *b,     \
                              ptrdiff_t step_b, number *y, ptrdiff_t n) {             \
    if (step_a && step_b) {                                                           \
      EVERY y[i] = F(a[i], b[i]);                                                     \
    } else if (step_a) {                                                              \
      number second = *b;                                                             \
      EVERY y[i] = F(a[i], second);                                                   \
    } else if (step_b) {                                                              \
      number first = *a;                                                              \
      EVERY y[i] = F(first, b[i]);                                                    \
    } else {                                                                          \
      number first = *a, second = *b;                                                 \
      EVERY y[i] = F(first, second);                                                  \
    }                                                                                 \
  }
#define COMBINE(f, F) COMBINE_IN(double, _f64, f, F) COMBINE_IN(float, _f32, f, F)
EACH_OPERATION(COMBINE)
#undef COMBINE
#undef COMBINE_IN

// MARK: - Relations

#define LESS(a, b) ((a) < (b))
#define LESS_OR_EQUAL(a, b) ((a) <= (b))
#define EQUAL(a, b) ((a) == (b))
#define NOT_EQUAL(a, b) ((a) != (b))

#define COMPARE_IN(number, suffix, f, F)                                              \
  static void NAME(f##suffix)(const number *a, ptrdiff_t step_a, const number *b,     \
                              ptrdiff_t step_b, double *y, ptrdiff_t n) {             \
    if (step_a && step_b) {                                                           \
      EVERY y[i] = F(a[i], b[i]) ? 1.0 : 0.0;                                         \
    } else if (step_a) {                                                              \
      number second = *b;                                                             \
      EVERY y[i] = F(a[i], second) ? 1.0 : 0.0;                                       \
    } else if (step_b) {                                                              \
      number first = *a;                                                              \
      EVERY y[i] = F(first, b[i]) ? 1.0 : 0.0;                                        \
    } else {                                                                          \
      double truth = F(*a, *b) ? 1.0 : 0.0;                                           \
      EVERY y[i] = truth;                                                             \
    }                                                                                 \
  }
#define COMPARE(f, F) COMPARE_IN(double, _f64, f, F) COMPARE_IN(float, _f32, f, F)
EACH_RELATION(COMPARE)
#undef COMPARE
#undef COMPARE_IN
#undef EVERY

#define NUMBER double
#define TYPED(f) NAME(f##_f64)
#define EXP NAME(exp)
#define LOG1P NAME(log1p)
#include "tiles.h"
#undef NUMBER
#undef TYPED
#undef EXP
#undef LOG1P
#define NUMBER float
#define TYPED(f) NAME(f##_f32)
#define EXP NAME(single_exp)
#define LOG1P NAME(single_log1p)
#include "tiles.h"
#undef NUMBER
#undef TYPED
#undef EXP
#undef LOG1P

static double NAME(powers_f64)(const double *x, ptrdiff_t n, double offset, double factor,
                               double *y) {
  double powers[256];
  double sum = 0;
  for (ptrdiff_t start = 0; start < n; start += 256) {
    ptrdiff_t count = n - start < 256 ? n - start : 256;
#pragma clang loop vectorize(assume_safety)
    for (ptrdiff_t j = 0; j < count; j++) powers[j] = NAME(exp)(x[start + j] + offset);
    sum += NAME(total_f64)(powers, count);
    if (!y) continue;
#pragma clang loop vectorize(assume_safety)
    for (ptrdiff_t j = 0; j < count; j++) y[start + j] += factor * powers[j];
  }
  return sum;
}

#define F64(f) NAME(f##_f64),
#define F32(f) NAME(f##_f32),
#define PAIR_F64(f, F) NAME(f##_f64),
#define PAIR_F32(f, F) NAME(f##_f32),
static const struct kernels NAME(kernels) = {
    {EACH_FUNCTION(F64)},      {EACH_FUNCTION(F32)},      {EACH_OPERATION(PAIR_F64)},
    {EACH_OPERATION(PAIR_F32)}, {EACH_RELATION(PAIR_F64)}, {EACH_RELATION(PAIR_F32)},
    NAME(hinge_row),           NAME(product_f64),         NAME(product_f32),
    NAME(has_nan_f64),         NAME(has_nan_f32),
    NAME(extreme_f64),         NAME(extreme_f32),         NAME(product_sum_f64),
    NAME(power_f64),           NAME(choose_f64),          NAME(choose_f32),
    NAME(add_rows_f64),        NAME(add_rows_f32),
    NAME(powers_f64),
    NAME(tile_product_f64),    NAME(tile_product_f32),
    NAME(tile_within_f64),     NAME(tile_within_f32),
    NAME(tile_tangent_f64),    NAME(tile_tangent_f32),
    NAME(tile_measures_f64),   NAME(tile_measures_f32),
    NAME(tile_slopes_f64),     NAME(tile_slopes_f32),
    NAME(tile_exponentials_f64), NAME(tile_weights_f64), NAME(tile_own_f64),
    NAME(tile_rivals_f64), NAME(tile_rival_weights_f64),
    NAME(tile_exponentials_f32), NAME(tile_weights_f32), NAME(tile_own_f32),
    NAME(tile_rivals_f32), NAME(tile_rival_weights_f32),
    NAME(tile_costs_f64),      NAME(tile_costs_f32),
    NAME(tile_powers_f64), NAME(tile_powers_f32),
    NAME(tile_shares_f64), NAME(tile_shares_f32),
    NAME(tile_nearest_f64), NAME(tile_nearest_f32),
    NAME(tile_to_nearest_f64), NAME(tile_to_nearest_f32),
    NAME(tile_relaxed_f64), NAME(tile_relaxed_f32),
    NAME(tile_to_centers_f64), NAME(tile_to_centers_f32),
};
#undef F64
#undef F32
#undef PAIR_F64
#undef PAIR_F32
