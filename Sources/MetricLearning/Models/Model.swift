public import Autodiff
public import Tensors

/// A function with named parameters, from points to embeddings: a plain value, never trained in place.
public struct Model: Sendable {
  /// What the model is made of.
  public let architecture: Architecture
  /// Whether every embedding is divided by its length.
  public let isNormalized: Bool
  /// What the parameters are called, in order.
  public let names: [String]
  /// The parameters, in the order of `names`.
  public let parameters: [Tensor]

  /// What a model is made of.
  public enum Architecture: Sendable, Equatable {
    /// `x @ W + b`, or without `b`.
    case linear(bias: Bool)
    /// Linear layers with an activation between them, the last one plain.
    case mlp(layers: Int, Activation)
    /// Free embeddings, one row per point.
    case embeddingTable
  }

  /// The function between two layers.
  public enum Activation: String, CaseIterable, Sendable {
    /// The hyperbolic tangent.
    case tanh
    /// The positive part.
    case relu
    /// The logistic function.
    case sigmoid
  }

  private init(
    _ architecture: Architecture, isNormalized: Bool = false, names: [String], parameters: [Tensor]
  ) {
    self.architecture = architecture
    self.isNormalized = isNormalized
    self.names = names
    self.parameters = parameters
  }
}

// Making a model.
extension Model {
  /// `x @ W + b`, with W inputs×outputs; both start evenly on ±1/√inputs.
  public static func linear(
    _ inputs: Int, _ outputs: Int, bias: Bool = true, seed: UInt64 = 0
  ) throws(ModelError) -> Model {
    var random = Random(seed: seed, name: "linear")
    var parameters = try layer(inputs, outputs, from: &random)
    if !bias { parameters.removeLast() }
    return Model(.linear(bias: bias), names: bias ? ["W", "b"] : ["W"], parameters: parameters)
  }

  /// Linear layers of the given widths with an activation between them.
  ///
  /// The parameters are called W1, b1, W2, b2 and so on.
  public static func mlp(
    _ widths: [Int], activation: Activation = .tanh, seed: UInt64 = 0
  ) throws(ModelError) -> Model {
    guard widths.count >= 2 else { throw .tooFewWidths(widths.count) }
    var random = Random(seed: seed, name: "mlp")
    var names: [String] = []
    var parameters: [Tensor] = []
    for (number, (inputs, outputs)) in zip(widths, widths.dropFirst()).enumerated() {
      parameters += try layer(inputs, outputs, from: &random)
      names += ["W\(number + 1)", "b\(number + 1)"]
    }
    return Model(
      .mlp(layers: widths.count - 1, activation), names: names, parameters: parameters)
  }

  /// Free embeddings for n points: rows from the normal distribution, or those of `initial`.
  public static func embeddingTable(
    _ n: Int, _ d: Int, initial: Tensor? = nil, seed: UInt64 = 0
  ) throws(ModelError) -> Model {
    if let initial, initial.shape != [n, d] {
      throw .initialShape(given: initial.shape, expected: [n, d])
    }
    var random = Random(seed: seed, name: "embedding_table")
    let count = try checkedCount([n, d])
    let rows = initial ?? Tensor(shape: [n, d], elements: random.normals(count))
    return Model(.embeddingTable, names: ["rows"], parameters: [rows])
  }

  /// The same model with every embedding divided by its length.
  public func normalized() -> Model {
    Model(architecture, isNormalized: true, names: names, parameters: parameters)
  }

  /// The same model with parameters drawn anew.
  ///
  /// - Throws: nothing for a model that was made here.
  public func redrawn(seed: UInt64) throws(ModelError) -> Model {
    let shape = parameters[0].shape
    let model =
      switch architecture {
      case .linear(let bias): try Model.linear(shape[0], shape[1], bias: bias, seed: seed)
      case .mlp(let layers, let activation):
        try Model.mlp(widths(layers), activation: activation, seed: seed)
      case .embeddingTable: try Model.embeddingTable(shape[0], shape[1], seed: seed)
      }
    let drawn = zip(model.parameters, parameters).map { $0.converted(to: $1.dtype) }
    return try (isNormalized ? model.normalized() : model).with(drawn)
  }

  /// The same model with other parameters.
  ///
  /// - Throws: `parameterCount`, or `parameterShape` at the first that has another shape.
  public func with(_ parameters: [Tensor]) throws(ModelError) -> Model {
    guard parameters.count == names.count else {
      throw .parameterCount(given: parameters.count, expected: names.count)
    }
    for (name, (new, old)) in zip(names, zip(parameters, self.parameters))
    where new.shape != old.shape {
      throw .parameterShape(name: name, given: new.shape, expected: old.shape)
    }
    return Model(
      architecture, isNormalized: isNormalized, names: names, parameters: parameters)
  }

