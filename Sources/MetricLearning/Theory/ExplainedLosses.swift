import Tensors

// The arithmetic of one anchor, as the formulas of the losses have it.

private typealias Step = AnchorAccount.Step

extension Contrastive: ExplainedLoss {
  func account(of pairs: AnchorPairs) -> PairAccount {
    let isSquared = form == .boudiaf || form == .hadsell
    func price(_ excess: Double) -> Double {
      excess > 0 ? (isSquared ? excess * excess : excess) * (form == .hadsell ? 0.5 : 1) : 0
    }
    let positives = pairs.positives.map { row -> Double in
      let measure = pairs.measure(row)
      if form == .eq8 { return measure * measure }
      return price(pairs.sign * (measure - positiveMargin))
    }
    let negatives = pairs.negatives.map { row -> Double in
      let measure = pairs.measure(row)
      return form == .eq8 ? -2 * margin * measure : price(pairs.sign * (margin - measure))
    }
    let (pull, push) = (positives.reduce(0, +), negatives.reduce(0, +))
    var steps = [Step("sum over positives", pull), Step("sum over negatives", push)]
    var cost = pull + push
    if form == .hadsell || form == .cosine {
      cost /= 2
      steps.append(Step("half of both: a pair is met from either end", cost))
    }
    return PairAccount(
      costName: "cost", positives: positives, negatives: negatives, steps: steps, cost: cost)
  }
}

extension Triplet: ExplainedLoss {
  var isExplained: Bool { !swap }

  func account(of pairs: AnchorPairs) -> PairAccount {
    var positives = [Double](repeating: 0, count: pairs.positives.count)
    var negatives = [Double](repeating: 0, count: pairs.negatives.count)
    var (count, active) = (0, 0)
    let hardest = (
      pairs.positives.max { pairs.far($0) < pairs.far($1) },
      pairs.negatives.min { pairs.far($0) < pairs.far($1) }
    )
    for (p, positive) in pairs.positives.enumerated() {
      for (n, negative) in pairs.negatives.enumerated() {
        let gap = pairs.far(negative) - pairs.far(positive)
        switch mining {
        case .all: break
        case .semihard where gap > 0 && gap <= miningMargin ?? margin: break
        case .hard where hardest == (positive, negative): break
        case .semihard, .hard: continue
        }
        count += 1
        let term = smooth ? softplus(margin - gap).value : max(0, margin - gap)
        if term > 0 { active += 1 }
        // A triplet is shared by its two pairs.
        positives[p] += term / 2
        negatives[n] += term / 2
      }
    }
    let cost = positives.reduce(0, +) + negatives.reduce(0, +)
    return PairAccount(
      costName: "share", positives: positives, negatives: negatives,
      steps: [Step("triplets of the anchor", Double(count)), Step("above 0", Double(active))],
      cost: cost)
  }
}

extension BinomialDeviance: ExplainedLoss {
  func account(of pairs: AnchorPairs) -> PairAccount {
    func terms(_ rows: [Int], _ rate: Double) -> [Double] {
      rows.map { softplus(rate * pairs.sign * (pairs.measure($0) - base)).value }
    }
    func mean(_ terms: [Double]) -> Double {
      terms.isEmpty ? 0 : terms.reduce(0, +) / Double(terms.count)
    }
    let (positives, negatives) = (terms(pairs.positives, alpha), terms(pairs.negatives, -beta))
    let (pull, push) = (mean(positives), mean(negatives))
    return PairAccount(
      costName: "log(1+e^u)", positives: positives, negatives: negatives,
      steps: [Step("mean over positives", pull), Step("mean over negatives", push)],
      cost: pull + push)
  }
}

extension MarginLoss: ExplainedLoss {
  var isExplained: Bool { nu == 0 }

  func account(of pairs: AnchorPairs) -> PairAccount {
    func terms(_ rows: [Int], _ direction: Double) -> [Double] {
      rows.map { max(0, margin + direction * (pairs.measure($0) - beta)) }
    }
    let positives = terms(pairs.positives, pairs.sign)
    let negatives = terms(pairs.negatives, -pairs.sign)
    let (pull, push) = (positives.reduce(0, +), negatives.reduce(0, +))
    let steps = [Step("sum over positives", pull), Step("sum over negatives", push)]
    if form == .pairs {
      let cost = (pull + push) / 2
      return PairAccount(
        costName: "cost", positives: positives, negatives: negatives,
        steps: steps + [Step("half of both: a pair is met from either end", cost)], cost: cost)
    }
    let cost = pull * Double(negatives.count) + push * Double(positives.count)
    return PairAccount(
      costName: "cost", positives: positives, negatives: negatives,
      steps: steps + [Step("each as often as it is in a triplet", cost)], cost: cost)
  }
}

extension MultiSimilarity: ExplainedLoss {
  var isExplained: Bool { form == .paper }

