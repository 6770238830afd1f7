/// Reads TeX mathematics into nodes.
///
/// It never fails: stray braces are dropped, what is missing is empty, and groups nested deeper than
/// `deepest` read as `…`, which bounds the recursion here and in everything that walks the result.
struct TeXParser {
  /// Deeper than any formula a person wrote, and far from the end of any stack.
  private static let deepest = 60

  private let characters: [Character]
  private var position = 0
  private var depth = 0

  init(_ source: String) {
    characters = source.filter { character in
      character.isWhitespace || character.unicodeScalars.allSatisfy { !isUnprintable($0) }
    }
  }

  /// The whole formula.
  mutating func formula() -> [TeXNode] { list(until: .end) }

  /// What a list of nodes ends at.
  private enum End: Equatable {
    case end, brace, bracket, cell
  }

  private var next: Character? { position < characters.count ? characters[position] : nil }

  private mutating func skip(_ character: Character) -> Bool {
    guard next == character else { return false }
    position += 1
    return true
  }

  private mutating func skipBlanks() {
    while let character = next, character.isWhitespace { position += 1 }
  }

  private func isAhead(_ text: String) -> Bool {
    characters[position...].starts(with: text)
  }

  private mutating func list(until end: End) -> [TeXNode] {
    MathBars.paired(unpairedList(until: end))
  }

  private mutating func unpairedList(until end: End) -> [TeXNode] {
    var nodes: [TeXNode] = []
    while let character = next {
      switch (character, end) {
      case ("}", .brace), ("}", .bracket), ("]", .bracket), ("&", .cell): return nodes
      case ("\\", .cell) where isAhead(#"\\"#) || isAhead(#"\end"#) || isAhead(#"\cr"#):
        return nodes
      case ("^", _), ("_", _), ("'", _): script(onto: &nodes)
      default: nodes += element()
      }
    }
    return nodes
  }

  /// One letter, group or command, as an argument or as part of a list.
  private mutating func element() -> [TeXNode] {
    guard let character = next else { return [] }
    position += 1
    switch character {
    case "\\": return command()
    case "{": return [.group(nested { $0.closing(of: .brace) })]
    case "}", "&", "$": return []
    case "~": return [.blank(1)]
    case "%":
      while let rest = next, !rest.isNewline { position += 1 }
      return []
    case ":" where skip("="): return [.symbol(MathSymbol(":=", nil, .relation))]
    default: return character.isWhitespace ? [] : [.symbol(.of(character))]
    }
  }

  /// The nodes up to the closing brace or bracket, which is consumed.
  private mutating func closing(of end: End) -> [TeXNode] {
    let nodes = list(until: end)
    _ = skip(end == .bracket ? "]" : "}")
    return nodes
  }

  /// Runs a step one level deeper, or leaves out what lies too deep.
  private mutating func nested(_ step: (inout TeXParser) -> [TeXNode]) -> [TeXNode] {
    guard depth < Self.deepest else {
      skipGroup()
      return [.symbol(MathSymbol("…", "..."))]
    }
    depth += 1
    defer { depth -= 1 }
    return step(&self)
  }

  /// Moves past the closing brace of the group around the position.
  private mutating func skipGroup() {
    var open = 1
    while open > 0, let character = next {
      if character == "{" { open += 1 } else if character == "}" { open -= 1 }
      position += 1
    }
  }

  /// What a command or script applies to: one element, however it is written.
  private mutating func argument() -> [TeXNode] {
    skipBlanks()
    guard next != "}", next != "&" else { return [] }
    let nodes = nested { $0.element() }
    if nodes.count == 1, case .group(let content) = nodes[0] { return content }
    return nodes
  }

  /// An argument in square brackets, as of `\sqrt[3]`; empty where there is none.
  private mutating func option() -> [TeXNode] {
    skipBlanks()
    guard skip("[") else { return [] }
    return nested { $0.closing(of: .bracket) }
  }

  /// The characters between two braces as they stand, as `\text` wants them.
  private mutating func rawArgument() -> String {
    skipBlanks()
    guard skip("{") else {
      guard let character = next, character != "}" else { return "" }
      position += 1
      return String(character)
    }
    let start = position
    skipGroup()
    let end = position > start && characters[position - 1] == "}" ? position - 1 : position
    return String(characters[start..<end])
  }

  private mutating func script(onto nodes: inout [TeXNode]) {
    while case .blank? = nodes.last { nodes.removeLast() }
    let isPrime = skip("'")
    let isUpper = isPrime || skip("^") || !skip("_")
    let content = isPrime ? [.symbol(MathSymbol("′", "'"))] : argument()
    switch nodes.popLast() {
    case .braced(let inner, let remark):
      nodes.append(.braced(inner, remark: remark + content))
    case .script(let base, let lower, let upper):
      nodes.append(
        .script(
          base: base, lower: isUpper ? lower : lower + content,
          upper: isUpper ? upper + content : upper))
    case let base:
      nodes.append(
        .script(
          base: base.map { [$0] } ?? [], lower: isUpper ? [] : content,
          upper: isUpper ? content : []))
    }
  }
}

extension TeXParser {
  private mutating func command() -> [TeXNode] {
    guard let first = next else { return [] }
    guard first.isLetter else {
      position += 1
      return control(first)
    }
    var name = ""
    while let character = next, character.isLetter, character.isASCII {
      name.append(character)
      position += 1
    }
    if name.isEmpty { return [] }
    _ = skip("*")
    return named(name)
  }

