import Tensors

extension PairTiles {
  /// What all anchors cost, and the gradient by the rows; nil where exponentials would overflow, or
  /// too many of them vanish.
  ///
  /// Anchors whose term is not above 0 are left out where `leavesInactive`.
  func gradient(
    _ exponents: PairExponents, _ distance: Distance, leavesInactive: Bool
  ) -> (TermSum, [Number])? {
    guard exponents.shift != .none || allows(exponents) else { return nil }
    return rows.withUnsafeBufferPointer { rows in
      guard let rows = rows.baseAddress else { return nil }
      let visits = ExponentVisits(
        self, exponents, distance, rows, shifts: shifts(exponents, distance))
      visits.addUp()
      guard exponents.shift == .none || visits.sumsAreSafe else { return nil }
      if exponents.rivalSlope != nil { visits.addRivals() }
      let total = visits.settle(leavesInactive: leavesInactive)
      return (total, visits.gradient())
    }
  }

  /// Whether no exponent is so large or small that its power overflows or vanishes.
  private func allows(_ exponents: PairExponents) -> Bool {
    // An inner product is at most the larger of the squares.
    let bound = squares.reduce(0) { max($0, Double($1)) }
    return [exponents.pull, exponents.push].allSatisfy {
      let range = $0.range(bound)
      return Number.safeExponents.contains(range.lowerBound)
        && Number.safeExponents.contains(range.upperBound)
    }
  }

  /// What is to be added to exponents so that sums of their powers are near 1: what some anchors
  /// need on average.
  private func shifts(
    _ exponents: PairExponents, _ distance: Distance
  ) -> (pull: Double, push: Double) {
    guard exponents.shift != .none else { return (0, 0) }
    var sums = (pull: [Double](), push: [Double]())
    for i in stride(from: 0, to: count, by: max(1, count / 8)) {
      var (pull, push) = ([Double](), [Double]())
      for j in 0..<count where j != i {
        let isPositive = classmates[i].contains(j)
        let exponent = isPositive ? exponents.pull : exponents.push
        let power = exponent(measure(i, j, distance))
        if isPositive, exponents.shift == .ofEachKind {
          pull.append(power)
        } else {
          push.append(power)
        }
      }
      if !pull.isEmpty { sums.pull.append(softmax(pull).logSumExp) }
      if !push.isEmpty { sums.push.append(softmax(push).logSumExp) }
    }
    func mean(_ sums: [Double]) -> Double {
      let mean = sums.reduce(0, +) / Double(max(1, sums.count))
      return mean.isFinite ? mean : 0
    }
    let push = -mean(sums.push)
    return (exponents.shift == .ofEachKind ? -mean(sums.pull) : push, push)
  }

  private func measure(_ i: Int, _ j: Int, _ distance: Distance) -> Double {
    rows.withUnsafeBufferPointer { rows in
      guard let row = rows.baseAddress else { return 0 }
      let product = Number.product(row + i * width, row + j * width, width)
      if distance.isSimilarity { return product }
      return Double(squares[i]) + Double(squares[j]) - 2 * product
    }
  }

  /// For every row the sum of its inner products with its classmates: that with their sum.
  var productsWithClassmates: [Double] {
    var products: [Double] = []
    products.reserveCapacity(count)
    while products.count < count {
      let mates = classmates[products.count]
      var sum = [Double](repeating: 0, count: width)
      for i in mates {
        for k in 0..<width { sum[k] += Double(rows[i * width + k]) }
      }
      for i in mates {
        var product = 0.0
        for k in 0..<width {
          let number = Double(rows[i * width + k])
          product += number * (sum[k] - number)
        }
        products.append(product)
      }
    }
    return products
  }
}
