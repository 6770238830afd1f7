import Autodiff
package import Cards
import Tensors

/// A function of the program itself: its card, and what it does with its arguments.
package struct Builtin: Sendable {
  /// What help and completion say of it.
  package let card: Card
  let parameters: [Parameter]
  let body: @Sendable (Call) throws -> Value

  /// A parameter as the signature has it.
  struct Parameter: Sendable {
    let name: String
    /// The value when it is not given; nil when it must be.
    let defaultValue: Value?
    /// Whether it takes all further arguments by position, as a list.
    let isRest: Bool
    /// Whether it takes all arguments with names of their own, as a record.
    let isNamedRest: Bool
  }

  /// A builtin whose parameters and defaults are read from the signature: `mean(x, axis=none)`.
  init(
    _ signature: String, _ summary: String, details: String = "", formula: String = "",
    example: String = "", seeAlso: [String] = [], reference: String = "",
    _ body: @escaping @Sendable (Call) throws -> Value
  ) {
    let name = String(signature.prefix { $0 != "(" })
    self.init(
      card: Card(
        name, summary, signature: signature, formula: formula, details: details,
        reference: reference, example: example, seeAlso: seeAlso), body)
  }

  /// A builtin for something that has a card already.
  init(card: Card, _ body: @escaping @Sendable (Call) throws -> Value) {
    self.card = card
    self.body = body
    parameters = Self.parameters(in: card.signature)
  }

  /// A builtin whose parameters are listed apart from its card.
  init(
    card: Card, parameters: [Parameter], _ body: @escaping @Sendable (Call) throws -> Value
  ) {
    self.card = card
    self.parameters = parameters
    self.body = body
  }

  var name: String { card.name }

  /// Reads `f(a, b=1, rest...)`, and `f(name=...)` for names of the caller's choice.
  private static func parameters(in signature: String) -> [Parameter] {
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
      return Parameter(
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

/// A builtin as a value: also one made at run time, such as `grad(f)` or a model.
package final class BuiltinFunction {
  package let builtin: Builtin

  init(_ builtin: Builtin) { self.builtin = builtin }

  var name: String { builtin.name }
  var signature: String { builtin.card.signature }

  /// Binds the arguments to the parameters and runs the body.
  func call(_ arguments: [Value], _ names: [String?], machine: Machine) throws -> Value {
    let call = try bound(arguments, names, machine)
    do {
      return try builtin.body(call)
    } catch let error as TensorError {
      throw call.failure(error)
    }
  }

  /// The parameters of some arguments; an error points at the argument's place in the whole call.
  private func order(of places: [Int], _ names: [String?]) throws -> ArgumentOrder {
    do {
      return try ArgumentOrder(
        names: places.map { $0 < names.count ? names[$0] : nil }, count: places.count,
        parameters: builtin.parameters.map(\.name), name: name, signature: signature)
    } catch var failure as Failure {
      switch failure.focus {
      case .argument(let number): failure.focus = .argument(places[number])
      case .argumentName(let number): failure.focus = .argumentName(places[number])
      case .whole, .callee, .item, .generator: break
      }
      throw failure
    }
  }

  private func bound(
    _ arguments: [Value], _ names: [String?], _ machine: Machine
  ) throws -> Call {
    let parameters = builtin.parameters
    var values = parameters.map { $0.defaultValue ?? .undefined }
    var positions = [Int?](repeating: nil, count: parameters.count)
    var isNamed = [Bool](repeating: false, count: parameters.count)
    /// The arguments that go to ordinary parameters, by their place in the call.
    var ordinary = Array(arguments.indices)
    if let rest = parameters.firstIndex(where: \.isRest) {
      let taken = arguments.indices.filter { $0 >= rest && ($0 >= names.count || names[$0] == nil) }
      values[rest] = .list(taken.map { arguments[$0] })
      positions[rest] = taken.first
      ordinary.removeAll { taken.contains($0) }
    }
    if let rest = parameters.firstIndex(where: \.isNamedRest) {
      let taken = ordinary.filter { $0 < names.count && names[$0] != nil }
      values[rest] = .record(taken.map { (names[$0] ?? "", arguments[$0]) })
      ordinary.removeAll { taken.contains($0) }
    }
    let order = try order(of: ordinary, names)
    for (place, index) in zip(ordinary, order.parameters) {
      guard !parameters[index].isRest, !parameters[index].isNamedRest else {
        throw Failure("\(name) has no parameter \(parameters[index].name)", at: .argument(place))
      }
      values[index] = arguments[place]
      positions[index] = place
      isNamed[index] = place < names.count && names[place] != nil
    }
    for (index, parameter) in parameters.enumerated() {
      if case .undefined = values[index] {
        throw Failure("\(name) needs \(parameter.name)", ["Its call is \(signature)."])
      }
    }
    return Call(
      name: name, parameters: parameters, values: values, positions: positions, isNamed: isNamed,
      machine: machine)
  }
}
