// Costs of tiles of pairs, for the processor that NAME and the surrounding attribute stand for and
// for one precision: TYPED names a function, NUMBER is the number, EXP its exponential. Included
// for each; there is no guard.

/// As many numbers as a sum is kept in, whatever the width of vectors.
#define LANES ((ptrdiff_t)(64 / sizeof(NUMBER)))

/// The sum of n numbers, in an order that only n decides.
static NUMBER TYPED(total)(const NUMBER *x, ptrdiff_t n) {
  typedef NUMBER lanes __attribute__((vector_size(64)));
  lanes sums = {0};
  ptrdiff_t i = 0;
  for (; i + LANES <= n; i += LANES) {
    lanes next;
    memcpy(&next, x + i, sizeof next);
    sums += next;
  }
  NUMBER sum = 0;
  for (ptrdiff_t k = 0; k < LANES; k++) sum += sums[k];
  for (; i < n; i++) sum += x[i];
  return sum;
}

/// Σ a[i]·b[i] in float64, in an order that only n decides.
static double TYPED(tile_product)(const NUMBER *a, const NUMBER *b, ptrdiff_t n) {
  eight sums = {0};
  ptrdiff_t i = 0;
  for (; i + 8 <= n; i += 8)
    for (int k = 0; k < 8; k++) sums[k] += (double)a[i + k] * (double)b[i + k];
  double sum = 0;
  for (int k = 0; k < 8; k++) sum += sums[k];
  for (; i < n; i++) sum += (double)a[i] * (double)b[i];
  return sum;
}

static ptrdiff_t TYPED(tile_within)(const NUMBER *x, const NUMBER *levels, ptrdiff_t n,
                                    NUMBER limit, NUMBER *keys, int32_t *places) {
  typedef NUMBER lanes __attribute__((vector_size(64)));
  typedef _Bool flags __attribute__((ext_vector_type(64 / sizeof(NUMBER))));
  ptrdiff_t count = 0, start = 0;
  for (; start + LANES <= n; start += LANES) {
    lanes product, level;
    memcpy(&product, x + start, sizeof product);
    memcpy(&level, levels + start, sizeof level);
    // Most stretches hold nothing that near, the others a few.
    flags near = __builtin_convertvector(level - product <= limit, flags);
    uint16_t bits = 0;
    memcpy(&bits, &near, sizeof near);
    for (; bits; bits &= (uint16_t)(bits - 1)) {
      ptrdiff_t j = start + __builtin_ctz(bits);
      keys[count] = levels[j] - x[j];
      places[count++] = (int32_t)j;
    }
  }
  for (ptrdiff_t j = start; j < n; j++) {
    NUMBER key = levels[j] - x[j];
    keys[count] = key;
    places[count] = (int32_t)j;
    count += key <= limit;
  }
  return count;
}

static void TYPED(tile_tangent)(const NUMBER *g, const NUMBER *u, NUMBER *y, ptrdiff_t n,
                                double along, double scale) {
#pragma clang loop vectorize(assume_safety)
  for (ptrdiff_t i = 0; i < n; i++)
    y[i] = (NUMBER)(scale * ((double)g[i] - along * (double)u[i]));
}

static int TYPED(tile_measures)(enum kernel_measure measure, const NUMBER *x, ptrdiff_t n,
                                NUMBER own_square, const NUMBER *squares, double near,
                                double *y) {
  int near_pairs = 0;
  if (measure == KERNEL_PRODUCT) {
#pragma clang loop vectorize(assume_safety)
    for (ptrdiff_t j = 0; j < n; j++) y[j] = x[j];
    return 0;
  }
  double own = own_square;
#pragma clang loop vectorize(assume_safety)
  for (ptrdiff_t j = 0; j < n; j++) {
    double both = own + (double)squares[j];
    double square = both - 2 * (double)x[j];
    near_pairs |= square < near * both;
    y[j] = square;
  }
  if (measure == KERNEL_ROOT && !near_pairs) {
#pragma clang loop vectorize(assume_safety)
    for (ptrdiff_t j = 0; j < n; j++) y[j] = __builtin_elementwise_sqrt(y[j]);
  }
  return near_pairs;
}