  /// W inputs×outputs and b, both evenly on ±1/√inputs, W drawn first.
  private static func layer(
    _ inputs: Int, _ outputs: Int, from random: inout Random
  ) throws(ModelError) -> [Tensor] {
    for width in [inputs, outputs] where width < 1 { throw .widthBelowOne(width) }
    let count = try checkedCount([inputs, outputs])
    let bound = 1 / Double(inputs).squareRoot()
    return [
      Tensor(
        shape: [inputs, outputs], elements: random.uniforms(count).map { bound * (2 * $0 - 1) }),
      Tensor(
        shape: [outputs], elements: random.uniforms(outputs).map { bound * (2 * $0 - 1) }),
    ]
  }

  private static func checkedCount(_ shape: [Int]) throws(ModelError) -> Int {
    do throws(TensorError) {
      return try Shape.count(shape)
    } catch {
      throw .size(error)
    }
  }
}

// Applying a model.
extension Model {
  /// The embeddings of the rows of `x`, or every row of an embedding table.
  public func callAsFunction(_ x: Tensor? = nil) throws(TensorError) -> Tensor {
    let parameters = parameters.map { Quantity.constant($0) }
    return try apply(parameters: parameters, x: x.map { .constant($0) }).tensor
  }

  /// The embeddings as a function of the parameters.
  ///
  /// - Parameters:
  ///   - parameters: in the order of `names`.
  ///   - x: points, n×inputs; for an embedding table the numbers of rows, or nil for all of them.
  /// - Returns: one embedding a row.
  /// - Throws: what the products throw where widths do not fit, `failure` without `x`.
  public func apply(parameters: [Quantity], x: Quantity?) throws(TensorError) -> Quantity {
    let embeddings = try plain(parameters, x)
    return isNormalized ? try embeddings.normalize() : embeddings
  }

  private func plain(_ parameters: [Quantity], _ x: Quantity?) throws(TensorError) -> Quantity {
    guard parameters.count == names.count else {
      throw .failure("\(names.count) parameters are wanted, not \(parameters.count)")
    }
    if case .embeddingTable = architecture {
      guard let x else { return parameters[0] }
      let rows = x.tensor.elements
      let whole = rows.compactMap { Int(exactly: $0) }
      guard whole.count == rows.count else { throw .failure("row numbers must be whole") }
      return try parameters[0].subscripted([.gather(whole, shape: [whole.count])])
    }
    guard var value = x else { throw .failure("\(self) wants points to embed") }
    switch architecture {
    case .embeddingTable: break
    case .linear(let bias):
      value = try Quantity.matmul(value, parameters[0])
      if bias { value = try value + parameters[1] }
    case .mlp(let layers, let activation):
      for layer in 0..<layers {
        value = try Quantity.matmul(value, parameters[2 * layer]) + parameters[2 * layer + 1]
        guard layer < layers - 1 else { break }
        switch activation {
        case .tanh: value = value.tanh()
        case .relu: value = value.relu()
        case .sigmoid: value = value.sigmoid()
        }
      }
    }
    return value
  }
}

extension Model: CustomStringConvertible {
  /// The call that makes the model: `mlp([2, 16, 2], activation="tanh")`.
  public var description: String {
    let call =
      switch architecture {
      case .linear(let bias):
        "linear(\(parameters[0].shape[0]), \(parameters[0].shape[1])\(bias ? "" : ", bias=false"))"
      case .mlp(let layers, let activation):
        "mlp(\(widths(layers)), activation=\"\(activation.rawValue)\")"
      case .embeddingTable:
        "embedding_table(\(parameters[0].shape[0]), \(parameters[0].shape[1]))"
      }
    return isNormalized ? "normalized(\(call))" : call
  }

  private func widths(_ layers: Int) -> [Int] {
    [parameters[0].shape[0]] + (0..<layers).map { parameters[2 * $0].shape[1] }
  }
}

/// Why a model cannot be made.
public enum ModelError: Error, Sendable, Equatable {
  /// A layer without inputs or outputs.
  case widthBelowOne(Int)
  /// Fewer than two widths for an mlp.
  case tooFewWidths(Int)
  /// Initial embeddings of another shape.
  case initialShape(given: [Int], expected: [Int])
  /// Another number of parameters than the model has.
  case parameterCount(given: Int, expected: Int)
  /// A parameter of another shape.
  case parameterShape(name: String, given: [Int], expected: [Int])
  /// A size below 0, or beyond what a tensor may hold.
  case size(TensorError)
}
