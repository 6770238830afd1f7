import Diagnostics

/// Sentences of other languages, met where no sentence of ours fits.
extension Parser {
  /// `x++` and `x--` of other languages.
  func refuseDoubled() throws(Diagnostic) {
    guard next.kind == current.kind, next.span.start == current.span.end,
      position + 2 < tokens.count
    else { return }
    switch tokens[position + 2].kind {
    case .newline, .end, .symbol(.semicolon), .symbol(.closeBrace), .symbol(.closeParen):
      let sign = current.kind.described
      throw failure(
        "there is no \(sign)\(sign) here", at: current.span.joined(with: next.span),
        ["Write x \(sign)= 1."])
    default: return
    }
  }

  /// `x = 1 // a comment` of other languages: two words follow where one operand may stand.
  func refuseComment() throws(Diagnostic) {
    guard position + 2 < tokens.count, case .name = next.kind,
      case .name = tokens[position + 2].kind
    else { return }
    throw failure(
      "// divides and rounds down; a comment starts with #", at: current.span)
  }

  /// `lambda x: …` and `f"…"` of other languages.
  func refuseForeignAtom(_ name: String) throws(Diagnostic) {
    switch next.kind {
    case .name where name == "lambda", .symbol(.colon) where name == "lambda":
      throw failure(
        "a lambda is written with an arrow", at: current.span, ["Write x -> x + 1."])
    case .string where name == "f" && next.span.start == current.span.end:
      throw failure(
        "a string needs no f before it", at: current.span, ["\"x is {x}\" fills x in already."])
    default: return
    }
  }

  /// `A .* B` and `sin.(x)` of other languages.
  func refusePointBeforeOperator() throws(Diagnostic) {
    guard case .symbol(let symbol) = current.kind else { return }
    let both = previous.span.joined(with: current.span)
    switch symbol {
    case .plus, .minus, .star, .slash, .caret, .equal, .less, .greater:
      throw failure(
        "an operator needs no point before it", at: both,
        ["a \(symbol.rawValue) b works element by element; a @ b is the matrix product."])
    case .openParen:
      throw failure(
        "a call needs no point before its arguments", at: both,
        ["exp(x) works on every element; map(f, xs) calls any function for each."])
    default: return
    }
  }

  /// `def f(*xs)` of another language.
  func refuseGatheringParameter() throws(Diagnostic) {
    guard isAt(.star) || isAt(.caret) else { return }
    throw failure(
      "a parameter takes one value", at: current.span,
      ["Take a list, def f(xs), and call f([1, 2, 3])."])
  }

  /// What to do instead of the `*xs` and `**options` of other languages, or of a statement that was
  /// to give a value.
  func adviceForMissingValue() -> [String] {
    if position == 0, isAt(.colon), case .name(let word) = next.kind {
      return ["Commands such as :\(word) are for the prompt: start mlrepl without a file."]
    }
    return switch (previous.kind, current.kind) {
    case (.symbol(.comma), .symbol(.star)), (.symbol(.openParen), .symbol(.star)),
      (.symbol(.openBracket), .symbol(.star)), (.symbol(.comma), .symbol(.caret)),
      (.symbol(.openParen), .symbol(.caret)):
      ["A * gathers nothing: xs[0] is the first of xs, xs[1:] are the others."]
    case (.symbol(.assign), .keyword(.if)), (.keyword(.return), .keyword(.if)),
      (.symbol(.arrow), .keyword(.if)):
      ["A choice of values is written a if c else b."]
    case (.symbol(.assign), .keyword(.def)): ["Write def f(x) = x + 1, or f = x -> x + 1."]
    default: []
    }
  }

  /// `"{{x}}"` of other languages: their way of writing a brace.
  func refuseDoubledBraces(around range: Span) throws(Diagnostic) {
    guard source.text(of: range).hasPrefix("{") else { return }
    throw failure(
      "a brace in a string is not doubled", at: Span(range.start - 1, range.start + 1),
      ["Write \\{ and \\} for the characters themselves."])
  }

