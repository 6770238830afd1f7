public import Autodiff
import Cards
public import Tensors

extension Loss {
  /// The loss as one differentiable operation on embeddings and weights, in the dtype they meet in.
  ///
  /// Its value and gradient come from the kernel. A kernel has no second derivative: differentiating
  /// the gradient again throws, and whoever needs that evaluates `definition` instead.
  /// - Throws: `LossError` for what the loss cannot be computed on.
  public func quantity(
    _ embeddings: Quantity, labels: [Int], weights: Quantity? = nil, probs: Tensor? = nil,
    view: Quantity? = nil, tuples: LossTuples? = nil
  ) throws(LossError) -> (value: Quantity, notices: [String]) {
    let result = try evaluate(
      LossInput(
        embeddings: embeddings.tensor, labels: labels, weights: weights?.tensor, probs: probs,
        view: view?.tensor, tuples: tuples))
    return (quantity(of: result, embeddings, weights, view), result.notices)
  }

  /// One half of the loss in the same way; nil where there is no exact split.
  ///
  /// - Throws: `LossError` for what the loss cannot be computed on.
  public func quantity(
    _ half: LossHalf, of embeddings: Quantity, labels: [Int], weights: Quantity? = nil,
    probs: Tensor? = nil, tuples: LossTuples? = nil
  ) throws(LossError) -> Quantity? {
    let result = try evaluate(
      half,
      of: LossInput(
        embeddings: embeddings.tensor, labels: labels, weights: weights?.tensor, probs: probs,
        tuples: tuples))
    return result.map { quantity(of: $0, embeddings, weights, nil) }
  }

  private func quantity(
    of result: LossResult, _ embeddings: Quantity, _ weights: Quantity?, _ view: Quantity?
  ) -> Quantity {
    let given = [
      (embeddings, result.embeddingGradient), (weights, result.weightGradient),
      (view, result.viewGradient),
    ].filter { $0.0 != nil }
    let inputs = given.compactMap(\.0)
    let gradients = given.map(\.1)
    let dtype = inputs.dropFirst().reduce(embeddings.tensor.dtype.arithmetic) {
      DType.common(Tensor(0, dtype: $0), $1.tensor).arithmetic
    }
    return Quantity.custom(inputs, value: Tensor(result.value, dtype: dtype)) {
      (inputs, cotangent) throws(TensorError) in
      for case .variable in inputs {
        throw .failure("\(Self.card.name) is differentiated twice: use its definition")
      }
      var byInputs: [Quantity?] = []
      for gradient in gradients {
        byInputs.append(
          try gradient.map { (gradient) throws(TensorError) in
            try Quantity.multiply(cotangent, .constant(gradient))
          })
      }
      return byInputs
    }
  }
}
