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
    parameters = SignatureReader.parameters(of: card.signature)
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
}

/// A builtin as a value: also one made at run time, such as `grad(f)` or a model.
package final class BuiltinFunction {
  package let builtin: Builtin
  /// How calls with so many arguments, all by position, meet the parameters.
  @exclusivity(unchecked) private var bindings: [Binding?] = []

  init(_ builtin: Builtin) { self.builtin = builtin }

  var name: String { builtin.name }
  var signature: String { builtin.card.signature }

  /// Calls with all arguments by position.
  func call(_ arguments: [Value], machine: Machine) throws -> Value {
    let binding = try binding(arguments.count)
    return try run(Call(binding, binding.values(of: arguments), machine))
  }

  /// Calls with arguments by position in consecutive registers, which lose them.
  func call(taking count: Int, from window: Registers, machine: Machine) throws -> Value {
    let binding = try binding(count)
    return try run(Call(binding, binding.values(taking: count, from: window), machine))
  }

  private func binding(_ count: Int) throws -> Binding {
    if count < bindings.count, let binding = bindings[count] { return binding }
    let binding = try Binding(builtin, names: [], count: count)
    if count < Self.mostRemembered {
      while bindings.count <= count { bindings.append(nil) }
      bindings[count] = binding
    }
    return binding
  }

  private static let mostRemembered = 16

  /// Calls from a place in the program, which remembers how its arguments meet the parameters.
  func call(_ arguments: [Value], site: CallSite, machine: Machine) throws -> Value {
    if let binding = site.binding, binding.owner === self {
      return try run(Call(binding, binding.values(of: arguments), machine))
    }
    let binding = try Binding(builtin, names: site.names, count: arguments.count)
    binding.owner = self
    site.binding = binding
    return try run(Call(binding, binding.values(of: arguments), machine))
  }

  func call(_ arguments: [Value], _ names: [String?], machine: Machine) throws -> Value {
    guard !names.allSatisfy({ $0 == nil }) else { return try call(arguments, machine: machine) }
    let binding = try Binding(builtin, names: names, count: arguments.count)
    return try run(Call(binding, binding.values(of: arguments), machine))
  }

  private func run(_ call: Call) throws -> Value {
    do {
      let result = try builtin.body(call)
      if call.hasFollowedNumbers, result.isPlainNumbers { call.context.noteStep(builtin.name) }
      return result
    } catch let error as TensorError {
      throw call.failure(error)
    }
  }
}
