import CCMarkGFM

/// Makes Markdown values of the C library's nodes, with the formulas back in their places.
struct MarkdownConverter {
  /// Quotes in lists in quotes … deeper than this become plain text, which bounds every recursion
  /// over the result, freeing it included.
  private static let deepest = 24

  private let formulas: ProtectedMathematics

  init(_ formulas: ProtectedMathematics) { self.formulas = formulas }

  /// The block a node stands for; nil for HTML comments and whatever shows nothing.
  func block(_ node: CMarkNode, depth: Int) -> MarkdownBlock? {
    guard depth < Self.deepest else { return .paragraph(formulas.inlines(of: node.plainText)) }
    switch node.kind {
    case CMARK_NODE_PARAGRAPH: return paragraph(inlines(node, depth: depth))
    case CMARK_NODE_HEADING:
      return .heading(level: node.headingLevel, inlines(node, depth: depth).withBars)
    case CMARK_NODE_LIST:
      let items = node.children.map { blocks($0, depth: depth + 1) }
      return .list(start: node.listStart, isTight: node.isTight, items: items)
    case CMARK_NODE_BLOCK_QUOTE: return .quote(blocks(node, depth: depth + 1))
    case CMARK_NODE_CODE_BLOCK: return code(node)
    case CMARK_NODE_THEMATIC_BREAK: return .rule
    case CMARK_NODE_HTML_BLOCK:
      let text = formulas.restored(node.literal).trimmed
      return text.hasPrefix("<!--") ? nil : .html(text)
    default: return nil
    }
  }

  private func blocks(_ node: CMarkNode, depth: Int) -> [MarkdownBlock] {
    node.children.compactMap { block($0, depth: depth + 1) }
  }

  private func code(_ node: CMarkNode) -> MarkdownBlock {
    let language = node.fenceInfo.split(separator: " ").first.map(String.init) ?? ""
    var text = formulas.restored(node.literal)
    if text.last == "\n" { text.removeLast() }
    return language == "math" ? .mathematics(text) : .code(language: language, text: text)
  }

  private func paragraph(_ inlines: [MarkdownInline]) -> MarkdownBlock {
    if inlines.count == 1, case .mathematics(let tex, isDisplay: true) = inlines[0] {
      return .mathematics(tex)
    }
    return MarkdownTable(paragraph: inlines).map { .table($0) } ?? .paragraph(inlines.withBars)
  }

  private func inlines(_ node: CMarkNode, depth: Int) -> [MarkdownInline] {
    var result: [MarkdownInline] = []
    for child in node.children {
      for inline in inline(child, depth: depth + 1) {
        if case .text(let text) = inline, case .text(let before)? = result.last {
          result[result.count - 1] = .text(before + text)
        } else {
          result.append(inline)
        }
      }
    }
    return result
  }

  private func inline(_ node: CMarkNode, depth: Int) -> [MarkdownInline] {
    guard depth < Self.deepest else { return formulas.inlines(of: node.plainText) }
    switch node.kind {
    case CMARK_NODE_TEXT: return formulas.inlines(of: node.literal)
    case CMARK_NODE_SOFTBREAK: return [.softBreak]
    case CMARK_NODE_LINEBREAK: return [.lineBreak]
    case CMARK_NODE_CODE: return [.code(formulas.restored(node.literal))]
    case CMARK_NODE_EMPH: return [.emphasis(inlines(node, depth: depth).withBars)]
    case CMARK_NODE_STRONG: return [.strong(inlines(node, depth: depth).withBars)]
    case CMARK_NODE_LINK:
      let destination = formulas.restored(node.destination)
      return [.link(destination: destination, inlines(node, depth: depth).withBars)]
    case CMARK_NODE_IMAGE:
      let destination = formulas.restored(node.destination)
      return [.image(destination: destination, inlines(node, depth: depth).withBars)]
    case CMARK_NODE_HTML_INLINE:
      let text = formulas.restored(node.literal)
      if text.hasPrefix("<!--") { return [] }
      return text.hasPrefix("<br") ? [.lineBreak] : [.html(text)]
    default: return []
    }
  }
}

extension [MarkdownInline] {
  /// The same with a `|` where the text had it escaped, once tables have been told apart.
  var withBars: [MarkdownInline] {
    let mark = String(ProtectedMathematics.bar)
    return map { inline in
      guard case .text(let text) = inline, text.contains(mark) else { return inline }
      return .text(text.replacing(mark, with: "|"))
    }
  }
}
