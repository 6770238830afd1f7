import Autodiff
import Tensors

extension Tensor {
  /// The tensor a bracketed list of these values is, or nil where it stays a list.
  ///
  /// Numbers and bools make a vector, tensors of one shape a tensor with one more axis. The widest
  /// dtype wins; bools alone make a mask.
  static func packed(_ values: [Value]) -> Tensor? {
    guard let first = values.first else { return Tensor(shape: [0], elements: []) }
    guard let shape = first.packableShape else { return nil }
    let size = shape.reduce(1) { $0.multipliedReportingOverflow(by: $1).partialValue }
    guard values.count <= largestCount / Swift.max(1, size) else { return nil }
    var elements: [Double] = []
    var dtypes: [DType] = []
    for value in values {
      switch value {
      case .number(let number):
        guard shape.isEmpty else { return nil }
        dtypes.append(.float64)
        elements.append(number)
      case .single(let single):
        guard shape.isEmpty else { return nil }
        dtypes.append(.float32)
        elements.append(Double(single))
      case .bool(let bool):
        guard shape.isEmpty else { return nil }
        dtypes.append(.bool)
        elements.append(bool ? 1 : 0)
      case .tensor(let box):
        guard box.tensor.shape == shape else { return nil }
        dtypes.append(box.tensor.dtype)
        elements += box.tensor.elements
      case .range(let range):
        guard [range.count] == shape, let tensor = range.tensor else { return nil }
        dtypes.append(.float64)
        elements += tensor.elements
      case .list(let list):
        guard let inner = packed(list.values), inner.shape == shape else { return nil }
        dtypes.append(inner.dtype)
        elements += inner.elements
      default: return nil
      }
    }
    return Tensor(
      shape: [values.count] + shape, elements: elements, dtype: .widest(dtypes))
  }
}

extension Value {
  /// The shape the value would have inside a tensor, or nil where it cannot be inside one.
  fileprivate var packableShape: [Int]? {
    switch self {
    case .number, .single, .bool: []
    case .tensor(let box): box.tensor.shape
    case .range(let range): [range.count]
    case .list(let list): list.values.isEmpty ? nil : Tensor.packed(list.values)?.shape
    case .traced(let variable): variable.primal.shape
    default: nil
    }
  }

  /// A bracketed list of values: a tensor where it can be one, under differentiation too.
  static func bracketed(_ values: [Value]) throws -> Value {
    let isTraced = values.contains { if case .traced = $0 { true } else { false } }
    guard Extent(holding: values).size <= Extent.largest else { throw Extent.tooLarge }
    guard isTraced else {
      if let tensor = Tensor.packed(values) { return .tensor(TensorBox(tensor)) }
      return .list(values)
    }
    let shapes = values.map(\.packableShape)
    guard let shape = shapes[0], shapes.allSatisfy({ $0 == shape }) else { return .list(values) }
    return Value(try Quantity.stack(values.compactMap(\.quantity), axis: 0))
  }
}
