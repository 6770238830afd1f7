/// A piece of Markdown, parsed: CommonMark as Git hosts read it, with pipe tables and mathematics.
///
/// `$…$` and `$$…$$` are mathematics before they are Markdown, so `a_i` between dollar signs is
/// never emphasis and `**` around a formula still is. Inside code, dollar signs are dollar signs.
public struct Markdown: Sendable, Equatable {
  /// The blocks, in order.
  public var blocks: [MarkdownBlock]

  /// Blocks that were made elsewhere.
  public init(_ blocks: [MarkdownBlock]) { self.blocks = blocks }

  /// Parses Markdown; any text is some Markdown.
  public init(parsing source: String) {
    self.init(MarkdownDocument(SourceText(source)).blocks.map(\.block))
  }
}

/// A block of Markdown.
public indirect enum MarkdownBlock: Sendable, Equatable {
  /// A paragraph.
  case paragraph([MarkdownInline])
  /// A heading of level 1 to 6.
  case heading(level: Int, [MarkdownInline])
  /// A list; `start` is the first number of an ordered one, and each item holds blocks.
  case list(start: Int?, isTight: Bool, items: [[MarkdownBlock]])
  /// A block quote.
  case quote([MarkdownBlock])
  /// A code block: its language (the first word after the fence, maybe empty) and its lines.
  case code(language: String, text: String)
  /// A pipe table.
  case table(MarkdownTable)
  /// Display mathematics that stands alone: TeX.
  case mathematics(String)
  /// A thematic break.
  case rule
  /// HTML as it was written.
  case html(String)
}

/// A part of a line of Markdown.
public indirect enum MarkdownInline: Sendable, Equatable {
  /// Plain text.
  case text(String)
  /// `*…*`.
  case emphasis([MarkdownInline])
  /// `**…**`.
  case strong([MarkdownInline])
  /// Inline code.
  case code(String)
  /// Mathematics: TeX, and whether it stood between double dollar signs.
  case mathematics(String, isDisplay: Bool)
  /// A link with its text.
  case link(destination: String, [MarkdownInline])
  /// An image with its description.
  case image(destination: String, [MarkdownInline])
  /// A line end that reads as a blank.
  case softBreak
  /// A line end that was asked for.
  case lineBreak
  /// HTML as it was written.
  case html(String)
}

/// A pipe table: every row has as many cells as the header.
public struct MarkdownTable: Sendable, Equatable {
  /// Where the text of a column stands.
  public enum Alignment: Sendable, Equatable {
    /// At the left edge.
    case left
    /// In the middle.
    case centre
    /// At the right edge.
    case right
  }

  /// The cells of the first row.
  public var header: [[MarkdownInline]]
  /// One alignment for each column.
  public var alignments: [Alignment]
  /// The rows after the header.
  public var rows: [[[MarkdownInline]]]
}

extension [MarkdownInline] {
  /// The words without any markup; formulas as Unicode.
  var plainText: String {
    map { inline in
      switch inline {
      case .text(let text), .code(let text): text
      case .emphasis(let inner), .strong(let inner), .link(_, let inner), .image(_, let inner):
        inner.plainText
      case .mathematics(let tex, _): Mathematics.inline(tex)
      case .softBreak, .lineBreak: " "
      case .html: ""
      }
    }.joined()
  }
}