  /// `"{x=}"` of another language, which writes the name beside its value.
  func refuseNamedInterpolation(of value: Expression) throws(Diagnostic) {
    guard isAt(.assign), next.kind == .end else { return }
    let name = source.text(of: value.span)
    throw failure(
      "a value in a string is written without =", at: current.span,
      name.count > 20 ? [] : ["Write \(name) = {\(name)}."])
  }

  /// `[1 2 3]`, `[1 2; 3 4]` and `[1, 2; 3, 4]` of other languages.
  func refuseForeignMatrix(after values: [Expression]) throws(Diagnostic) {
    guard !values.isEmpty else { return }
    switch current.kind {
    case .number, .name, .string:
      let row = tokens[position...].prefix { $0.kind != .symbol(.closeBracket) }
      let hasRows = row.contains { $0.kind == .symbol(.semicolon) }
      throw failure(
        "a comma is missing here", at: current.span,
        [hasRows ? "Write [[1, 2], [3, 4]]." : "Write [1, 2, 3]."])
    case .symbol(.semicolon):
      throw failure(
        "a matrix is a list of its rows", at: current.span, ["Write [[1, 2], [3, 4]]."])
    default: return
    }
  }

  /// `for x in xs:` of another language, whose colon and next line read as a range.
  func refuseColonBlock(after values: Expression) throws(Diagnostic) {
    guard !isAt(.openBrace), case .range(let low, let high, _) = values.kind else { return }
    let between = Span(low.span.end, high.span.start)
    guard source.text(of: between).contains(where: \.isNewline) || low.kind.isCall else { return }
    throw failure(
      "a block stands in braces, not after a colon", at: between.first(":", in: source),
      ["Write for i in 0:3 { … }."])
  }

  func foreignWord() -> Diagnostic? {
    if case .name(let word) = current.kind, let advice = Self.foreignOperators[word] {
      return failure("\(word) is not an operator here", at: current.span, [advice])
    }
    guard case .name(let word) = previous.kind else { return nil }
    switch word {
    case "import", "from":
      return failure(
        "there is nothing to import", at: previous.span,
        ["Every function is there already; ?name shows its help."])
    case "lambda":
      return failure(
        "a lambda is written with an arrow", at: previous.span, ["Write x -> x + 1."])
    case "elif", "elseif":
      return failure(
        "\(word) is two words here", at: previous.span, ["Write else if x > 1 { … }."])
    case "function", "func", "fn":
      return failure(
        "a function is defined with def", at: previous.span, ["Write def f(x) = x + 1."])
    case "let", "var", "const":
      return failure(
        "a variable needs no \(word)", at: previous.span, ["Write x = 1."])
    case "assert":
      return failure(
        "a claim is checked with check", at: previous.span, ["Write check x > 0, \"message\"."])
    case "class", "struct":
      return failure(
        "there are no classes", at: previous.span, ["Write r = record(x=1, y=2); r.x is a field."])
    case "del":
      return failure(
        "a variable cannot be deleted", at: previous.span, ["Give it another value: x = none."])
    case "raise", "throw":
      return failure(
        "there is no \(word) here", at: previous.span, ["Write check false, \"message\"."])
    case "global":
      return failure("there is no global here", at: previous.span, ["Write nonlocal x."])
    case "yield", "with", "async", "await":
      return failure("there is no \(word) here", at: previous.span)
    default: return nil
    }
  }

  /// Operators that are words in other languages.
  private static let foreignOperators = [
    "mod": "The remainder is written a % b.", "div": "Division rounded down is written a // b.",
    "is": "Write ==, or != for is not.", "xor": "Of masks, write a != b.",
    "then": "A block stands in braces: if x > 1 { … }; a choice is a if c else b.",
  ]
}

extension Expression.Kind {
  fileprivate var isCall: Bool { if case .call = self { true } else { false } }
}

extension Span {
  /// The place of a character inside.
  fileprivate func first(_ character: Character, in source: Source) -> Span {
    let before = source.text(of: self).prefix { $0 != character }
    let start = self.start + before.utf8.count
    return Span(start, min(end, start + 1))
  }
}
