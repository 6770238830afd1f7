/// Writes parsed mathematics as one line of text.
struct MathWriter {
  var notation: Mathematics.Notation

  /// The nodes as text, with the usual room around relations and operators.
  func text(_ nodes: [TeXNode]) -> String {
    var line = MathLine()
    write(nodes, to: &line)
    var text = line.text[...]
    while text.last == " " { text.removeLast() }
    return notation == .ascii ? Ascii.text(String(text)) : String(text)
  }

  private var isAscii: Bool { notation == .ascii }

  private func spelled(_ symbol: MathSymbol) -> String { isAscii ? symbol.ascii : symbol.unicode }

  private func write(_ nodes: [TeXNode], to line: inout MathLine) {
    for (index, node) in nodes.enumerated() {
      if case .fraction(let over, let under) = node, isWholeArgument(index, of: nodes) {
        line.append("(", .opening)
        write(over, over: under, to: &line)
        line.append(")", .closing)
      } else {
        write(node, to: &line)
      }
    }
  }

  /// Whether a fraction is all that a function before it applies to: `log(a/b)`, where `log a/b`
  /// would read as another quotient.
  private func isWholeArgument(_ index: Int, of nodes: [TeXNode]) -> Bool {
    guard let before = spliced(Array(nodes[..<index])).last, kind(of: before) == .function else {
      return false
    }
    guard let after = spliced(Array(nodes[(index + 1)...])).first else { return true }
    switch kind(of: after) {
    case .relation, .binary, .closing, .punctuation: return true
    case .ordinary, .function, .name, .largeOperator, .opening, .fraction, nil: return false
    }
  }

  private func write(_ node: TeXNode, to line: inout MathLine) {
    switch node {
    case .symbol(let symbol): line.append(spelled(symbol), symbol.kind)
    case .blank(let count): line.leaveBlank(count)
    case .text(let words): line.append(words: words)
    case .group(let nodes): write(nodes, to: &line)
    case .fraction(let over, let under): write(over, over: under, to: &line)
    case .root(let index, let content):
      line.append(root(index, content), .ordinary, isOpenEnded: !isAscii)
    case .script(let base, let lower, let upper): write(base, lower, upper, to: &line)
    case .accent(let accent, let content):
      line.append(accented(content, accent), .ordinary)
    case .marked(let base, let above):
      line.append(marked(base, above), edgeKind(of: base))
    case .braced(let content, let remark):
      write(content, to: &line)
      guard !remark.isEmpty else { return }
      line.leaveBlank(2)
      line.append("(" + text(remark) + ")", .closing, isOpenEnded: true)
    case .grid(let grid): line.append(inline(grid), .ordinary)
    case .lineBreak: line.leaveBlank(2)
    }
  }
}

// MARK: - Fractions and roots

extension MathWriter {
  private static let simpleFractions = [
    "1/2": "½", "1/3": "⅓", "2/3": "⅔", "1/4": "¼", "3/4": "¾", "1/5": "⅕", "1/6": "⅙", "1/8": "⅛",
  ]

  private func write(_ over: [TeXNode], over under: [TeXNode], to line: inout MathLine) {
    let top = text(over)
    let bottom = text(under)
    if !isAscii, let simple = Self.simpleFractions[top + "/" + bottom] {
      line.append(simple, .ordinary)
      return
    }
    let left = isProduct(over) ? top : "(" + top + ")"
    let right = isUnit(under) ? bottom : "(" + bottom + ")"
    line.append(left + "/" + right, .fraction)
  }

  private func root(_ index: [TeXNode], _ content: [TeXNode]) -> String {
    let degree = text(index)
    let inside = text(content)
    if isAscii { return (degree.isEmpty ? "sqrt(" : "root(" + degree + ", ") + inside + ")" }
    let body = isUnit(content) ? inside : "(" + inside + ")"
    switch degree {
    case "", "2": return "√" + body
    case "3": return "∛" + body
    case "4": return "∜" + body
    default: return (MathScripts.raised(degree) ?? degree) + "√" + body
    }
  }

  /// Whether the text reads as one thing when `/` or a power follows.
  private func isUnit(_ nodes: [TeXNode]) -> Bool {
    let parts = spliced(nodes)
    if parts.allSatisfy(isDigit) { return true }
    if parts.count == 1 { return isAtom(parts[0]) }
    if parts.count == 2, case .symbol(let symbol) = parts[0], symbol.unicode == "∂" {
      return isAtom(parts[1])
    }
    return isBracketed(parts)
  }

  /// Whether the text can stand before `/` as it is: factors, and a sign before them.
  private func isProduct(_ nodes: [TeXNode]) -> Bool {
    let parts = spliced(nodes)
    if isBracketed(parts) { return true }
    var depth = 0
    for (index, part) in parts.enumerated() {
      guard let kind = kind(of: part) else { return false }
      switch kind {
      case .opening: depth += 1
      case .closing: depth -= 1
      case .ordinary, .function, .name:
        if depth == 0, case .symbol(.of("/")) = part { return false }
      case .binary: if depth == 0, index > 0 { return false }
      case .relation, .largeOperator, .punctuation, .fraction: if depth == 0 { return false }
      }
    }
    return true
  }

  private func isBracketed(_ parts: [TeXNode]) -> Bool {
    guard let first = parts.first, kind(of: first) == .opening else { return false }
    var depth = 0
    for (index, part) in parts.enumerated() {
      if kind(of: part) == .opening { depth += 1 }
      if kind(of: part) == .closing { depth -= 1 }
      if depth == 0 { return index == parts.count - 1 }
    }
    return false
  }

