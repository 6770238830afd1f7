/// Why an entropy or an information cannot be estimated from some points.
public enum EstimateError: Error, Sendable, Equatable {
  /// Fewer points than the estimate takes.
  case tooFewPoints(Int, least: Int)
  /// Points without coordinates.
  case noCoordinates
  /// Fewer than one neighbour asked for.
  case neighbours(Int)
  /// No class has two members.
  case noClassmates
  /// Points lie on each other, so that both entropies are −∞ and have no difference.
  case coincidence
}
