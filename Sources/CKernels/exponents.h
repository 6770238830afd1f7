// Exponentials of tiles of pairs, under the names that tiles.h has. Included for each processor and
// precision; there is no guard.

/// What is less than this adds nothing, but would slow down all that comes after.
#define TINY ((NUMBER)(sizeof(NUMBER) == 4 ? 1e-30 : 1e-290))

/// Inner products to exponentials.
INLINE void TYPED(to_exponentials)(const struct kernel_exponent *exponent, NUMBER *x, ptrdiff_t n,
                                   const NUMBER *shifts) {
  NUMBER slope = (NUMBER)exponent->slope, offset = (NUMBER)exponent->offset;
  if (exponent->is_bent) {
    NUMBER turn = (NUMBER)exponent->turn, reach = (NUMBER)exponent->reach;
    NUMBER goal = (NUMBER)exponent->goal;
#pragma clang loop vectorize(assume_safety)
    for (ptrdiff_t j = 0; j < n; j++) {
      NUMBER weight = turn * x[j] + reach;
      x[j] = EXP(slope * (weight > 0 ? weight : 0) * (x[j] - goal) + offset);
    }
  } else if (shifts) {
#pragma clang loop vectorize(assume_safety)
    for (ptrdiff_t j = 0; j < n; j++) x[j] = EXP(slope * x[j] + (offset + shifts[j]));
  } else {
#pragma clang loop vectorize(assume_safety)
    for (ptrdiff_t j = 0; j < n; j++) x[j] = EXP(slope * x[j] + offset);
  }
}

static NUMBER TYPED(tile_exponentials)(const struct kernel_exponent *exponent, NUMBER *x,
                                       ptrdiff_t n, const NUMBER *shifts, NUMBER *sums) {
  if (exponent->is_bent || shifts) {
    TYPED(to_exponentials)(exponent, x, n, shifts);
#pragma clang loop vectorize(assume_safety)
    for (ptrdiff_t j = 0; j < n; j++) sums[j] += x[j];
  } else {
    NUMBER slope = (NUMBER)exponent->slope, offset = (NUMBER)exponent->offset;
#pragma clang loop vectorize(assume_safety)
    for (ptrdiff_t j = 0; j < n; j++) {
      NUMBER e = EXP(slope * x[j] + offset);
      x[j] = e;
      sums[j] += e;
    }
  }
  return TYPED(total)(x, n);
}

static void TYPED(tile_weights)(const struct kernel_exponent *exponent, NUMBER *x, ptrdiff_t n,
                                const NUMBER *shifts, int is_exponential, NUMBER own,
                                const NUMBER *others, NUMBER own_level, const NUMBER *levels) {
  NUMBER slopes[KERNEL_TILE];
  if (exponent->is_bent) {
    NUMBER turn = (NUMBER)exponent->turn, reach = (NUMBER)exponent->reach;
    NUMBER slope = (NUMBER)exponent->slope;
#pragma clang loop vectorize(assume_safety)
    for (ptrdiff_t j = 0; j < n; j++) {
      NUMBER weight = turn * x[j] + reach;
      slopes[j] = slope * (weight > 0 ? weight : 0);
    }
  }
  if (!is_exponential) TYPED(to_exponentials)(exponent, x, n, shifts);
  if (exponent->is_bent) {
#pragma clang loop vectorize(assume_safety)
    for (ptrdiff_t j = 0; j < n; j++) x[j] *= slopes[j];
  }
#pragma clang loop vectorize(assume_safety)
  for (ptrdiff_t j = 0; j < n; j++) {
    NUMBER weight = x[j] * (own + others[j]) + (own_level + levels[j]);
    x[j] = (weight < 0 ? -weight : weight) < TINY ? 0 : weight;
  }
}

static double TYPED(tile_own)(const NUMBER *x, ptrdiff_t n, NUMBER *sums) {
#pragma clang loop vectorize(assume_safety)
  for (ptrdiff_t j = 0; j < n; j++) sums[j] -= x[j];
  return -(double)TYPED(total)(x, n);
}

static void TYPED(tile_rivals)(const NUMBER *x, ptrdiff_t n, NUMBER slope, NUMBER own,
                               const NUMBER *others, NUMBER *costs, NUMBER *shares,
                               struct kernel_rival_sums *result) {
  NUMBER cost[KERNEL_TILE], share[KERNEL_TILE];
#pragma clang loop vectorize(assume_safety)
  for (ptrdiff_t j = 0; j < n; j++) {
    NUMBER exponent = slope * x[j];
    NUMBER t = own - exponent;
    NUMBER e = EXP(t < 0 ? t : -t);
    cost[j] = LOG1P(e) + (t > 0 ? t : 0);
    share[j] = (t > 0 ? 1 : e) / (1 + e);
    t = others[j] - exponent;
    e = EXP(t < 0 ? t : -t);
    costs[j] += LOG1P(e) + (t > 0 ? t : 0);
    shares[j] += (t > 0 ? 1 : e) / (1 + e);
  }
  result->cost += (double)TYPED(total)(cost, n);
  result->share += (double)TYPED(total)(share, n);
}

static void TYPED(tile_rival_weights)(NUMBER *x, ptrdiff_t n, NUMBER slope, NUMBER own,
                                      const NUMBER *others, NUMBER factor, NUMBER level) {
#pragma clang loop vectorize(assume_safety)
  for (ptrdiff_t j = 0; j < n; j++) {
    NUMBER exponent = slope * x[j];
    NUMBER t = own - exponent;
    NUMBER e = EXP(t < 0 ? t : -t);
    NUMBER share = (t > 0 ? 1 : e) / (1 + e);
    t = others[j] - exponent;
    e = EXP(t < 0 ? t : -t);
    share += (t > 0 ? 1 : e) / (1 + e);
    NUMBER weight = factor * share + level;
    x[j] = (weight < 0 ? -weight : weight) < TINY ? 0 : weight;
  }
}
#undef TINY
