/// Which of three similarities the weight of a pair depends on (theory §6.2; Wang and others, 2019).
///
/// The weight is |∂L/∂Sᵢⱼ| with the entries of S taken as independent, a common factor of the
/// reduction aside. What is said of positive and negative holds for a negative pair; for a positive
/// one the two trade places.
public struct UsedSimilarities: Sendable, Equatable {
  /// S: it changes when all similarities of the anchor change by one constant.
  public let own: Bool
  /// N: it changes with the other pairs of the same kind.
  public let negative: Bool
  /// P: it changes with the pairs of the other kind, or with whether these let the anchor count.
  public let positive: Bool

  /// The three, one by one.
  public init(own: Bool, negative: Bool, positive: Bool) {
    self.own = own
    self.negative = negative
    self.positive = positive
  }

  /// What either of two depends on: their sum's weights are added up.
  static func || (a: UsedSimilarities, b: UsedSimilarities) -> UsedSimilarities {
    UsedSimilarities(
      own: a.own || b.own, negative: a.negative || b.negative, positive: a.positive || b.positive)
  }
}

extension LossSum {
  /// What the weights of pairs depend on; nil where one of the losses is not one of pairs.
  public var usedSimilarities: UsedSimilarities? {
    var all = UsedSimilarities(own: false, negative: false, positive: false)
    for term in terms {
      guard let used = term.loss.usedSimilarities else { return nil }
      if term.factor != 0 { all = all || used }
    }
    return all
  }
}