  /// Commands of one character that is no letter.
  private mutating func control(_ character: Character) -> [TeXNode] {
    switch character {
    case "\\":
      if isAhead("[") { _ = option() }
      return [.lineBreak]
    case "{": return [.symbol(MathSymbol("{", nil, .opening))]
    case "}": return [.symbol(MathSymbol("}", nil, .closing))]
    case "|": return [.symbol(MathSymbol("‖", "||"))]
    case ",", ";", ":", " ", ">", "\n": return [.blank(1)]
    case "!", "/", "(", ")", "[", "]": return []
    default: return [.symbol(MathSymbol(String(character)))]
    }
  }

  private mutating func named(_ name: String) -> [TeXNode] {
    if let symbol = MathSymbol.named(name) { return [.symbol(symbol)] }
    if let accent = MathAccent.all[name] { return [.accent(accent, over: argument())] }
    switch name {
    case "frac", "tfrac", "dfrac", "cfrac":
      let over = argument()
      return [.fraction(over: over, under: argument())]
    case "sqrt":
      let index = option()
      return [.root(index: index, of: argument())]
    case "binom", "tbinom", "dbinom":
      let over = argument()
      return [.group(binomial(over, argument()))]
    case "overset", "stackrel":
      let above = argument()
      return [.marked(base: argument(), above: above)]
    case "underset":
      let below = argument()
      return [.script(base: argument(), lower: below, upper: [])]
    case "underbrace", "overbrace": return [.braced(argument(), remark: [])]
    case "text", "textrm", "textbf", "textit", "textsf", "texttt", "mbox", "emph", "textnormal":
      return words(rawArgument())
    case "mathrm", "operatorname", "mathsf", "mathtt", "mathit":
      return upright(argument())
    case "mathbb", "mathcal", "mathscr", "mathfrak": return styled(argument(), by: name)
    case "mathbf", "boldsymbol", "bm", "mathop", "mathbin", "mathrel", "mathord", "boxed",
      "ensuremath":
      return argument()
    case "substack": return argument().map { $0 == .lineBreak ? .symbol(.of(",")) : $0 }
    case "not": return argument().map(crossedOut)
    case "quad": return [.blank(2)]
    case "qquad": return [.blank(4)]
    case "enspace", "thinspace", "medspace", "thickspace", "space", "nobreakspace":
      return [.blank(1)]
    case "newline", "cr": return [.lineBreak]
    case "tag": return [.blank(2), .symbol(.of("("))] + words(rawArgument()) + [.symbol(.of(")"))]
    case "label", "hspace", "vspace", "phantom", "hphantom", "vphantom", "color":
      _ = rawArgument()
      return []
    case "left", "bigl", "Bigl", "biggl", "Biggl": return delimiter(.opening)
    case "right", "bigr", "Bigr", "biggr", "Biggr": return delimiter(.closing)
    case "middle", "bigm", "Bigm": return delimiter(.relation)
    case "big", "Big", "bigg", "Bigg", "displaystyle", "textstyle", "scriptstyle", "limits",
      "nolimits", "nonumber", "notag", "allowbreak", "negthinspace", "rm", "bf", "it", "cal":
      return []
    case "pmod":
      return [.blank(2)] + [.symbol(.of("("))] + words("mod ") + argument() + [.symbol(.of(")"))]
    case "begin": return environment(rawArgument())
    case "end":
      _ = rawArgument()
      return []
    default: return [.symbol(MathSymbol(name, name, .name))]
    }
  }

