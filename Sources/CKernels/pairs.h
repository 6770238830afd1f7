// Hinges on the distances of pairs, for the processor that NAME and the surrounding attribute stand
// for. Included once for each, before loops.h; there is no guard.

INLINE eight NAME(load)(const double *x) {
  eight v;
  memcpy(&v, x, sizeof v);
  return v;
}

INLINE eight NAME(select)(mask_of_eight m, eight x) {
  mask_of_eight bits;
  memcpy(&bits, &x, sizeof bits);
  bits &= m;
  memcpy(&x, &bits, sizeof x);
  return x;
}

/// The eight numbers in a fixed order, as a sum.
INLINE double NAME(sum)(eight v) {
  return ((v[0] + v[1]) + (v[2] + v[3])) + ((v[4] + v[5]) + (v[6] + v[7]));
}

static void NAME(hinge_row)(const struct kernel_hinge *hinge, const double *z, ptrdiff_t stride,
                            ptrdiff_t d, ptrdiff_t i, ptrdiff_t from, ptrdiff_t to,
                            double *gradient, double *own, struct kernel_hinge_sums *sums) {
  const mask_of_eight places = {0, 1, 2, 3, 4, 5, 6, 7};
  const eight zero = {0};
  // Squared distances beyond a margin from 0 need no root.
  int plain = hinge->power == 2 && !hinge->of_squares && hinge->sign > 0 && hinge->margin == 0;
  // What is certainly at rest, with room for the rounding of the root.
  double reach = hinge->sign > 0 ? 0 : hinge->of_squares ? hinge->margin
                                          : hinge->margin * hinge->margin * (1 + 1e-12);
  eight cost = zero, active = zero;
  for (ptrdiff_t k = 0; k < 8 * d; k++) own[k] = 0;
  for (ptrdiff_t j = from; j < to; j += 8) {
    eight square = zero;
    for (ptrdiff_t k = 0; k < d; k++) {
      eight difference = z[k * stride + i] - NAME(load)(z + k * stride + j);
      square += difference * difference;
    }
    mask_of_eight counts = places + j < to;
    if (hinge->sign < 0 && !__builtin_reduce_or(counts & (square < reach))) continue;
    eight excess, term, factor;
    if (plain) {
      counts &= square > zero;
      term = square;
      factor = zero + 2;
    } else {
      eight measure = hinge->of_squares ? square : __builtin_elementwise_sqrt(square);
      excess = hinge->sign * (measure - hinge->margin);
      counts &= excess > zero;
      term = hinge->power == 2 ? excess * excess : excess;
      eight slope = hinge->power == 2 ? 2 * hinge->sign * excess : zero + hinge->sign;
      // Where two rows meet, the derivative of their distance is taken as 0 (theory §1.3).
      factor = hinge->of_squares ? 2 * slope : NAME(select)(measure > zero, slope / measure);
    }
    cost += NAME(select)(counts, term);
    active += NAME(select)(counts, zero + 1);
    factor = NAME(select)(counts, factor);
    for (ptrdiff_t k = 0; k < d; k++) {
      double *column = gradient + k * stride + j;
      eight change = factor * (z[k * stride + i] - NAME(load)(z + k * stride + j));
      eight mine = NAME(load)(own + 8 * k) + change;
      memcpy(own + 8 * k, &mine, sizeof mine);
      eight theirs = NAME(load)(column) - change;
      memcpy(column, &theirs, sizeof theirs);
    }
  }
  for (ptrdiff_t k = 0; k < d; k++)
    gradient[k * stride + i] += NAME(sum)(NAME(load)(own + 8 * k));
  sums->cost += NAME(sum)(cost);
  sums->active += NAME(sum)(active);
}