static double TYPED(tile_slopes)(enum kernel_measure measure, const double *slopes,
                                 const double *measures, ptrdiff_t n, NUMBER *x) {
  // What is less than this adds nothing, but would slow down all that comes after.
  const double tiny = sizeof(NUMBER) == 4 ? 1e-30 : 1e-290;
  double own = 0;
  double weights[256];
  for (ptrdiff_t start = 0; start < n; start += 256) {
    ptrdiff_t count = n - start < 256 ? n - start : 256;
    const double *slope = slopes + start, *m = measures + start;
#pragma clang loop vectorize(assume_safety)
    for (ptrdiff_t j = 0; j < count; j++) {
      double weight = slope[j];
      weight = measure == KERNEL_ROOT ? (m[j] > 0 ? weight / m[j] : 0) : weight;
      weight = measure == KERNEL_SQUARE_OF_DIFFERENCE ? 2 * weight : weight;
      weights[j] = __builtin_fabs(weight) < tiny ? 0 : weight;
    }
    if (measure == KERNEL_PRODUCT) {
#pragma clang loop vectorize(assume_safety)
      for (ptrdiff_t j = 0; j < count; j++) x[start + j] = (NUMBER)weights[j];
    } else {
      own += NAME(total_f64)(weights, count);
#pragma clang loop vectorize(assume_safety)
      for (ptrdiff_t j = 0; j < count; j++) x[start + j] = -(NUMBER)weights[j];
    }
  }
  return own;
}

#include "exponents.h"

