import Cards
import Diagnostics
import MetricLearning
import Syntax

/// Code in the language that belongs to the program itself: the textbook definitions of the losses.
///
/// It runs in a machine of its own, so that nothing a session defines or shadows can change it.
final class Library {
  let machine: Machine
  private var definitions: [String: Value] = [:]

  init(context: Context) {
    machine = Machine(context: context)
    machine.defineBuiltins()
  }

  /// The definition of a loss with its parameters, as a function of `z`, `y` and its operands.
  func definition(of loss: any Loss) throws -> Value {
    try function(defined: loss.definition, of: loss)
  }

  /// The same over the tuples of its operand `tuples`; nil where that is not written down.
  func tupleDefinition(of loss: any Loss) throws -> Value? {
    try loss.tupleDefinition.map { try function(defined: $0, of: loss) }
  }

  private func function(defined text: String, of loss: any Loss) throws -> Value {
    if let known = definitions[text] { return known }
    let name = type(of: loss).card.name
    let source = Source(name: "definition of \(name)", text: text)
    let program = try Parser.parse(source)
    _ = try machine.run(try Compiler.compile(program, for: machine))
    guard let function = machine.global(name) else {
      throw Failure("\(name) has no definition")
    }
    if let builtin = BuiltinCatalog.named(name) {
      machine.define(name, .builtin(BuiltinFunction(builtin)))
    }
    definitions[text] = function
    return function
  }
}

extension Machine {
  /// Gives every builtin and constant its global variable.
  func defineBuiltins() {
    for builtin in BuiltinCatalog.all { define(builtin.name, .builtin(BuiltinFunction(builtin))) }
    for (name, value) in BuiltinCatalog.constants { define(name, .number(value)) }
    define("newaxis", .nothing)
  }
}
