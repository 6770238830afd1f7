/// The metrics that `evaluate` shows and `compare` compares by, in their order.
public enum MetricCatalog {
  /// All of them.
  public static let all: [Metric] = [
    Metric("recall_at_1", "a classmate is the nearest other") { try $0.recall(0) },
    Metric("recall_at_2", "a classmate is among the 2 nearest") { try $0.recall(1) },
    Metric("recall_at_4", "a classmate is among the 4 nearest") { try $0.recall(2) },
    Metric("recall_at_8", "a classmate is among the 8 nearest") { try $0.recall(3) },
    Metric("r_precision", "share of classmates among the R nearest") {
      try $0.precision().atR
    },
    Metric("map_at_r", "the same, early ones counting more") {
      try $0.precision().meanAverageAtR
    },
    Metric("nmi", "k-means clusters against classes, 0 to 1") {
      try $0.agreement().normalizedMutualInformation()
    },
    Metric("ami", "the same above chance") { try $0.agreement().adjustedMutualInformation() },
    Metric("ari", "pairs seen alike, above chance") { try $0.agreement().adjustedRandIndex },
    Metric("pairwise_f1", "pairs of one cluster, precision and recall") {
      try $0.agreement().pairwiseF1
    },
    Metric("silhouette", "nearer to classmates than to the next class, -1 to 1") {
      try EmbeddingShape.silhouette($0.z, $0.labels)
    },
    Metric("alignment", "mean squared distance of classmates on the sphere", isBetter: .lower) {
      try EmbeddingShape.alignment($0.z, $0.labels)
    },
    Metric("uniformity", "how unevenly the sphere is used", isBetter: .lower) {
      try EmbeddingShape.uniformity($0.z)
    },
    Metric("effective_rank", "in how many directions embeddings vary") {
      try EmbeddingShape.effectiveRank($0.z)
    },
  ]

  /// The metric of a name.
  public static func named(_ name: String) -> Metric? { all.first { $0.name == name } }
}

/// One number that says how good embeddings are.
public struct Metric: Sendable {
  /// What it is called.
  public let name: String
  /// What it says, in a few words.
  public let words: String
  /// Which way it improves.
  public let isBetter: Direction
  private let value: @Sendable (Evaluation) throws -> Double

  /// Which way a metric improves.
  public enum Direction: String, Sendable {
    /// The larger the better.
    case higher
    /// The smaller the better.
    case lower
  }

  init(
    _ name: String, _ words: String, isBetter: Direction = .higher,
    _ value: @escaping @Sendable (Evaluation) throws -> Double
  ) {
    self.name = name
    self.words = words
    self.isBetter = isBetter
    self.value = value
  }

  /// The value of embeddings; nan where they have none.
  ///
  /// - Throws: what the metric throws.
  public func value(of evaluation: Evaluation) throws -> Double {
    try value(evaluation)
  }
}
