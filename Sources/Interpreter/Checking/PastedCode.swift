import Tensors

/// Values as code that reads back to the very same value.
enum PastedCode {
  /// Entries written out at most; more would be no help to a reader.
  private static let mostEntries = 20_000

  /// The code of a value; nil for what has none, such as a function.
  static func literal(_ value: Value) -> String? {
    switch value {
    case .nothing: return "none"
    case .bool(let bool): return bool ? "true" : "false"
    case .number(let number): return number.shortestDecimal
    case .single(let single): return "float32(\(Double(single).shortestDecimal))"
    case .text(let text): return string(text.string)
    case .tensor(let box): return tensor(box.tensor)
    case .traced: return literal(value.untraced)
    case .range(let range):
      let ends = "\(range.start.shortestDecimal):\(range.stop.shortestDecimal)"
      return range.step == 1 ? "(\(ends))" : "(\(ends):\(range.step.shortestDecimal))"
    case .list(let list):
      guard list.values.count <= mostEntries else { return nil }
      let parts = list.values.compactMap(literal)
      return parts.count == list.values.count ? "[\(parts.joined(separator: ", "))]" : nil
    case .record(let record):
      let parts = zip(record.names, record.values).compactMap { name, value in
        literal(value).map { "\(name)=\($0)" }
      }
      return parts.count == record.names.count
        ? "record(\(parts.joined(separator: ", ")))" : nil
    case .undefined, .function, .builtin, .object, .cell: return nil
    }
  }

  /// How much there is to read in a value; zeros are soon read.
  static func weight(_ value: Value) -> Double {
    switch value {
    case .list(let list): list.values.reduce(1) { $0 + weight($1) }
    case .record(let record): record.values.reduce(1) { $0 + weight($1) }
    default:
      (value.plainTensor?.elements ?? [1]).reduce(0) { $0 + 1 + 4 * RoundNumber.cost($1) }
    }
  }

  private static func string(_ text: String) -> String {
    var code = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": code += "\\\""
      case "\\": code += "\\\\"
      case "\n": code += "\\n"
      case "\t": code += "\\t"
      case "{": code += "\\{"
      case "}": code += "\\}"
      case _
      where scalar.properties.generalCategory == .control
        || scalar.properties.generalCategory == .format:
        code += "\\u{\(String(scalar.value, radix: 16))}"
      default: code.unicodeScalars.append(scalar)
      }
    }
    return code + "\""
  }

  private static func tensor(_ tensor: Tensor) -> String? {
    guard tensor.count <= mostEntries else { return nil }
    let elements = tensor.elements
    var next = 0
    func entries(_ shape: ArraySlice<Int>) -> String {
      guard let length = shape.first else {
        defer { next += 1 }
        let element = elements[next]
        return tensor.dtype == .bool ? (element != 0 ? "true" : "false") : element.shortestDecimal
      }
      return "[\((0..<length).map { _ in entries(shape.dropFirst()) }.joined(separator: ", "))]"
    }
    let lengths = tensor.shape.map(String.init).joined(separator: ", ")
    let code =
      tensor.count > 0 || tensor.shape == [0]
      ? entries(tensor.shape[...]) : "zeros(\(lengths))"
    return tensor.dtype == .float32 ? "float32(\(code))" : code
  }
}
