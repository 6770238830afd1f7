import Autodiff
import Cards
import MetricLearning
import Syntax
import Tensors

/// Losses add, subtract and scale: `2*triplet() + 0.1*center()`.
enum LossArithmetic {
  /// The most losses of one sum.
  private static let mostTerms = 1000

  /// A loss object, or a bare name: `ms` means `ms()`; nil for anything else.
  static func loss(_ value: Value) -> LossObject? {
    switch value {
    case .object(let object): return object as? LossObject
    case .builtin(let builtin):
      guard let kind = LossCatalog.named(builtin.name), let loss = try? kind.make() else {
        return nil
      }
      return LossObject(loss)
    default: return nil
    }
  }

  /// `left op right` where one of them is a loss; nil where none is.
  static func binary(
    _ operation: BinaryOperator, _ left: Value, _ right: Value
  ) throws -> Value? {
    switch (loss(left), loss(right)) {
    case (nil, nil): return nil
    case (let a?, let b?): return try combined(operation, a, b)
    case (let a?, nil):
      switch operation {
      case .multiply: return try scaled(a, by: number(right))
      case .divide:
        return try scaled(a, by: Arithmetic.binary(.divide, .number(1), number(right)))
      default: throw nonsense(operation, left, right)
      }
    case (nil, let b?):
      guard operation == .multiply else { throw nonsense(operation, left, right) }
      return try scaled(b, by: number(left))
    }
  }

  /// A loss times a number.
  static func scaled(_ loss: LossObject, by factor: Value) throws -> Value {
    .object(
      LossObject(
        try loss.terms.map { term in
          var term = term
          term.factor = try Arithmetic.binary(.multiply, factor, term.factor)
          guard term.factor.plainTensor?.elements.first?.isFinite == true else {
            throw Failure(
              "a loss is scaled by a finite number, not \(Formatting.inline(term.factor))")
          }
          return term
        }))
  }

  private static func combined(
    _ operation: BinaryOperator, _ a: LossObject, _ b: LossObject
  ) throws -> Value {
    guard operation == .add || operation == .subtract else {
      throw Failure(
        "\(a.name) \(operation.rawValue) \(b.name) has no meaning",
        ["Losses add and subtract; numbers scale them: ms() + 0.5 * contrastive()."])
    }
    guard
      case .object(let signed as LossObject) =
        try operation == .add ? .object(b) : scaled(b, by: .number(-1))
    else { return .object(b) }
    let terms = a.terms + signed.terms
    guard terms.count <= mostTerms else {
      throw Failure("a sum of losses has at most \(mostTerms) terms")
    }
    let views = terms.filter { type(of: $0.loss).comparesViews }
    if let view = views.first, views.count < terms.count {
      throw Failure(
        "\(type(of: view.loss).card.name) compares two views of points, the other loss labels",
        ["They cannot be given the same y. In fit, write a function (z, y) -> … of both."])
    }
    return .object(LossObject(terms))
  }

  /// What a loss is multiplied by.
  private static func number(_ value: Value) throws -> Value {
    guard let quantity = value.quantity, quantity.rank == 0 else {
      throw Failure("a loss is scaled by a number, not \(value.described)")
    }
    if case .bool(let bool) = value { return .number(bool ? 1 : 0) }
    return value
  }

  private static func nonsense(
    _ operation: BinaryOperator, _ left: Value, _ right: Value
  ) -> Failure {
    func words(_ value: Value) -> String { loss(value)?.name ?? value.described }
    let advice =
      operation == .add || operation == .subtract
      ? "Losses add to losses: ms() + 0.1 * center(). To add to its value, write L(z, y) first."
      : "Losses add and subtract; numbers scale them: 2 * ms() or ms() / 2."
    return Failure(
      "\(words(left)) \(operation.rawValue) \(words(right)) has no meaning", [advice])
  }
}
