/// Tells what the strokes `|` and `‖` are, which look the same on both sides.
///
/// Between one pair of brackets an even number of them are pairs, as in `|a| + |b|`; an odd number
/// separate, as in `p(y | x)`.
enum MathBars {
  /// The nodes with every stroke made an opening, a closing or a relation.
  static func paired(_ nodes: [TeXNode]) -> [TeXNode] {
    var nodes = nodes
    var levels: [[Int]] = [[]]
    for (index, node) in nodes.enumerated() {
      guard let symbol = symbol(of: node) else { continue }
      if isStroke(symbol) {
        levels[levels.count - 1].append(index)
      } else if symbol.kind == .opening {
        levels.append([])
      } else if symbol.kind == .closing, levels.count > 1 {
        settle(levels.removeLast(), in: &nodes)
      }
    }
    for level in levels { settle(level, in: &nodes) }
    return nodes
  }

  private static func isStroke(_ symbol: MathSymbol) -> Bool {
    symbol.kind == .ordinary && (symbol.unicode == "|" || symbol.unicode == "‖")
  }

  private static func symbol(of node: TeXNode) -> MathSymbol? {
    switch node {
    case .symbol(let symbol): symbol
    case .script(let base, _, _): base.first.flatMap(symbol(of:))
    default: nil
    }
  }

  private static func settle(_ strokes: [Int], in nodes: inout [TeXNode]) {
    for (turn, index) in strokes.enumerated() {
      let kind: MathSymbol.Kind =
        strokes.count % 2 == 1 ? .relation : turn % 2 == 0 ? .opening : .closing
      switch nodes[index] {
      case .symbol(let symbol): nodes[index] = .symbol(symbol.with(kind))
      case .script(let base, let lower, let upper):
        guard case .symbol(let symbol)? = base.first else { continue }
        nodes[index] = .script(base: [.symbol(symbol.with(kind))], lower: lower, upper: upper)
      default: continue
      }
    }
  }
}
