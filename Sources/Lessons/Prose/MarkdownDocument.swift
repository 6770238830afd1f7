import CCMarkGFM

/// The blocks of a Markdown text with the lines they stand on; what cmark-gfm makes of it.
struct MarkdownDocument {
  /// A top-level block and its place in the file.
  struct Placed {
    var block: MarkdownBlock
    /// The number of its first line.
    var line: Int
    /// The number after that of its last line.
    var end: Int
    /// Whether it is a code block between fences, not an indented one.
    var isFenced: Bool
  }

  /// A fenced code block inside a list or a quote.
  struct NestedFence {
    var line: Int
    var info: String
  }

  private(set) var blocks: [Placed] = []
  private(set) var nestedFences: [NestedFence] = []

  /// Parses a text.
  init(_ source: SourceText) {
    let code = CMarkTree(source.lines).codeLines
    let protected = ProtectedMathematics(source, code: code)
    let tree = CMarkTree(protected.lines)
    let converter = MarkdownConverter(protected)
    func number(_ line: Int) -> Int {
      line >= 1 && line <= protected.numbers.count ? protected.numbers[line - 1] : line
    }
    for node in tree.children {
      guard let block = converter.block(node, depth: 0) else { continue }
      let end =
        node.endLine < protected.numbers.count ? number(node.endLine + 1) : source.lines.count + 1
      blocks.append(
        Placed(block: block, line: number(node.startLine), end: end, isFenced: node.isFenced))
    }
    nestedFences = tree.nestedFences.map { NestedFence(line: number($0.line), info: $0.info) }
  }
}

/// A parsed tree of the C library; freed with the last reference to it.
final class CMarkTree {
  private let root: OpaquePointer?

  init(_ lines: [String]) {
    var text = lines.joined(separator: "\n")
    root = text.withUTF8 { bytes in
      bytes.withMemoryRebound(to: CChar.self) {
        cmark_parse_document($0.baseAddress, $0.count, CMARK_OPT_DEFAULT)
      }
    }
  }

  deinit { cmark_node_free(root) }

  /// The top-level blocks.
  var children: [CMarkNode] { CMarkNode(root).children }

  /// The numbers of all lines that belong to code blocks, at any depth.
  var codeLines: Set<Int> {
    var lines: Set<Int> = []
    for node in blocks where node.kind == CMARK_NODE_CODE_BLOCK && node.endLine >= node.startLine {
      lines.formUnion(node.startLine...node.endLine)
    }
    return lines
  }

  /// The fenced code blocks below the top level.
  var nestedFences: [(line: Int, info: String)] {
    blocks.filter { $0.kind == CMARK_NODE_CODE_BLOCK && $0.isFenced && !$0.isTopLevel }
      .map { ($0.startLine, $0.fenceInfo) }
  }

  /// All nodes, without recursion: the depth of the tree is the author's.
  private var blocks: [CMarkNode] {
    var nodes: [CMarkNode] = []
    let walk = cmark_iter_new(root)
    defer { cmark_iter_free(walk) }
    while true {
      let event = cmark_iter_next(walk)
      if event == CMARK_EVENT_DONE || event == CMARK_EVENT_NONE { return nodes }
      if event == CMARK_EVENT_ENTER { nodes.append(CMarkNode(cmark_iter_get_node(walk))) }
    }
  }
}

/// One node of the C library's tree; valid as long as its tree.
struct CMarkNode {
  private let pointer: OpaquePointer?

  init(_ pointer: OpaquePointer?) { self.pointer = pointer }

  var kind: cmark_node_type { cmark_node_get_type(pointer) }
  var startLine: Int { Int(cmark_node_get_start_line(pointer)) }
  var endLine: Int { Int(cmark_node_get_end_line(pointer)) }
  var literal: String { cmark_node_get_literal(pointer).map { String(cString: $0) } ?? "" }
  var destination: String { cmark_node_get_url(pointer).map { String(cString: $0) } ?? "" }
  var fenceInfo: String { cmark_node_get_fence_info(pointer).map { String(cString: $0) } ?? "" }
  var headingLevel: Int { Int(cmark_node_get_heading_level(pointer)) }
  var isTight: Bool { cmark_node_get_list_tight(pointer) != 0 }

  /// The first number of an ordered list.
  var listStart: Int? {
    cmark_node_get_list_type(pointer) == CMARK_ORDERED_LIST
      ? Int(cmark_node_get_list_start(pointer)) : nil
  }

  var isFenced: Bool {
    var length: Int32 = 0
    var offset: Int32 = 0
    var character: CChar = 0
    return kind == CMARK_NODE_CODE_BLOCK
      && cmark_node_get_fenced(pointer, &length, &offset, &character) != 0
  }

  var isTopLevel: Bool {
    cmark_node_get_type(cmark_node_parent(pointer)) == CMARK_NODE_DOCUMENT
  }

  var children: [CMarkNode] {
    var nodes: [CMarkNode] = []
    var child = cmark_node_first_child(pointer)
    while let node = child {
      nodes.append(CMarkNode(node))
      child = cmark_node_next(node)
    }
    return nodes
  }

  /// The text of everything below the node, without recursion.
  var plainText: String {
    var text = ""
    let walk = cmark_iter_new(pointer)
    defer { cmark_iter_free(walk) }
    while true {
      let event = cmark_iter_next(walk)
      if event == CMARK_EVENT_DONE || event == CMARK_EVENT_NONE { return text }
      guard event == CMARK_EVENT_ENTER else { continue }
      let node = CMarkNode(cmark_iter_get_node(walk))
      let isBreak = node.kind == CMARK_NODE_SOFTBREAK || node.kind == CMARK_NODE_LINEBREAK
      text += isBreak ? " " : node.literal
    }
  }
}
