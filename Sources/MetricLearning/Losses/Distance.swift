/// How near two rows are: what `distance=` names.
///
/// Rows are normalised inside the loss exactly when the name says so; a zero row stays zero.
public enum Distance: String, CaseIterable, Sendable {
  /// ‖a − b‖, rows as given.
  case euclidean
  /// ‖a − b‖ between rows of unit length.
  case euclideanNormalized = "euclidean_normalized"
  /// ‖a − b‖², rows as given.
  case sqeuclidean
  /// ‖a − b‖² between rows of unit length.
  case sqeuclideanNormalized = "sqeuclidean_normalized"
  /// The inner product of rows of unit length.
  case cosine
  /// The inner product, rows as given.
  case dot

  /// Whether large means close.
  public var isSimilarity: Bool { self == .cosine || self == .dot }

  /// Whether rows are divided by their length first.
  public var normalizes: Bool {
    self == .euclideanNormalized || self == .sqeuclideanNormalized || self == .cosine
  }

  /// Whether equal steps of similarity are unequal steps of it: it is a root of D² = 2 − 2S.
  var bendsSimilarity: Bool { self == .euclidean || self == .euclideanNormalized }

  /// Whether it is the square of a distance.
  var isSquared: Bool { self == .sqeuclidean || self == .sqeuclideanNormalized }

  /// 1 where large means far, −1 where large means close.
  var sign: Double { isSimilarity ? -1 : 1 }

  /// The distance in words, with its range where it has one.
  public var words: String {
    switch self {
    case .euclidean: "Euclidean distance, as given"
    case .euclideanNormalized: "Euclidean distance on the unit sphere, [0, 2]"
    case .sqeuclidean: "squared Euclidean distance, as given"
    case .sqeuclideanNormalized: "squared Euclidean distance on the unit sphere, [0, 4]"
    case .cosine: "cosine similarity, [-1, 1]"
    case .dot: "inner product, as given"
    }
  }

  /// The derivative of the measure by the similarity of a pair, by D² = 2 − 2S; 0 where rows meet.
  func slopeBySimilarity(at measure: Double) -> Double {
    switch self {
    case .cosine, .dot: 1
    case .sqeuclidean, .sqeuclideanNormalized: -2
    case .euclidean, .euclideanNormalized: measure > 0 ? -1 / measure : 0
    }
  }

  /// The distance at a similarity S of unit rows, by D² = 2 − 2S, and its derivative by S.
  ///
  /// Where two rows meet, the derivative of the distance is taken as 0 (theory §1.3).
  func measure(ofSimilarity similarity: Double) -> (value: Double, slope: Double) {
    switch self {
    case .cosine, .dot: return (similarity, 1)
    case .sqeuclidean, .sqeuclideanNormalized: return (max(0, 2 - 2 * similarity), -2)
    case .euclidean, .euclideanNormalized:
      let distance = max(0, 2 - 2 * similarity).squareRoot()
      return (distance, distance > 0 ? -1 / distance : 0)
    }
  }
}
