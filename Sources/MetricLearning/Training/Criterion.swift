public import Autodiff
public import Tensors

/// What training makes small: a function of embeddings and labels, with parameters of its own.
public struct Criterion {
  /// The parameters that are trained along, such as proxies.
  public var parameters: [Tensor]
  /// The loss of a batch, one number.
  public var value:
    (_ embeddings: Quantity, _ labels: [Int], _ parameters: [Quantity]) throws
      -> Quantity
  /// The parameters after a step by the loss's own rule; nil where the optimizer trains them.
  public var moved:
    (_ parameters: [Tensor], _ embeddings: Tensor, _ labels: [Int]) throws
      -> [Tensor]?

  /// A criterion of one's own.
  public init(
    parameters: [Tensor] = [],
    value: @escaping (Quantity, [Int], [Quantity]) throws -> Quantity,
    moved: @escaping ([Tensor], Tensor, [Int]) throws -> [Tensor]? = { _, _, _ in nil }
  ) {
    self.parameters = parameters
    self.value = value
    self.moved = moved
  }

  /// A loss of the catalog with its weights; they are made if it needs some and none are given.
  ///
  /// - Parameters:
  ///   - loss: what is computed.
  ///   - weights: where its weights start.
  ///   - classes: how many classes made weights are for.
  ///   - d: the width of the embeddings.
  ///   - seed: of made weights.
  /// - Throws: `tooLarge` where weights cannot be made.
  public init(
    _ loss: any Loss, weights: Tensor? = nil, classes: Int, d: Int, seed: UInt64 = 0
  ) throws(TensorError) {
    var start = weights
    if start == nil, loss.needsWeights {
      start = try loss.initialWeights(classes: classes, d: d, seed: seed)
    }
    self.init(parameters: start.map { [$0] } ?? []) { embeddings, labels, parameters in
      try loss.quantity(embeddings, labels: labels, weights: parameters.first).value
    } moved: { parameters, embeddings, labels in
      let input = LossInput(embeddings: embeddings, labels: labels, weights: parameters.first)
      return try loss.movedWeights(input).map { moved in
        [moved.converted(to: parameters.first?.dtype ?? .float64)]
      }
    }
  }
}
