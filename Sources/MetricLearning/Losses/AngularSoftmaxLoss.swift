import Tensors

/// A softmax of cosines in which the own class has to be better than it looks (theory §8.6).
protocol AngularSoftmaxLoss: ClassWeightLoss {
  /// The inverse temperature.
  var scale: Double { get }

  /// How the rows are summed up.
  var reduction: Reduction { get }

  /// What stands for the cosine of the own class, and its derivative.
  func target(_ cosine: Double) -> (value: Double, slope: Double)
}

extension AngularSoftmaxLoss {
  /// What is measured, over which terms, and how they are summed up.
  public var terms: [String] {
    [
      centersPerClass == nil
        ? "cosine similarity to class weights, [-1, 1]"
        : "cosine similarity to the nearest center, [-1, 1]",
      "rows", how.words,
    ]
  }

  var how: Reduction { reduction.resolved(paper: .mean) }

  var hasHalves: Bool { true }

  var rate: Double { scale }

  func own(_ measure: Double, length: Double) -> OwnLogit {
    let target = target(measure)
    return OwnLogit(value: scale * target.value, slope: scale * target.slope)
  }
}

/// An angle added to that of the own class.
struct AngularMargin {
  /// The angle, in radians.
  let margin: Double
  /// Whether the angle is added wherever the cosine is above 0, and nothing elsewhere.
  let isEasy: Bool

  /// cos(θ + m) as long as that falls with θ, then cos θ − m sin m; and its derivative by cos θ.
  func target(_ cosine: Double) -> (value: Double, slope: Double) {
    if isEasy, cosine <= 0 { return (cosine, 1) }
    let (along, across) = (Portable.cos(margin), Portable.sin(margin))
    guard isEasy || cosine >= -along else { return (cosine - margin * across, 1) }
    let sine = max(0, 1 - cosine * cosine).squareRoot()
    return (
      cosine * along - sine * across,
      // Where θ is 0 the slope has no end; the part that grows is left out.
      along + (sine > 0 ? cosine / sine * across : 0)
    )
  }

  /// `widened(s)`: the same in the language.
  static let formula = """
    def widened(s) {
        square = 1 - s^2
        sine = sqrt(where(square > 0, square, 1)) * (square > 0)
        wide = s * cos(margin) - sine * sin(margin)
        where(s >= -cos(margin), wide, s - margin * sin(margin))
    }
    """
}
