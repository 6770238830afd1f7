import Syntax

/// Finds which names a function owns, and which of those its inner functions use.
struct ScopeAnalysis {
  /// Names the function assigns, its parameters included.
  private(set) var locals: Set<String> = []
  /// Names declared `nonlocal`.
  private(set) var outer: Set<String> = []
  /// Names that functions inside use and do not own.
  private(set) var usedInside: Set<String> = []
  /// Names used in the function's own code.
  private var used: Set<String> = []

  init(_ literal: FunctionLiteral) {
    locals.formUnion(literal.parameters.map(\.name))
    visit(literal.body)
    locals.subtract(outer)
  }

  /// The names functions inside an expression use: a comprehension shares its variables with them.
  init(inside expressions: [Expression]) {
    for expression in expressions { visit(expression) }
  }

  /// What the function needs from around it.
  var free: Set<String> { used.union(usedInside).union(outer).subtracting(locals) }

  private mutating func visit(_ block: Block) {
    for statement in block.statements { visit(statement) }
  }

  private mutating func visit(_ statement: Statement) {
    switch statement.kind {
    case .expression(let value): visit(value)
    case .assignment(let targets, let value):
      for target in targets { assign(target) }
      visit(value)
    case .augmented(let target, _, let value):
      assign(target)
      visit(value)
    case .definition(let name, let literal):
      locals.insert(name)
      enter(literal)
    case .conditional(let branches, let otherwise):
      for branch in branches {
        visit(branch.condition)
        visit(branch.block)
      }
      if let otherwise { visit(otherwise) }
    case .forLoop(let target, let values, let body):
      assign(target)
      visit(values)
      visit(body)
    case .whileLoop(let condition, let body):
      visit(condition)
      visit(body)
    case .returning(let value): if let value { visit(value) }
    case .breaking, .continuing: break
    case .nonlocal(let names): outer.formUnion(names)
    case .check(let check):
      for part in [check.claim, check.message, check.tolerance] {
        if let part { visit(part) }
      }
    case .derivation(let derivation):
      for draw in derivation.draws { visit(draw.generator) }
      enter(derivation.chainFunction)
    }
  }

  private mutating func assign(_ target: Target) {
    switch target.kind {
    case .name(let name): locals.insert(name)
    case .list(let parts): for part in parts { assign(part) }
    case .field(let base, _):
      visitRoot(base)
    case .index(let base, let items):
      visitRoot(base)
      for item in items { visit(item) }
    }
  }

  /// A part of a variable changes: the variable is used, and must be the function's own.
  private mutating func visitRoot(_ target: Target) {
    switch target.kind {
    case .name(let name): used.insert(name)
    case .field(let base, _): visitRoot(base)
    case .index(let base, let items):
      visitRoot(base)
      for item in items { visit(item) }
    case .list: break
    }
  }

  private mutating func enter(_ literal: FunctionLiteral) {
    for parameter in literal.parameters {
      if let value = parameter.defaultValue { visit(value) }
    }
    usedInside.formUnion(ScopeAnalysis(literal).free)
  }

  private mutating func visit(_ item: IndexItem) {
    switch item {
    case .value(let value): visit(value)
    case .slice(let start, let stop, let step):
      for part in [start, stop, step] {
        if let part { visit(part) }
      }
    case .ellipsis: break
    }
  }

  private mutating func visit(_ expression: Expression) {
    switch expression.kind {
    case .number, .bool, .none: break
    case .name(let name): used.insert(name)
    case .string(let pieces):
      for case .value(let value, _) in pieces { visit(value) }
    case .list(let parts), .sequence(let parts):
      for part in parts { visit(part) }
    case .comprehension(let element, let loops):
      visit(element)
      for loop in loops {
        visit(loop.values)
        for condition in loop.conditions { visit(condition) }
      }
    case .negation(let operand), .plus(let operand), .not(let operand), .group(let operand):
      visit(operand)
    case .binary(_, let left, let right), .logical(_, let left, let right):
      visit(left)
      visit(right)
    case .comparison(let first, let links):
      visit(first)
      for link in links { visit(link.operand) }
    case .choice(let value, let condition, let otherwise):
      visit(value)
      visit(condition)
      visit(otherwise)
    case .range(let low, let high, let step):
      visit(low)
      visit(high)
      if let step { visit(step) }
    case .call(let callee, let arguments):
      visit(callee)
      for argument in arguments { visit(argument.value) }
    case .index(let base, let items):
      visit(base)
      for item in items { visit(item) }
    case .field(let base, _): visit(base)
    case .lambda(let literal): enter(literal)
    }
  }
}

extension Derivation {
  /// The block as a function of its draws: it evaluates the definitions afresh and gives the
  /// values of all expressions of the chain.
  var chainFunction: FunctionLiteral {
    let span = first.span
    var statements: [Statement] = []
    var parameters: [FunctionLiteral.Parameter] = []
    for (index, draw) in draws.enumerated() {
      let name = "draw \(index)"
      parameters.append(.init(name: name, defaultValue: nil, span: draw.target.span))
      statements.append(
        Statement(
          kind: .assignment([draw.target], Expression(.name(name), draw.target.span)),
          span: draw.target.span))
    }
    statements += definitions
    let chain = Expression(.sequence([first] + links.map(\.expression)), span)
    statements.append(Statement(kind: .expression(chain), span: span))
    return FunctionLiteral(
      name: "derive", parameters: parameters, body: Block(statements: statements), span: span)
  }
}
