package import Diagnostics

/// The smallest piece of program text, with the bytes it covers.
package struct Token: Sendable {
  package let kind: Kind
  package let span: Span

  /// What a piece of text is.
  package enum Kind: Sendable, Equatable {
    case number(Double)
    case string([StringPiece])
    case name(String)
    case keyword(Keyword)
    case symbol(Symbol)
    case newline
    case end
  }
}

/// A part of a string literal: text as it is, or an expression in braces.
package enum StringPiece: Sendable, Equatable {
  case text(String)
  /// The bytes of the expression, and the format after its colon.
  case interpolation(Span, format: String)
}

/// The reserved words.
package enum Keyword: String, Sendable, CaseIterable {
  case `def`, `if`, `else`, `for`, `in`, `while`, `break`, `continue`, `return`, nonlocal
  case and, or, not, `true`, `false`, none, check, derive, refute, because
}

extension Keyword {
  /// Whether it is a value rather than a part of a statement.
  var isValue: Bool { self == .true || self == .false || self == .none }
}

/// The operators and punctuation, named by their ASCII form.
package enum Symbol: String, Sendable, CaseIterable {
  case plus = "+"
  case minus = "-"
  case star = "*"
  case slash = "/"
  case doubleSlash = "//"
  case percent = "%"
  case at = "@"
  case caret = "^"
  case equal = "=="
  case notEqual = "!="
  case less = "<"
  case lessOrEqual = "<="
  case greater = ">"
  case greaterOrEqual = ">="
  case close = "≈"
  case upToConstants = "≐"
  case assign = "="
  case plusAssign = "+="
  case minusAssign = "-="
  case starAssign = "*="
  case slashAssign = "/="
  case doubleSlashAssign = "//="
  case percentAssign = "%="
  case caretAssign = "^="
  case atAssign = "@="
  case arrow = "->"
  case pipe = "|>"
  case comma = ","
  case semicolon = ";"
  case colon = ":"
  case dot = "."
  case ellipsis = "..."
  case openParen = "("
  case closeParen = ")"
  case openBracket = "["
  case closeBracket = "]"
  case openBrace = "{"
  case closeBrace = "}"
}

extension Symbol {
  /// Whether it opens or closes something.
  var isBracket: Bool {
    switch self {
    case .openParen, .closeParen, .openBracket, .closeBracket, .openBrace, .closeBrace: true
    default: false
    }
  }
}

extension Token.Kind {
  /// Whether an expression may end with this token; after any other a line break is ignored.
  var canEndExpression: Bool {
    switch self {
    case .number, .string, .name, .newline, .end: true
    case .keyword(let word):
      switch word {
      case .true, .false, .none, .break, .continue, .return: true
      case .def, .if, .else, .for, .in, .while, .nonlocal, .and, .or, .not, .check, .derive,
        .refute, .because:
        false
      }
    case .symbol(let symbol):
      switch symbol {
      case .closeParen, .closeBracket, .closeBrace, .openBrace, .semicolon, .ellipsis: true
      default: false
      }
    }
  }

  /// The token as a message names it.
  package var described: String {
    switch self {
    case .number: "a number"
    case .string: "a string"
    case .name(let name): name
    case .keyword(let word): "the word \(word.rawValue)"
    case .symbol(let symbol): symbol.rawValue
    case .newline: "the end of the line"
    case .end: "the end of the input"
    }
  }
}
