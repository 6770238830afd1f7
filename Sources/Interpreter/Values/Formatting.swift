import Glibc
import Tensors

/// How values are written: the same for `print`, `str`, `{x}` and what a cell shows.
package enum Formatting {
  /// Entries of a vector shown before it is shortened.
  private static let longestVector = 20
  /// Rows of a matrix shown before it is shortened.
  private static let mostRows = 12
  /// How deep lists and records are written out.
  private static let deepest = 60

  // MARK: - Numbers

  /// C's `%.*f`-like formatting with one of the letters `d e f g`.
  static func c(_ number: Double, _ letter: Character, precision: Int) -> String {
    let format = "%.*\(letter)"
    let arguments: [any CVarArg] = [Int32(max(0, min(precision, 400))), number]
    return withVaList(arguments) { list in
      var buffer = [CChar](repeating: 0, count: 800)
      let count = vsnprintf(&buffer, buffer.count, format, list)
      let length = max(0, min(Int(count), buffer.count - 1))
      return String(decoding: buffer.prefix(length).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
  }

  /// A number as it is shown: whole ones below 1e15 in full, others to `precision` digits.
  package static func number(_ number: Double, precision: Int = 6) -> String {
    guard number.isFinite else { return number.isNaN ? "nan" : number < 0 ? "-inf" : "inf" }
    if number == number.rounded(), abs(number) < 1e15 { return String(Int64(number)) }
    return shortExponent(c(number, "g", precision: max(1, precision)))
  }

  /// `1e+06` as `1e6`, `1e-07` as `1e-7`.
  private static func shortExponent(_ text: String) -> String {
    guard let mark = text.firstIndex(of: "e") else { return text }
    let digits = text[text.index(after: mark)...]
    guard let exponent = Int(digits.hasPrefix("+") ? String(digits.dropFirst()) : String(digits))
    else { return text }
    return "\(text[..<mark])e\(exponent)"
  }

  // MARK: - Values

  /// A value as `print` writes it: strings bare, matrices over several lines.
  package static func shown(
    _ value: Value, precision: Int = 6, width: Int = 80, all: Bool = false
  ) -> String {
    switch value.untraced {
    case .text(let text): return text.string
    case .tensor(let box) where box.tensor.rank >= 2:
      return matrix(box.tensor, width: width, all: all)
    case .tensor(let box): return vector(box.tensor, precision: precision, all: all)
    case .object(let object): return object.page
    case .record(let record): return record.page ?? inline(value, precision: precision)
    default: return inline(value, precision: precision)
    }
  }

  /// A value as the result of a cell: strings quoted.
  package static func result(_ value: Value, precision: Int = 6, width: Int = 80) -> String {
    if case .text(let text) = value { return quoted(text.string) }
    return shown(value, precision: precision, width: width)
  }

  /// A value on one line, as inside a list.
  package static func inline(_ value: Value, precision: Int = 6) -> String {
    inline(value, precision: precision, depth: 0)
  }

  /// A default value as a signature has it: of functions in it the names alone, as these may have
  /// defaults too.
  static func asDefault(_ value: Value) -> String {
    inline(value, precision: 6, depth: 0, namesFunctions: true)
  }

  private static func inline(
    _ value: Value, precision: Int, depth: Int, namesFunctions: Bool = false
  ) -> String {
    guard depth < deepest else { return "…" }
    func part(_ value: Value) -> String {
      inline(value, precision: precision, depth: depth + 1, namesFunctions: namesFunctions)
    }
    switch value {
    case .undefined, .nothing: return "none"
    case .bool(let bool): return bool ? "true" : "false"
    case .number(let number): return self.number(number, precision: precision)
    case .text(let text): return quoted(text.string)
    case .tensor(let box): return nested(box.tensor, precision: precision)
    case .single, .traced: return inline(value.untraced, precision: precision, depth: depth)
    case .range(let range):
      let ends = "\(number(range.start)):\(number(range.stop))"
      return range.step == 1 ? ends : "\(ends):\(number(range.step))"
    case .list(let list):
      let parts = list.values.prefix(50).map(part)
      let more = list.values.count > 50 ? ", …" : ""
      return "[\(parts.joined(separator: ", "))\(more)]"
    case .record(let record):
      let parts = zip(record.names, record.values).map { "\($0)=\(part($1))" }
      return "record(\(parts.joined(separator: ", ")))"
    case .function(let function):
      return namesFunctions ? function.prototype.name : function.signature
    case .builtin(let builtin): return namesFunctions ? builtin.name : builtin.signature
    case .object(let object): return object.display
    case .cell(let cell): return part(cell.value)
    }
  }

  static func quoted(_ text: String) -> String {
    var shown = "\""
    for character in text {
      switch character {
      case "\"": shown += "\\\""
      case "\\": shown += "\\\\"
      case "\n": shown += "\\n"
      case "\t": shown += "\\t"
      case "{": shown += "\\{"
      case "}": shown += "\\}"
      default: shown.append(character)
      }
    }
    return shown + "\""
  }

  // MARK: - Tensors

  private static func element(_ tensor: Tensor, _ index: Int, _ precision: Int) -> String {
    let element = tensor[position: index]
    return tensor.dtype == .bool
      ? (element != 0 ? "true" : "false") : number(element, precision: precision)
  }

  private static func vector(_ tensor: Tensor, precision: Int, all: Bool) -> String {
    guard tensor.rank == 1 else { return element(tensor, 0, precision) }
    let count = tensor.count
    guard count > longestVector, !all else {
      return "[\((0..<count).map { element(tensor, $0, precision) }.joined(separator: ", "))]"
    }
    let head = (0..<3).map { element(tensor, $0, precision) }
    let tail = (count - 3..<count).map { element(tensor, $0, precision) }
    return "[\((head + ["…"] + tail).joined(separator: ", "))]  (\(count))"
  }

  /// Any tensor on one line, as nested brackets.
  private static func nested(_ tensor: Tensor, precision: Int) -> String {
    guard tensor.rank > 1 else { return vector(tensor, precision: precision, all: false) }
    guard tensor.count <= 200 else { return "tensor \(shapeText(tensor.shape))" }
    let rows = tensor.shape[0]
    let size = rows == 0 ? 0 : tensor.count / rows
    let elements = tensor.elements
    let parts = (0..<rows).map { row in
      nested(
        Tensor(
          shape: Array(tensor.shape.dropFirst()),
          elements: Array(elements[row * size..<(row + 1) * size]), dtype: tensor.dtype),
        precision: precision)
    }
    return "[\(parts.joined(separator: ", "))]"
  }

  /// A matrix under its header, columns aligned on the point; more axes as labelled matrices.
  private static func matrix(_ tensor: Tensor, width: Int, all: Bool) -> String {
    let kind = tensor.dtype == .float64 ? "" : " \(tensor.dtype.rawValue)"
    var header = "tensor \(shapeText(tensor.shape))\(kind)"
    let bad = tensor.elements.lazy.filter { $0.isNaN }.count
    let infinite = tensor.elements.lazy.filter { $0.isInfinite }.count
    if bad > 0 { header += " · \(bad) nan" }
    if infinite > 0 { header += " · \(infinite) inf" }
    guard tensor.count > 0 else { return header }
    let cells = MatrixText(tensor)
    let columns = tensor.shape[tensor.rank - 1]
    let rows = tensor.shape[tensor.rank - 2]
    let blocks = tensor.count / (rows * columns)
    var lines = [header]
    for block in 0..<(all ? blocks : min(blocks, 3)) {
      if tensor.rank > 2 {
        var rest = block
        var place: [String] = []
        for length in tensor.shape.dropLast(2).reversed() {
          place.insert(String(rest % length), at: 0)
          rest /= length
        }
        lines.append("[\(place.joined(separator: ", ")), :, :]")
      }
      lines += cells.lines(
        from: block * rows * columns, rows: rows, columns: columns, width: width,
        mostRows: all ? rows : mostRows)
    }
    if !all, blocks > 3 { lines.append("⋮ \(blocks - 3) more matrices") }
    return lines.joined(separator: "\n")
  }
}

/// The entries of a tensor as text of one format.
private struct MatrixText {
  private let tensor: Tensor
  private let decimals: Int
  private let isScientific: Bool

  /// Entries to four significant digits of the largest.
  init(_ tensor: Tensor) {
    self.tensor = tensor
    let finite = tensor.elements.lazy.filter(\.isFinite)
    let largest = finite.reduce(0) { max($0, abs($1)) }
    let isWhole = finite.allSatisfy { $0 == $0.rounded() }
    let magnitude = largest > 0 ? Int(floor(log10(largest))) : 0
    isScientific =
      largest > 0 && (magnitude > 14 || (!isWhole && (magnitude > 5 || magnitude < -4)))
    decimals = isWhole ? 0 : max(0, min(8, 3 - magnitude))
  }

  private func text(_ index: Int) -> String {
    let element = tensor[position: index]
    if tensor.dtype == .bool { return element != 0 ? "true" : "false" }
    guard element.isFinite else { return Formatting.number(element) }
    if isScientific { return Formatting.c(element, "e", precision: 3) }
    let text = Formatting.c(element, "f", precision: decimals)
    return text.hasPrefix("-") && !text.contains { "123456789".contains($0) }
      ? String(text.dropFirst()) : text
  }

  func lines(from start: Int, rows: Int, columns: Int, width: Int, mostRows: Int) -> [String] {
    let shownRows = rows > mostRows ? Array(0..<5) + Array(rows - 5..<rows) : Array(0..<rows)
    let sample = shownRows.flatMap { row in
      let few = columns > 64 ? Array(0..<32) + Array(columns - 32..<columns) : Array(0..<columns)
      return few.map { text(start + row * columns + $0) }
    }
    let cell = sample.map(\.count).max() ?? 1
    let fitting = max(2, (width - 4) / (cell + 2))
    let isCut = columns > fitting
    let head = isCut ? Array(0..<fitting / 2) : Array(0..<columns)
    let tail = isCut ? Array(columns - (fitting - 1) / 2..<columns) : []
    var lines: [String] = []
    for (position, row) in shownRows.enumerated() {
      if rows > mostRows, position == 5 {
        lines.append("  ⋮ … \(rows - 10) more rows: print(x, all=true)")
      }
      func cells(_ columnsShown: [Int]) -> [String] {
        columnsShown.map { column in
          let entry = text(start + row * columns + column)
          return String(repeating: " ", count: max(0, cell - entry.count)) + entry
        }
      }
      lines.append(
        "  " + (cells(head) + (isCut ? ["…"] : []) + cells(tail)).joined(separator: "  "))
    }
    return lines
  }
}
