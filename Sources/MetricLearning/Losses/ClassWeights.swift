import Tensors

/// The weights a loss is given, checked: one row per class, or several.
struct GivenWeights {
  /// The weights in the shape and precision they came in.
  let tensor: Tensor
  /// How many classes there are.
  let classes: Int
  /// How many rows a class has.
  let centers: Int

  /// Weights of shape classes×d.
  init(_ tensor: Tensor, width: Int) throws(LossError) {
    guard tensor.shape.count == 2, tensor.shape[1] == width else {
      throw .weightsShape(given: tensor.shape, width: width, centers: nil)
    }
    try self.init(tensor, classes: tensor.shape[0], centers: 1)
  }

  /// Weights of shape classes×m×d, whatever m is, or (classes·centers)×d.
  init(_ tensor: Tensor, width: Int, centers: Int) throws(LossError) {
    let shape = tensor.shape
    guard shape.last == width else {
      throw .weightsShape(given: shape, width: width, centers: centers)
    }
    if shape.count == 3, shape[1] > 0 {
      try self.init(tensor, classes: shape[0], centers: shape[1])
    } else if shape.count == 2, centers > 0, shape[0] % centers == 0 {
      try self.init(tensor, classes: shape[0] / centers, centers: centers)
    } else {
      throw .weightsShape(given: shape, width: width, centers: centers)
    }
  }

  private init(_ tensor: Tensor, classes: Int, centers: Int) throws(LossError) {
    try requireFinite(tensor, .weights)
    self.tensor = tensor
    self.classes = classes
    self.centers = centers
  }
}

/// The weights a loss compares embeddings with, in float64.
struct ClassWeights {
  /// The rows, class after class.
  let rows: Rows
  /// How many classes there are.
  let classes: Int
  /// How many rows a class has.
  let centers: Int
  private let shape: [Int]

  /// The rows of weights, divided by their length if `normalized`.
  init(_ weights: GivenWeights, normalized: Bool) {
    shape = weights.tensor.shape
    rows = Rows(weights.tensor.elements, width: shape.last ?? 0, normalized: normalized)
    classes = weights.classes
    centers = weights.centers
  }

  /// Weights of shape classes×d, as given.
  init(_ tensor: Tensor, width: Int) throws(LossError) {
    self.init(try GivenWeights(tensor, width: width), normalized: false)
  }

  /// The gradient by the weights as given, from `factor` times one by the rows.
  func gradient(_ buffer: [Rows.Vector], times factor: Double = 1) -> Tensor {
    Tensor(shape: shape, elements: rows.gradient(buffer, times: factor))
  }
}
