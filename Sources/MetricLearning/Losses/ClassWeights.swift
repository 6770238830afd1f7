import Tensors

/// The weights a loss compares embeddings with, checked: one row per class, or several.
struct ClassWeights {
  /// The rows, class after class.
  let rows: Rows
  /// How many classes there are.
  let classes: Int
  /// How many rows a class has.
  let centers: Int
  private let shape: [Int]

  /// Weights of shape classes×d.
  init(_ tensor: Tensor, width: Int, normalized: Bool = false) throws(LossError) {
    guard tensor.shape.count == 2, tensor.shape[1] == width else {
      throw .weightsShape(given: tensor.shape, width: width, centers: nil)
    }
    try self.init(tensor, classes: tensor.shape[0], centers: 1, width: width, normalized)
  }

  /// Weights of shape classes×m×d, whatever m is, or (classes·centers)×d.
  init(_ tensor: Tensor, width: Int, centers: Int, normalized: Bool) throws(LossError) {
    let shape = tensor.shape
    guard shape.last == width else {
      throw .weightsShape(given: shape, width: width, centers: centers)
    }
    if shape.count == 3, shape[1] > 0 {
      try self.init(tensor, classes: shape[0], centers: shape[1], width: width, normalized)
    } else if shape.count == 2, centers > 0, shape[0] % centers == 0 {
      try self.init(tensor, classes: shape[0] / centers, centers: centers, width: width, normalized)
    } else {
      throw .weightsShape(given: shape, width: width, centers: centers)
    }
  }

  private init(
    _ tensor: Tensor, classes: Int, centers: Int, width: Int, _ normalized: Bool
  ) throws(LossError) {
    try requireFinite(tensor, .weights)
    rows = Rows(tensor.elements, width: width, normalized: normalized)
    self.classes = classes
    self.centers = centers
    shape = tensor.shape
  }

  /// The gradient by the weights as given, from `factor` times one by the rows.
  func gradient(_ buffer: [Rows.Vector], times factor: Double = 1) -> Tensor {
    Tensor(shape: shape, elements: rows.gradient(buffer, times: factor))
  }
}
