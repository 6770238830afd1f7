import Tensors

/// The part of `{x:>8.3f}` after the colon: Python's `[[fill]align][sign][0][width][,][.precision][type]`.
struct FormatSpecification {
  private var fill: Character = " "
  private var align: Character?
  private var sign: Character = "-"
  private var width = 0
  private var groups = false
  private var precision: Int?
  private var type: Character?

  /// - Throws: a `Failure` for a text that is no format.
  init(_ text: String) throws {
    var rest = Substring(text)
    let aligns: Set<Character> = ["<", ">", "^", "="]
    let start = Array(rest.prefix(2))
    if start.count == 2, aligns.contains(start[1]) {
      fill = start[0]
      align = start[1]
      rest.removeFirst(2)
    } else if let first = start.first, aligns.contains(first) {
      align = first
      rest.removeFirst()
    }
    if let first = rest.first, "+- ".contains(first) { sign = rest.removeFirst() }
    if rest.first == "0" {
      rest.removeFirst()
      if align == nil {
        fill = "0"
        align = "="
      }
    }
    width = try Self.digits(&rest, text) ?? 0
    if rest.first == "," {
      rest.removeFirst()
      groups = true
    }
    if rest.first == "." {
      rest.removeFirst()
      guard let digits = try Self.digits(&rest, text) else { throw Self.unknown(text) }
      precision = digits
    }
    if let letter = rest.first, "defgs%".contains(letter) { type = rest.removeFirst() }
    guard rest.isEmpty else { throw Self.unknown(text) }
  }

  private static func digits(_ rest: inout Substring, _ text: String) throws -> Int? {
    let digits = rest.prefix { $0.isASCII && $0.isNumber }
    guard !digits.isEmpty else { return nil }
    rest.removeFirst(digits.count)
    guard let number = Int(digits), number <= 1000 else {
      throw Failure("a width or precision in a format is at most 1000", ["The format is :\(text)"])
    }
    return number
  }

  private static func unknown(_ text: String) -> Failure {
    Failure(
      ":\(text) is not a format",
      ["A format is like :.3f :8.2e :>10 :+d :, or :.1%. A range needs parentheses: {(0:3)}."])
  }

  /// A value under this format; every element of a tensor gets it.
  func apply(_ value: Value, precision shown: Int) throws -> String {
    switch value.untraced {
    case .number(let number): return pad(numeric(number, shown), isNumber: true)
    case .bool(let bool) where type == nil || type == "s":
      return pad(bool ? "true" : "false", isNumber: false)
    case .bool(let bool): return pad(numeric(bool ? 1 : 0, shown), isNumber: true)
    case .tensor(let box) where box.tensor.dtype != .bool: return rows(box.tensor, shown)
    case .range(let range): return rows(try range.vector(), shown)
    case .text(let text):
      guard type == nil || type == "s" else {
        throw Failure("a string has no format \(type.map(String.init) ?? "")", ["Use :s or :>10."])
      }
      return pad(precision.map { String(text.string.prefix($0)) } ?? text.string, isNumber: false)
    default:
      guard type == nil || type == "s" else {
        throw Failure("\(value.described) has no numeric format")
      }
      return pad(Formatting.inline(value, precision: shown), isNumber: false)
    }
  }

  private func rows(_ tensor: Tensor, _ shown: Int) -> String {
    guard tensor.rank > 0 else { return pad(numeric(tensor[position: 0], shown), isNumber: true) }
    let size = tensor.shape[0] == 0 ? 0 : tensor.count / tensor.shape[0]
    let elements = tensor.elements
    let parts = (0..<tensor.shape[0]).map { row -> String in
      let part = Array(elements[row * size..<(row + 1) * size])
      return rows(Tensor(shape: Array(tensor.shape.dropFirst()), elements: part), shown)
    }
    return "[\(parts.joined(separator: ", "))]"
  }

  private func numeric(_ number: Double, _ shown: Int) -> String {
    var text: String
    if !number.isFinite {
      text = Formatting.number(number)
    } else {
      switch type {
      case "f": text = Formatting.c(number, "f", precision: precision ?? 6)
      case "e": text = Formatting.c(number, "e", precision: precision ?? 6)
      case "g": text = Formatting.c(number, "g", precision: precision ?? 6)
      case "d": text = Formatting.c(number.rounded(.toNearestOrEven), "f", precision: 0)
      case "%": text = Formatting.c(number * 100, "f", precision: precision ?? 6) + "%"
      default:
        text =
          precision.map { Formatting.c(number, "g", precision: $0) }
          ?? Formatting.number(number, precision: shown)
      }
    }
    if groups { text = Self.grouped(text) }
    if sign != "-", !text.hasPrefix("-") { text = String(sign) + text }
    return text
  }

  /// Commas between thousands.
  private static func grouped(_ text: String) -> String {
    let isNegative = text.hasPrefix("-")
    let body = isNegative ? text.dropFirst() : Substring(text)
    let whole = body.prefix { $0.isNumber }
    var grouped = ""
    for (index, digit) in whole.enumerated() {
      if index > 0, (whole.count - index) % 3 == 0 { grouped += "," }
      grouped.append(digit)
    }
    return (isNegative ? "-" : "") + grouped + body.dropFirst(whole.count)
  }

  private func pad(_ text: String, isNumber: Bool) -> String {
    let missing = width - text.count
    guard missing > 0 else { return text }
    let padding = String(repeating: fill, count: missing)
    switch align ?? (isNumber ? ">" : "<") {
    case "<": return text + padding
    case "^":
      return String(padding.prefix(missing / 2)) + text + padding.dropFirst(missing / 2)
    case "=":
      let hasSign = text.first.map { "+- ".contains($0) } ?? false
      return text.prefix(hasSign ? 1 : 0) + padding + text.dropFirst(hasSign ? 1 : 0)
    default: return padding + text
    }
  }
}

extension Formatting {
  /// `{value:format}` in a string; without a format as `print` writes it, on one line.
  static func formatted(_ value: Value, _ format: String, precision: Int) throws -> String {
    guard !format.isEmpty else {
      if case .text(let text) = value { return text.string }
      return inline(value, precision: precision)
    }
    return try FormatSpecification(format).apply(value, precision: precision)
  }
}
