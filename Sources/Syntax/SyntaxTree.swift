package import Diagnostics

/// A whole file or cell: statements in order.
package struct Program: Sendable {
  package let statements: [Statement]
  package let source: Source
}

/// A statement and the text it covers.
package struct Statement: Sendable {
  package indirect enum Kind: Sendable {
    case expression(Expression)
    /// `a = b = value`: every target list gets the value, the leftmost first.
    case assignment([Target], Expression)
    case augmented(Target, BinaryOperator, Expression)
    case definition(String, FunctionLiteral)
    case conditional([(condition: Expression, block: Block)], otherwise: Block?)
    case forLoop(Target, Expression, Block)
    case whileLoop(Expression, Block)
    case returning(Expression?)
    case breaking
    case continuing
    case nonlocal([String])
    case check(Check)
    case derivation(Derivation)
  }

  package let kind: Kind
  package let span: Span
  /// Whether a `;` follows: a cell's last value is then not shown.
  package var isSilent = false

  package init(kind: Kind, span: Span) {
    self.kind = kind
    self.span = span
  }
}

/// Statements between braces.
package struct Block: Sendable {
  package let statements: [Statement]

  package init(statements: [Statement]) { self.statements = statements }
}

/// What can stand on the left of `=`.
package struct Target: Sendable {
  package indirect enum Kind: Sendable {
    case name(String)
    case field(Target, String)
    case index(Target, [IndexItem])
    case list([Target])
  }

  package let kind: Kind
  package let span: Span

  package init(_ kind: Kind, _ span: Span) {
    self.kind = kind
    self.span = span
  }
}

/// An expression and the text it covers.
package struct Expression: Sendable {
  package indirect enum Kind: Sendable {
    case number(Double)
    case bool(Bool)
    case none
    case string([Piece])
    case name(String)
    case list([Expression])
    /// The values side by side, never packed into a tensor.
    case sequence([Expression])
    case comprehension(Expression, [LoopClause])
    case negation(Expression)
    case plus(Expression)
    case not(Expression)
    case binary(BinaryOperator, Expression, Expression)
    case logical(isAnd: Bool, Expression, Expression)
    case comparison(Expression, [(relation: Comparison, operand: Expression)])
    case choice(Expression, condition: Expression, otherwise: Expression)
    case range(Expression, Expression, step: Expression?)
    case call(Expression, [Argument])
    case index(Expression, [IndexItem])
    case field(Expression, String)
    case lambda(FunctionLiteral)
    /// An expression in parentheses.
    case group(Expression)
  }

  /// A part of a string literal.
  package enum Piece: Sendable {
    case text(String)
    case value(Expression, format: String)
  }

  package let kind: Kind
  package let span: Span

  package init(_ kind: Kind, _ span: Span) {
    self.kind = kind
    self.span = span
  }

  /// The expression without parentheses around it.
  package var ungrouped: Expression {
    var inner = self
    while case .group(let next) = inner.kind { inner = next }
    return inner
  }
}

/// An argument of a call, by position or by name.
package struct Argument: Sendable {
  package let name: String?
  package let value: Expression
  /// The text of the name, of the value where there is none.
  package let nameSpan: Span

  package init(name: String? = nil, value: Expression, nameSpan: Span? = nil) {
    self.name = name
    self.value = value
    self.nameSpan = nameSpan ?? value.span
  }
}

/// One item between the brackets of an index.
package indirect enum IndexItem: Sendable {
  case value(Expression)
  case slice(start: Expression?, stop: Expression?, step: Expression?)
  case ellipsis
}

/// `for targets in values if condition …` of a comprehension.
package struct LoopClause: Sendable {
  package let target: Target
  package let values: Expression
  package let conditions: [Expression]
}

/// The parameters and the body of a `def` or a lambda.
package final class FunctionLiteral: Sendable {
  /// A parameter and its default.
  package struct Parameter: Sendable {
    package let name: String
    package let defaultValue: Expression?
    package let span: Span

    package init(name: String, defaultValue: Expression?, span: Span) {
      self.name = name
      self.defaultValue = defaultValue
      self.span = span
    }
  }

  package let name: String?
  package let parameters: [Parameter]
  package let body: Block
  package let span: Span

  package init(name: String?, parameters: [Parameter], body: Block, span: Span) {
    self.name = name
    self.parameters = parameters
    self.body = body
    self.span = span
  }
}

/// `check expression, "message", tol=…`.
package struct Check: Sendable {
  package let claim: Expression
  package let message: Expression?
  package let tolerance: Expression?
}

/// `derive "…" for draws { definitions chain }`, or `refute`.
package struct Derivation: Sendable {
  package let title: String
  package let isRefutation: Bool
  package let draws: [(target: Target, generator: Expression)]
  package let definitions: [Statement]
  package let first: Expression
  package let links: [Link]

  /// A relation to the line before, with its right side and reason.
  package struct Link: Sendable {
    package let relation: Relation
    package let expression: Expression
    package let reason: String
    package let span: Span
  }
}

/// The relations of a derivation.
package enum Relation: String, Sendable {
  case equal = "=="
  case lessOrEqual = "<="
  case greaterOrEqual = ">="
  case less = "<"
  case greater = ">"
  case upToConstants = "≐"
}

/// The arithmetic operators of two operands.
package enum BinaryOperator: String, Sendable {
  case add = "+"
  case subtract = "-"
  case multiply = "*"
  case divide = "/"
  case floorDivide = "//"
  case remainder = "%"
  case power = "^"
  case matrixProduct = "@"
}

/// The comparison operators.
package enum Comparison: String, Sendable {
  case equal = "=="
  case notEqual = "!="
  case less = "<"
  case lessOrEqual = "<="
  case greater = ">"
  case greaterOrEqual = ">="
  case close = "≈"
  case contained = "in"
  case notContained = "not in"
}