/// The pairs of a row in a tile, as `kernel_tile_costs_f64` of kernels.h has them.
static void TYPED(tile_costs)(const struct kernel_pair_cost *cost, NUMBER *x, ptrdiff_t n,
                              NUMBER own_square, const NUMBER *squares, NUMBER own,
                              const NUMBER *others, NUMBER *sums,
                              struct kernel_tile_sums *result) {
  NUMBER sign = (NUMBER)cost->sign, margin = (NUMBER)cost->margin, rate = (NUMBER)cost->rate;
  NUMBER near = (NUMBER)cost->near;
  NUMBER terms[KERNEL_TILE], active[KERNEL_TILE], slopes[KERNEL_TILE];
  int of_distances = cost->measure != KERNEL_PRODUCT;
  int is_root = cost->measure == KERNEL_ROOT;
  int near_pairs = 0;
  if (of_distances) {
#pragma clang loop vectorize(assume_safety)
    for (ptrdiff_t j = 0; j < n; j++) {
      NUMBER both = own_square + squares[j];
      NUMBER square = both - 2 * x[j];
      near_pairs |= square < near * both;
      x[j] = square;
    }
    for (ptrdiff_t j = 0; near_pairs && j < n; j++) {
      if (x[j] < near * (own_square + squares[j])) {
        result->near[result->near_count++] = (int)j;
        // No square is negative from here on but those that are left out.
        x[j] = -1;
      }
    }
  }
  if (cost->shape == KERNEL_COST_SOFTPLUS) {
#pragma clang loop vectorize(assume_safety)
    for (ptrdiff_t j = 0; j < n; j++) {
      NUMBER t = rate * sign * (x[j] - margin);
      NUMBER e = EXP(t < 0 ? t : -t);
      terms[j] = LOG1P(e) + (t > 0 ? t : 0);
      slopes[j] = rate * sign * ((t > 0 ? 1 : e) / (1 + e));
      active[j] = 1;
    }
  } else if (cost->shape == KERNEL_COST_SQUARED_HINGE) {
#pragma clang loop vectorize(assume_safety)
    for (ptrdiff_t j = 0; j < n; j++) {
      NUMBER square = x[j];
      NUMBER measure = is_root ? __builtin_elementwise_sqrt(square > 0 ? square : 0) : square;
      NUMBER excess = sign * (measure - margin);
      int counts = excess > 0 && (!of_distances || square >= 0);
      NUMBER slope = 2 * sign * excess;
      slope = is_root ? (measure > 0 ? slope / measure : 0) : slope;
      terms[j] = counts ? excess * excess : 0;
      active[j] = counts ? 1 : 0;
      slopes[j] = counts ? slope : 0;
    }
  } else {
#pragma clang loop vectorize(assume_safety)
    for (ptrdiff_t j = 0; j < n; j++) {
      NUMBER square = x[j];
      NUMBER measure = is_root ? __builtin_elementwise_sqrt(square > 0 ? square : 0) : square;
      NUMBER excess = sign * (measure - margin);
      int counts = excess > 0 && (!of_distances || square >= 0);
      NUMBER slope = is_root ? (measure > 0 ? sign / measure : 0) : sign;
      terms[j] = counts ? excess : 0;
      active[j] = counts ? 1 : 0;
      slopes[j] = counts ? slope : 0;
    }
  }
  result->active += TYPED(total)(active, n);
  NUMBER factor = (NUMBER)cost->factor;
#pragma clang loop vectorize(assume_safety)
  for (ptrdiff_t j = 0; j < n; j++) {
    NUMBER weight = factor * (own + others[j]);
    terms[j] *= weight;
    slopes[j] *= weight;
  }
  result->cost += TYPED(total)(terms, n);
  if (of_distances) {
    // By D² = aᵗa + bᵗb − 2aᵗb; a root was divided by above.
    NUMBER by_square = is_root ? 1 : 2;
#pragma clang loop vectorize(assume_safety)
    for (ptrdiff_t j = 0; j < n; j++) {
      NUMBER slope = by_square * slopes[j];
      slopes[j] = slope;
      x[j] = -slope;
      sums[j] += slope;
    }
    result->own += TYPED(total)(slopes, n);
  } else {
#pragma clang loop vectorize(assume_safety)
    for (ptrdiff_t j = 0; j < n; j++) x[j] = slopes[j];
  }
}

static double TYPED(tile_powers)(NUMBER *x, ptrdiff_t n, NUMBER rate, NUMBER origin) {
  // What is less has no part in a sum that has a 1 in it.
  const NUMBER least = sizeof(NUMBER) == 4 ? -87 : -600;
  double sum = 0;
  for (ptrdiff_t start = 0; start < n; start += 256) {
    ptrdiff_t count = n - start < 256 ? n - start : 256;
    NUMBER *part = x + start;
#pragma clang loop vectorize(assume_safety)
    for (ptrdiff_t j = 0; j < count; j++) {
      NUMBER t = rate * (part[j] - origin);
      part[j] = EXP(t < least ? least : t);
    }
    sum += (double)TYPED(total)(part, count);
  }
  return sum;
}

static void TYPED(tile_shares)(NUMBER *x, ptrdiff_t n, double factor, double level) {
  // A product below the smallest of these adds nothing, but would slow down all that comes after.
  NUMBER least = (NUMBER)((sizeof(NUMBER) == 4 ? 1e-30 : 1e-290) / __builtin_fabs(factor));
  NUMBER times = (NUMBER)factor, plus = (NUMBER)level;
#pragma clang loop vectorize(assume_safety)
  for (ptrdiff_t j = 0; j < n; j++) {
    NUMBER share = x[j];
    x[j] = times * (share < least ? 0 : share) + plus;
  }
}

static void TYPED(tile_nearest)(const NUMBER *x, ptrdiff_t n, ptrdiff_t centers, NUMBER *y) {
  memcpy(y, x, (size_t)n * sizeof *y);
  for (ptrdiff_t center = 1; center < centers; center++) {
    const NUMBER *line = x + center * n;
#pragma clang loop vectorize(assume_safety)
    for (ptrdiff_t j = 0; j < n; j++) {
      NUMBER here = line[j];
      y[j] = here > y[j] ? here : y[j];
    }
  }
}

