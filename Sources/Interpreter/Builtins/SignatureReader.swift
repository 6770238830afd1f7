import Synchronization

/// Reads signatures as the cards of builtins have them.
enum SignatureReader {
  /// What was read before: calling a loss or a derivative makes a builtin each time, of few
  /// signatures.
  private static let known = Mutex<[String: [Builtin.Parameter]]>([:])

  /// The parameters of `f(a, b=1, rest...)`, and of `f(name=...)` with names of the caller's choice.
  static func parameters(of signature: String) -> [Builtin.Parameter] {
    if let parameters = known.withLock({ $0[signature] }) { return parameters }
    let parameters = read(signature)
    known.withLock { $0[signature] = parameters }
    return parameters
  }

  private static func read(_ signature: String) -> [Builtin.Parameter] {
    guard let open = signature.firstIndex(of: "("), signature.hasSuffix(")") else { return [] }
    let inside = signature[signature.index(after: open)...].dropLast()
    var depth = 0
    let parts = inside.split { character in
      if "([\"".contains(character) { depth += character == "\"" ? 0 : 1 }
      if ")]".contains(character) { depth -= 1 }
      return character == "," && depth == 0
    }
    return parts.map { part in
      let text = part.drop { $0 == " " }
      let isRest = text.hasSuffix("...")
      let pieces = text.split(separator: "=", maxSplits: 1)
      let name = String(isRest ? text.dropLast(3) : pieces[0])
      let isNamedRest = pieces.count > 1 && pieces[1] == "..."
      let rest: Value? = isNamedRest ? .record([]) : isRest ? .list([]) : nil
      return Builtin.Parameter(
        name: name, defaultValue: rest ?? (pieces.count > 1 ? Self.value(pieces[1]) : nil),
        isRest: isRest && !isNamedRest, isNamedRest: isNamedRest)
    }
  }

  private static func value(_ text: Substring) -> Value {
    switch text {
    case "none": return .nothing
    case "true": return .bool(true)
    case "false": return .bool(false)
    case "inf": return .number(.infinity)
    default: break
    }
    if let number = Double(text) { return .number(number) }
    if text.hasPrefix("\"") { return .text(String(text.dropFirst().dropLast())) }
    if text.hasPrefix("[") {
      let numbers = text.dropFirst().dropLast().split(separator: ",").compactMap {
        Double($0.drop { $0 == " " })
      }
      return .vector(numbers)
    }
    return .nothing
  }
}
