import Autodiff
import Diagnostics
import Tensors

/// `value.name`.
enum Fields {
  static func value(of base: Value, _ name: String) throws -> Value {
    switch base {
    case .record(let record):
      guard let value = record[name] else { throw unknown(name, of: "record", record.names) }
      return value
    case .object(let object):
      guard let value = try object.field(name) else {
        throw unknown(name, of: object.typeName, object.fieldNames)
      }
      return value
    case .tensor, .traced, .range, .number, .single, .bool: return try tensorField(base, name)
    case .list(let list):
      if let tensor = Tensor.packed(list.values) { return try tensorField(.tensor(tensor), name) }
      if let row = list.raggedRow {
        throw Failure("a list has no field \(name)", ["It is not a tensor: \(row)"])
      }
      fallthrough
    default:
      guard BuiltinCatalog.named(name) == nil else { throw method(name, of: base) }
      throw Failure(
        "\(base.described) has no fields", lengths.contains(name) ? ["Write len(x)."] : [])
    }
  }

  private static let tensorFields = ["T", "shape", "size", "ndim", "dtype"]

  private static func tensorField(_ base: Value, _ name: String) throws -> Value {
    guard let quantity = base.quantity else { throw unknown(name, of: "tensor", tensorFields) }
    switch name {
    case "T":
      guard case .constant(let tensor) = quantity, tensor.rank == 2 else {
        return Value(quantity.transposed())
      }
      return .tensor(TensorBox(transposing: tensor))
    case "shape": return .vector(quantity.shape.map(Double.init))
    case "size": return .number(Double(quantity.count))
    case "ndim": return .number(Double(quantity.rank))
    case "dtype": return .text(quantity.tensor.dtype.rawValue)
    default:
      if BuiltinCatalog.named(name) != nil {
        throw method(name, of: base)
      }
      guard !lengths.contains(name) else {
        throw Failure("this \(base.typeName) has no field \(name)", ["Write len(x), or x.size."])
      }
      throw unknown(name, of: base.typeName, tensorFields)
    }
  }

  /// What other languages call `len`.
  private static let lengths: Set<String> = ["length", "count", "numel"]

  /// `z.mean()` of other languages.
  private static func method(_ name: String, of base: Value) -> Failure {
    let needed = BuiltinCatalog.named(name)?.parameters.count { $0.defaultValue == nil } ?? 1
    let (call, pipe) = needed > 1 ? ("\(name)(x, …)", "\(name)(…)") : ("\(name)(x)", name)
    return Failure(
      "a \(base.typeName) has no methods",
      ["\(name) is a function: write \(call) or x |> \(pipe)."])
  }

  static func unknown(_ name: String, of type: String, _ known: [String]) -> Failure {
    var details: [String] = []
    if let hint = Suggestion.sentence(for: name, among: known) { details.append(hint) }
    if !known.isEmpty, known.count <= 16 {
      details.append("It has \(known.joined(separator: ", ")).")
    }
    let article = type.first.map { "aeiou".contains($0) } == true ? "an" : "a"
    return Failure(
      known.isEmpty ? "\(article) \(type) has no fields" : "this \(type) has no field \(name)",
      details)
  }
}