  private func binomial(_ over: [TeXNode], _ under: [TeXNode]) -> [TeXNode] {
    [.symbol(.of("C")), .symbol(.of("("))] + over + [.symbol(.of(","))] + under
      + [.symbol(.of(")"))]
  }

  /// The delimiter after `\left` and its kin; a dot there stands for none.
  private mutating func delimiter(_ kind: MathSymbol.Kind) -> [TeXNode] {
    skipBlanks()
    guard !skip(".") else { return [] }
    return element().map { node in
      guard case .symbol(let symbol) = node else { return node }
      return .symbol(symbol.with(kind))
    }
  }

  /// The words of `\text`, in which `$…$` is mathematics again.
  private mutating func words(_ source: String) -> [TeXNode] {
    let parts = source.split(separator: "$", omittingEmptySubsequences: false)
    return parts.enumerated().flatMap { index, part -> [TeXNode] in
      guard index % 2 == 1, index + 1 < parts.count else {
        let words = part.filter { $0 != "\\" && $0 != "{" && $0 != "}" }
          .map { $0.isWhitespace || $0 == "~" ? " " : $0 }
        return words.isEmpty ? [] : [.text(String(words))]
      }
      return nested { outer in
        var inner = TeXParser(String(part))
        inner.depth = outer.depth
        return inner.formula()
      }
    }
  }

  /// Several letters in an upright face are a name, such as `softmax`; one stays a letter.
  private func upright(_ nodes: [TeXNode]) -> [TeXNode] {
    var name = ""
    for node in nodes {
      guard case .symbol(let symbol) = node else { return nodes }
      name += symbol.kind == .binary ? "-" : symbol.unicode
    }
    return name.count > 1 ? [.symbol(MathSymbol(name, name, .name))] : nodes
  }

  private func styled(_ nodes: [TeXNode], by command: String) -> [TeXNode] {
    nodes.map { node in
      guard case .symbol(let symbol) = node, symbol.unicode.count == 1,
        let letter = symbol.unicode.first
      else { return node }
      return .symbol(.styled(letter, by: command))
    }
  }

  private func crossedOut(_ node: TeXNode) -> TeXNode {
    guard case .symbol(let symbol) = node else { return node }
    return .symbol(symbol.negated)
  }

  private mutating func environment(_ written: String) -> [TeXNode] {
    let name = written.hasSuffix("*") ? String(written.dropLast()) : written
    if name == "array" { _ = rawArgument() }
    let frames: [String: MathGrid.Frame] = [
      "cases": .brace, "bmatrix": .brackets, "pmatrix": .parentheses, "vmatrix": .bars,
    ]
    let aligned = ["aligned", "align", "split", "alignedat", "eqnarray"]
    var grid = MathGrid(
      frame: frames[name] ?? .none, alignsRelations: aligned.contains(name), rows: [])
    let ellipsis = nested { parser in
      grid.rows = parser.rows()
      return []
    }
    return ellipsis.isEmpty ? [.grid(grid)] : ellipsis
  }

  private mutating func rows() -> [[[TeXNode]]] {
    var rows: [[[TeXNode]]] = [[]]
    while true {
      let start = position
      let cell = list(until: .cell)
      rows[rows.count - 1].append(cell)
      if skip("&") { continue }
      if isAhead(#"\end"#) || next == nil { break }
      _ = element()
      rows.append([])
      // Every turn must consume something, or an unforeseen character would be read for ever.
      if position == start { position += 1 }
    }
    if isAhead(#"\end"#) { _ = element() }
    return rows.filter { row in row.contains { !$0.isEmpty } }
  }
}
