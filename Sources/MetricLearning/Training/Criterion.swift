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
  /// The parameters after a step by the loss's own rule, nil for those the optimizer trains; empty
  /// where it trains all.
  public var moved:
    (_ parameters: [Tensor], _ embeddings: Tensor, _ labels: [Int]) throws
      -> [Tensor?]

  /// A criterion of one's own.
  public init(
    parameters: [Tensor] = [],
    value: @escaping (Quantity, [Int], [Quantity]) throws -> Quantity,
    moved: @escaping ([Tensor], Tensor, [Int]) throws -> [Tensor?] = { _, _, _ in [] }
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
    try self.init(LossSum([.init(loss, weights: weights)]), classes: classes, d: d, seed: seed)
  }

  /// Losses of the catalog added up, each with weights of its own; they are made for those that need
  /// some and have none.
  ///
  /// With a miner, losses that sum over pairs or triplets take those it chooses of every batch.
  ///
  /// - Parameters:
  ///   - sum: what is computed, and where its weights start.
  ///   - classes: how many classes made weights are for.
  ///   - d: the width of the embeddings.
  ///   - seed: of made weights.
  ///   - miner: the tuples of a batch, chosen by its embeddings; no derivative follows the choice.
  /// - Throws: `tooLarge` where weights cannot be made.
  public init(
    _ sum: LossSum, classes: Int, d: Int, seed: UInt64 = 0,
    miner: ((_ embeddings: Tensor, _ labels: [Int]) throws -> LossTuples)? = nil
  ) throws(TensorError) {
    let places = sum.weightPlaces
    var start: [Tensor] = []
    for (term, place) in zip(sum.terms, places) where place != nil {
      if let weights = term.weights {
        start.append(weights)
      } else {
        start.append(try term.loss.initialWeights(classes: classes, d: d, seed: seed))
      }
    }
    self.init(parameters: start) { embeddings, labels, parameters in
      let mined = try miner?(embeddings.tensor, labels)
      var total: Quantity?
      for (term, place) in zip(sum.terms, places) {
        var value = try term.loss.quantity(
          embeddings, labels: labels, weights: place.map { parameters[$0] }, probs: term.probs,
          tuples: type(of: term.loss).takesTuples ? mined ?? term.tuples : term.tuples
        ).value
        if term.factor != 1 { value = try .scalar(term.factor) * value }
        total = try total.map { try $0 + value } ?? value
      }
      return total ?? .scalar(0)
    } moved: { parameters, embeddings, labels in
      var moved = [Tensor?](repeating: nil, count: parameters.count)
      for (term, place) in zip(sum.terms, places) {
        guard let place else { continue }
        let weights = parameters[place]
        let input = LossInput(embeddings: embeddings, labels: labels, weights: weights)
        moved[place] = try term.loss.movedWeights(input)?.converted(to: weights.dtype)
      }
      return moved
    }
  }
}

extension LossSum {
  /// For every term the place of its weights among those that training moves; nil for one without.
  public var weightPlaces: [Int?] {
    var next = 0
    return terms.map { term in
      guard term.weights != nil || term.loss.needsWeights else { return nil }
      defer { next += 1 }
      return next
    }
  }
}
