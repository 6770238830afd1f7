/// Why a step of a program failed: the words, and which part of the step to point at.
///
/// The machine adds the place and the calls under way and throws a `Diagnostic`.
package struct Failure: Error {
  /// The part of the failing expression that is to blame.
  enum Focus: Equatable {
    case whole
    /// The argument of a call, counted as written.
    case argument(Int)
    /// The name of an argument given by name.
    case argumentName(Int)
    /// An item between the brackets of an index.
    case item(Int)
    /// What a derivation draws from.
    case generator(Int)
    /// The function that is called.
    case callee
    /// The product in a step that is a product and more.
    case product
  }

  let message: String
  let details: [String]
  var focus: Focus

  init(_ message: String, _ details: [String] = [], at focus: Focus = .whole) {
    self.message = message
    self.details = details
    self.focus = focus
  }
}

/// The cell was stopped from outside: Ctrl-C, or a time limit.
package enum Interruption: Error {
  case interrupted
  case outOfTime(seconds: Double)
}