  private func isAtom(_ node: TeXNode) -> Bool {
    switch node {
    case .symbol(let symbol): symbol.kind == .ordinary || symbol.kind == .name
    case .accent, .root: true
    case .text(let words): !words.contains(" ")
    case .script(let base, _, _): base.count == 1 && kind(of: base[0]) != .largeOperator
    case .blank, .group, .fraction, .marked, .braced, .grid, .lineBreak: false
    }
  }

  private func isDigit(_ node: TeXNode) -> Bool {
    guard case .symbol(let symbol) = node, let character = symbol.unicode.first else {
      return false
    }
    return symbol.unicode.count == 1 && (character.isNumber || character == ".")
  }

  /// The nodes without blanks and without the braces around them.
  private func spliced(_ nodes: [TeXNode]) -> [TeXNode] {
    nodes.flatMap { node -> [TeXNode] in
      switch node {
      case .group(let inner): spliced(inner)
      case .blank: []
      default: [node]
      }
    }
  }

  /// What a node is to its neighbours; nil where it holds blanks of its own.
  private func kind(of node: TeXNode) -> MathSymbol.Kind? {
    switch node {
    case .symbol(let symbol): symbol.kind
    case .fraction: .fraction
    case .script(let base, _, _): base.first.flatMap(kind(of:)) ?? .ordinary
    case .root, .accent: .ordinary
    case .text(let words): words.contains(" ") ? nil : .name
    case .marked(let base, _): edgeKind(of: base)
    case .blank, .group, .braced, .grid, .lineBreak: nil
    }
  }

  private func edgeKind(of nodes: [TeXNode]) -> MathSymbol.Kind {
    spliced(nodes).first.flatMap(kind(of:)) ?? .ordinary
  }
}

// MARK: - Scripts and accents

extension MathWriter {
  private func write(
    _ base: [TeXNode], _ lower: [TeXNode], _ upper: [TeXNode], to line: inout MathLine
  ) {
    let parts = spliced(base)
    var isOpenEnded = false
    var piece = scriptBase(parts)
    if !lower.isEmpty {
      let script = lowered(lower)
      piece += script.text
      isOpenEnded = script.isOpenEnded
    }
    if !upper.isEmpty {
      let script = raised(upper)
      piece += script.text
      isOpenEnded = isOpenEnded || script.isOpenEnded
    }
    line.append(piece, parts.count == 1 ? edgeKind(of: parts) : .ordinary, isOpenEnded: isOpenEnded)
  }

  private func scriptBase(_ parts: [TeXNode]) -> String {
    if parts.count <= 1, parts.allSatisfy({ isAtom($0) || kind(of: $0) != .fraction }) {
      return text(parts)
    }
    return isUnit(parts) ? text(parts) : "(" + text(parts) + ")"
  }

  private func lowered(_ nodes: [TeXNode]) -> (text: String, isOpenEnded: Bool) {
    let content = text(nodes)
    if !isAscii, let form = scriptForm(nodes, content, MathScripts.lowered) { return (form, false) }
    return ("_" + parenthesised(content, nodes), true)
  }

  private func raised(_ nodes: [TeXNode]) -> (text: String, isOpenEnded: Bool) {
    let content = text(nodes)
    if !isAscii, let form = scriptForm(nodes, content, MathScripts.raised) { return (form, false) }
    if content.allSatisfy({ $0 == "'" || $0 == "′" }) { return (content, false) }
    return ("^" + parenthesised(content, nodes), true)
  }

  private func scriptForm(
    _ nodes: [TeXNode], _ content: String, _ form: (String) -> String?
  ) -> String? {
    let hasWords = nodes.contains {
      if case .text(let words) = $0 { words.contains(" ") } else { false }
    }
    return hasWords ? nil : form(content.filter { $0 != " " })
  }

  /// One character, and in ASCII one word, needs no parentheses around it.
  private func parenthesised(_ content: String, _ nodes: [TeXNode]) -> String {
    if content.count == 1 || isBracketed(spliced(nodes)) { return content }
    if isAscii, content.allSatisfy({ $0.isLetter || $0.isNumber }) { return content }
    return "(" + content + ")"
  }

  private func accented(_ content: [TeXNode], _ accent: MathAccent) -> String {
    let inside = text(content)
    let spreads = accent.name == "bar" || accent.name == "under"
    guard !isAscii, inside.count == 1 || (spreads && inside.allSatisfy(\.isLetter)) else {
      return accent.name + "(" + inside + ")"
    }
    return String(inside.flatMap { [$0, accent.mark] })
  }

  private func marked(_ base: [TeXNode], _ above: [TeXNode]) -> String {
    let sign = text(base)
    let mark = text(above)
    switch (sign, mark) {
    case ("=", "c"): return isAscii ? "=c" : "≐"
    case ("=", "def"), ("=", "\u{25B3}"): return isAscii ? ":=" : "≝"
    default: return isAscii ? sign + "^" + parenthesised(mark, above) : sign + raised(above).text
    }
  }

  private func inline(_ grid: MathGrid) -> String {
    let between = grid.alignsRelations ? " " : "  "
    let rows = grid.rows.map { row in
      row.map(text).filter { !$0.isEmpty }.joined(separator: between)
    }
    let content = rows.joined(separator: "; ")
    switch grid.frame {
    case .none: return content
    case .brace: return "{ " + content + " }"
    case .brackets: return "[" + content + "]"
    case .parentheses: return "(" + content + ")"
    case .bars: return "|" + content + "|"
    }
  }
}