  func account(of pairs: AnchorPairs) -> PairAccount {
    let level = pairs.sign * base
    let nearest = pairs.negatives.map(pairs.far).min() ?? .infinity
    let farthest = pairs.positives.map(pairs.far).max() ?? -.infinity
    func terms(_ rows: [Int], _ rate: Double, _ isKept: (Double) -> Bool) -> [Double] {
      rows.map { row in
        let far = pairs.far(row)
        return mining && !isKept(far) ? 0 : Portable.exp(rate * (far - level))
      }
    }
    let positives = terms(pairs.positives, alpha) { $0 + epsilon > nearest }
    let negatives = terms(pairs.negatives, -beta) { $0 - epsilon < farthest }
    // A sum of what is shown overflows where the loss does not.
    func logarithm(_ rows: [Int], _ terms: [Double], _ rate: Double) -> Double {
      let exponents = zip(rows, terms).filter { $0.1 > 0 }.map { rate * (pairs.far($0.0) - level) }
      let largest = max(0, exponents.max() ?? 0)
      let sum = exponents.reduce(Portable.exp(-largest)) { $0 + Portable.exp($1 - largest) }
      return largest + Portable.log(sum)
    }
    let pull = logarithm(pairs.positives, positives, alpha) / alpha
    let push = logarithm(pairs.negatives, negatives, -beta) / beta
    return PairAccount(
      costName: "e^u", positives: positives, negatives: negatives,
      steps: [
        Step("pull: log(1 + sum over positives) / alpha", pull),
        Step("push: log(1 + sum over negatives) / beta", push),
      ], cost: pull + push)
  }
}

/// The account of a softmax over the anchor's pairs, each with its share.
private func softmaxAccount(
  _ pairs: AnchorPairs, rate: Double,
  _ cost: (_ near: Double, _ all: Double, _ positives: [Double]) -> (words: String, cost: Double)
) -> PairAccount {
  let positives = pairs.positives.map { -rate * pairs.far($0) }
  let negatives = pairs.negatives.map { -rate * pairs.far($0) }
  func logSumExp(_ exponents: [Double]) -> Double {
    guard let largest = exponents.max() else { return -.infinity }
    return largest + Portable.log(exponents.reduce(0) { $0 + Portable.exp($1 - largest) })
  }
  let all = logSumExp(positives + negatives)
  let near = logSumExp(positives)
  let shares = (
    positives.map { Portable.exp($0 - all) }, negatives.map { Portable.exp($0 - all) }
  )
  let result = positives.isEmpty ? (words: "no positives", cost: 0) : cost(near, all, positives)
  return PairAccount(
    costName: "share", positives: shares.0, negatives: shares.1,
    steps: [
      Step("share of the positives", shares.0.reduce(0, +)), Step(result.words, result.cost),
    ], cost: result.cost)
}

extension NeighbourhoodComponents: ExplainedLoss {
  func account(of pairs: AnchorPairs) -> PairAccount {
    softmaxAccount(pairs, rate: scale) { near, all, _ in
      form == .log
        ? ("-log of it", all - near) : ("the cost is minus it", -Portable.exp(near - all))
    }
  }
}

extension ScalableNeighbourhoodComponents: ExplainedLoss {
  func account(of pairs: AnchorPairs) -> PairAccount {
    softmaxAccount(pairs, rate: 1 / sigma) { near, all, _ in ("-log of it", all - near) }
  }
}

extension SupervisedContrastive: ExplainedLoss {
  func account(of pairs: AnchorPairs) -> PairAccount {
    let isLeftOut = form == .pml && pairs.negatives.isEmpty
    return softmaxAccount(pairs, rate: 1 / temperature) { near, all, positives in
      if isLeftOut { return ("no negatives", 0) }
      let count = Double(positives.count)
      return form == .in
        ? ("-log of the mean share of a positive", all - near + Portable.log(count))
        : ("mean over positives of -log share", all - positives.reduce(0, +) / count)
    }
  }
}

extension NormalizedTemperatureCrossEntropy: ExplainedLoss {
  func account(of pairs: AnchorPairs) -> PairAccount {
    let far = pairs.negatives.map { -pairs.far($0) / temperature }
    let largest = far.max() ?? 0
    let powers = far.map { Portable.exp($0 - largest) }
    let total = powers.reduce(0, +)
    let push = total > 0 ? largest + Portable.log(total) : -.infinity
    let positives = pairs.positives.map { row in
      total > 0 ? softplus(push + pairs.far(row) / temperature).value : 0
    }
    let cost = positives.reduce(0, +)
    return PairAccount(
      costName: "cost/share", positives: positives, negatives: powers.map { $0 / total },
      steps: [
        Step("log of the sum over negatives of e^(S/T)", push),
        Step("sum over positives of log(1 + e^(that - S/T))", cost),
      ], cost: cost)
  }
}