static void TYPED(tile_to_nearest)(NUMBER *x, ptrdiff_t n, ptrdiff_t centers, NUMBER *nearest,
                                   const NUMBER *slopes) {
  // What has been found is marked by a number that is no measure.
  const NUMBER none = (NUMBER)__builtin_inf();
  for (ptrdiff_t center = 0; center < centers; center++) {
    NUMBER *line = x + center * n;
#pragma clang loop vectorize(assume_safety)
    for (ptrdiff_t j = 0; j < n; j++) {
      int is_nearest = line[j] == nearest[j];
      line[j] = is_nearest ? slopes[j] : 0;
      nearest[j] = is_nearest ? none : nearest[j];
    }
  }
}

static void TYPED(tile_relaxed)(NUMBER *x, ptrdiff_t n, ptrdiff_t centers, NUMBER rate, NUMBER *y,
                                NUMBER *powers) {
  NUMBER largest[256], sums[256], products[256];
  // What is less has no part in the mean, and shares of it would be too small to be normal.
  const NUMBER least = sizeof(NUMBER) == 4 ? -57 : -570;
  for (ptrdiff_t start = 0; start < n; start += 256) {
    ptrdiff_t count = n - start < 256 ? n - start : 256;
    TYPED(tile_nearest)(x + start, count, 1, largest);
    for (ptrdiff_t center = 1; center < centers; center++) {
      const NUMBER *line = x + center * n + start;
#pragma clang loop vectorize(assume_safety)
      for (ptrdiff_t j = 0; j < count; j++) {
        NUMBER here = line[j];
        largest[j] = here > largest[j] ? here : largest[j];
      }
    }
    for (ptrdiff_t j = 0; j < count; j++) sums[j] = products[j] = 0;
    for (ptrdiff_t center = 0; center < centers; center++) {
      const NUMBER *line = x + center * n + start;
      NUMBER *power = powers + center * 256;
#pragma clang loop vectorize(assume_safety)
      for (ptrdiff_t j = 0; j < count; j++) {
        NUMBER below = line[j] - largest[j];
        NUMBER t = rate * below;
        NUMBER e = EXP(t < least ? least : t);
        power[j] = e;
        sums[j] += e;
        products[j] += e * below;
      }
    }
#pragma clang loop vectorize(assume_safety)
    for (ptrdiff_t j = 0; j < count; j++) {
      NUMBER sum = 1 / sums[j];
      NUMBER mean = largest[j] + products[j] * sum;
      sums[j] = sum;
      products[j] = mean;
      y[start + j] = mean;
    }
    for (ptrdiff_t center = 0; center < centers; center++) {
      NUMBER *line = x + center * n + start;
      const NUMBER *power = powers + center * 256;
#pragma clang loop vectorize(assume_safety)
      for (ptrdiff_t j = 0; j < count; j++)
        line[j] = power[j] * sums[j] * (1 + rate * (line[j] - products[j]));
    }
  }
}

static void TYPED(tile_to_centers)(NUMBER *x, ptrdiff_t n, ptrdiff_t centers,
                                   const NUMBER *slopes) {
  const NUMBER tiny = sizeof(NUMBER) == 4 ? 1e-15f : 1e-145;
  for (ptrdiff_t center = 0; center < centers; center++) {
    NUMBER *line = x + center * n;
#pragma clang loop vectorize(assume_safety)
    for (ptrdiff_t j = 0; j < n; j++) {
      NUMBER share = line[j], slope = slopes[j];
      // Of two numbers above these the product is a normal one.
      int counts = __builtin_fabs((double)share) > tiny && __builtin_fabs((double)slope) > tiny;
      line[j] = counts ? share * slope : 0;
    }
  }
}
#undef LANES
