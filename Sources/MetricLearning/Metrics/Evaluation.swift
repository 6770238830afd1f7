public import Tensors

/// Embeddings that are to be measured; what several metrics need is made once.
public final class Evaluation {
  /// The embeddings, n×d.
  public let z: Tensor
  /// One label per row.
  public let labels: [Int]
  /// By what rows are searched.
  public let distance: Distance
  private let seed: UInt64
  private var scores: (recall: Retrieval.Recall, precision: Retrieval.Precision)?
  private var found: LabelAgreement?

  /// The numbers of neighbours that recall is asked for.
  private static let ks = [1, 2, 4, 8]

  /// Embeddings with their labels.
  ///
  /// - Parameters:
  ///   - z: n×d.
  ///   - labels: n labels, 0 or above.
  ///   - distance: by what rows are searched.
  ///   - seed: of the centers that k-means starts from.
  /// - Throws: what a batch of a loss throws.
  public init(
    _ z: Tensor, _ labels: [Int], distance: Distance = .euclidean, seed: UInt64 = 0
  ) throws(LossError) {
    _ = try Batch(LossInput(embeddings: z, labels: labels))
    self.z = z
    self.labels = labels
    self.distance = distance
    self.seed = seed
  }

  /// How many rows have no classmate: they ask for nothing.
  public var lonely: Int {
    var sizes: [Int: Int] = [:]
    for label in labels { sizes[label, default: 0] += 1 }
    return sizes.values.count { $0 == 1 }
  }

  func recall(_ place: Int) throws(LossError) -> Double {
    try retrieval().recall.values[place]
  }

  func precision() throws(LossError) -> Retrieval.Precision { try retrieval().precision }

  private func retrieval() throws(LossError) -> (
    recall: Retrieval.Recall, precision: Retrieval.Precision
  ) {
    if let scores { return scores }
    let made = try Retrieval.scores(z, labels, at: Self.ks, distance: distance)
    scores = made
    return made
  }

  /// Clusters of k-means, as many as classes, against the classes.
  func agreement() throws(LossError) -> LabelAgreement {
    if let found { return found }
    let classes = Set(labels).count
    let clusters =
      classes > 0 ? try KMeans.fit(z, clusters: classes, seed: seed).clusters : []
    let made = try LabelAgreement(labels, clusters)
    found = made
    return made
  }
}
