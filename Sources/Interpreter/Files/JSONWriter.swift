import Tensors

/// Writes values as JSON from which they can be read back exactly.
///
/// Beyond the standard, what is no number is written `NaN`, `Infinity` and `-Infinity`, as Python
/// does and `JSONReader` reads.
struct JSONWriter {
  private(set) var bytes: [UInt8] = []
  /// The most bytes there may be, and what is thrown for more.
  private let limit: Int
  private let excess: Failure
  /// Asked now and then whether to go on.
  private let poll: () throws -> Void

  init(limit: Int, excess: Failure, poll: @escaping () throws -> Void) {
    (self.limit, self.excess, self.poll) = (limit, excess, poll)
  }

  /// Appends a value: values nest no deeper than `Extent.deepest`, and so does this function.
  ///
  /// - Throws: a `Failure` for a value that is no data, such as a function, or that takes too long.
  mutating func write(_ value: Value) throws {
    guard bytes.count <= limit else { throw excess }
    try poll()
    switch value {
    case .undefined, .nothing: write("null")
    case .bool(let bool): write(bool ? "true" : "false")
    case .number(let number): write(Self.text(number))
    case .single(let single): write(Self.text(Double(single)))
    case .text(let text): write(quoted: text.string)
    case .tensor(let box): try write(box.tensor)
    case .range(let range): try write(try range.vector())
    case .traced: try write(value.untraced)
    case .list(let list):
      write("[")
      for (place, part) in list.values.enumerated() {
        if place > 0 { write(", ") }
        try write(part)
      }
      write("]")
    case .record(let record): try write(record.names) { record.values[$0] }
    case .object(let object) where object is DatasetObject:
      let names = object.fieldNames
      try write(names) { try object.field(names[$0]) ?? .nothing }
    case .object(let object): throw Self.noData(value, hint: Self.hint(object))
    case .function, .builtin: throw Self.noData(value)
    case .cell(let cell): try write(cell.value)
    }
  }

  private static func noData(_ value: Value, hint: String? = nil) -> Failure {
    Failure("\(value.described) cannot be written as JSON", hint.map { [$0] } ?? [])
  }

  private static func hint(_ object: FieldObject) -> String? {
    if object is ModelObject { return "Its parameters can: model.params." }
    if object is HistoryObject { return "Its numbers can: h.loss, h.model.params." }
    return nil
  }

  /// A number as JSON has it.
  static func text(_ number: Double) -> String {
    if number.isFinite { return number.shortestDecimal }
    return number.isNaN ? "NaN" : number < 0 ? "-Infinity" : "Infinity"
  }

  private mutating func write(_ text: String) { bytes += text.utf8 }

  private mutating func write(_ names: [String], _ value: (Int) throws -> Value) throws {
    write("{")
    for (place, name) in names.enumerated() {
      if place > 0 { write(", ") }
      write(quoted: name)
      write(": ")
      try write(try value(place))
    }
    write("}")
  }

  private mutating func write(quoted text: String) {
    bytes.append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""): write("\\\"")
      case UInt8(ascii: "\\"): write("\\\\")
      case UInt8(ascii: "\n"): write("\\n")
      case UInt8(ascii: "\r"): write("\\r")
      case UInt8(ascii: "\t"): write("\\t")
      case 0..<0x20, 0x7f:
        let digits = String(byte, radix: 16)
        write("\\u" + String(repeating: "0", count: 4 - digits.count) + digits)
      default: bytes.append(byte)
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }

  /// Nested arrays; axes after one of length 0 leave no trace.
  private mutating func write(_ tensor: Tensor) throws {
    // Tensors may have any number of axes: brackets are counted, not nested.
    let shape = tensor.shape.firstIndex(of: 0).map { Array(tensor.shape[..<$0]) } ?? tensor.shape
    let isEmpty = tensor.count == 0
    let elements = tensor.elements
    let count = shape.reduce(1, *)
    for i in 0..<count {
      if bytes.count > limit { throw excess }
      try poll()
      if i > 0 { write(", ") }
      // How many axes begin, then end, at this element.
      var length = 1
      var (opening, closing) = (0, 0)
      for axis in shape.indices.reversed() {
        length *= shape[axis]
        if i % length == 0 { opening += 1 }
        if (i + 1) % length == 0 { closing += 1 }
        if i % length != 0, (i + 1) % length != 0 { break }
      }
      bytes += repeatElement(UInt8(ascii: "["), count: opening)
      if isEmpty {
        write("[]")
      } else if tensor.dtype == .bool {
        write(elements[i] != 0 ? "true" : "false")
      } else {
        write(Self.text(elements[i]))
      }
      bytes += repeatElement(UInt8(ascii: "]"), count: closing)
    }
  }
}
