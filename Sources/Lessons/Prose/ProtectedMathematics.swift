/// Markdown in which every formula has been replaced by a mark that Markdown leaves alone.
///
/// A formula starts at a `$` before something visible and ends at a `$` after something visible that
/// no digit follows, so that `$5 and $6` are prices; with a command in it, a blank may stand before
/// the end. It stays within a paragraph. `$$` pairs with `$$`. `\$` is a dollar sign, and in code
/// there are no formulas.
struct ProtectedMathematics {
  /// A formula, and how it was written.
  struct Formula: Equatable {
    var tex: String
    var isDisplay: Bool
    var source: String { isDisplay ? "$$" + tex + "$$" : "$" + tex + "$" }
  }

  /// The text with the marks in it.
  private(set) var lines: [String] = []
  /// For each line of `lines`, its number in the original.
  private(set) var numbers: [Int] = []
  private(set) var formulas: [Formula] = []

  private static let open: Character = "\u{E000}"
  private static let close: Character = "\u{E001}"
  /// Stands for `\|`, which is no border between the cells of a table.
  static let bar: Character = "\u{E002}"

  /// Replaces the formulas of the text.
  ///
  /// - Parameters:
  ///   - source: the text.
  ///   - code: the numbers of the lines that are code blocks.
  init(_ source: SourceText, code: Set<Int>) {
    var paragraph: [String] = []
    var first = 1
    for (index, line) in source.lines.enumerated() {
      // The marks themselves, found in a text, would be taken for formulas.
      let marks = [Self.open, Self.close, Self.bar]
      let line = String(line.map { marks.contains($0) ? "\u{FFFD}" : $0 })
      let isCode = code.contains(index + 1)
      if isCode || line.isBlank {
        protect(paragraph, from: first)
        paragraph = []
        lines.append(line)
        numbers.append(index + 1)
        first = index + 2
      } else {
        paragraph.append(line)
      }
    }
    protect(paragraph, from: first)
  }

  /// The text between and the formulas behind the marks, in order.
  func inlines(of text: String) -> [MarkdownInline] {
    var result: [MarkdownInline] = []
    split(text) { piece, formula in
      if !piece.isEmpty { result.append(.text(piece)) }
      if let formula { result.append(.mathematics(formula.tex, isDisplay: formula.isDisplay)) }
    }
    return result
  }

  /// The text as it was before the formulas were replaced.
  func restored(_ text: String) -> String {
    var result = ""
    split(text) { piece, formula in result += piece + (formula?.source ?? "") }
    return result.contains(Self.bar) ? result.replacing(String(Self.bar), with: "\\|") : result
  }

  private func split(_ text: String, _ visit: (String, Formula?) -> Void) {
    var rest = text[...]
    while let start = rest.firstIndex(of: Self.open),
      let end = rest[start...].firstIndex(of: Self.close)
    {
      let index = Int(rest[rest.index(after: start)..<end])
      let formula = index.flatMap { formulas.indices.contains($0) ? formulas[$0] : nil }
      visit(String(rest[..<start]), formula)
      rest = rest[rest.index(after: end)...]
    }
    if !rest.isEmpty { visit(String(rest), nil) }
  }

  /// Adds the lines of a paragraph; a formula over several of them becomes part of its first.
  private mutating func protect(_ paragraph: [String], from first: Int) {
    guard paragraph.contains(where: { $0.contains("$") || $0.contains("\\|") }) else {
      lines += paragraph
      numbers += paragraph.indices.map { $0 + first }
      return
    }
    let text = Array(paragraph.joined(separator: "\n"))
    var scanner = FormulaScanner(text)
    var line = ""
    var number = first
    var start = first
    func count(_ characters: ArraySlice<Character>) -> Int { characters.count { $0 == "\n" } }
    while let part = scanner.next() {
      switch part {
      case .character("\n"):
        lines.append(line)
        numbers.append(start)
        line = ""
        number += 1
        start = number
      case .character(let character): line.append(character)
      case .formula(let range, let isDisplay):
        let isQuoted = paragraph[start - first].drop { $0 == " " }.first == ">"
        let tex = String(text[range])
        line += "\(Self.open)\(formulas.count)\(Self.close)"
        formulas.append(
          Formula(tex: isQuoted ? Self.unquoted(tex) : tex, isDisplay: isDisplay))
        number += count(text[range])
      }
    }
    lines.append(line)
    numbers.append(start)
  }

  /// A formula inside a block quote without the `>` its later lines start with.
  private static func unquoted(_ tex: String) -> String {
    tex.split(separator: "\n", omittingEmptySubsequences: false).enumerated().map { index, line in
      let text = line.drop { $0 == " " }
      return index > 0 && text.first == ">" ? String(text.dropFirst()) : String(line)
    }.joined(separator: "\n")
  }
}

/// Finds the formulas of one paragraph.
private struct FormulaScanner {
  enum Part {
    case character(Character)
    /// The characters between the dollar signs.
    case formula(Range<Int>, isDisplay: Bool)
  }

  private let text: [Character]
  private var position = 0
  /// Up to where characters are taken as they are: code spans and escapes.
  private var literalEnd = 0
  private var escapeEnd = 0
  /// Backtick runs of these lengths have no partner, which keeps the search linear.
  private var unpaired: Set<Int> = []

  init(_ text: [Character]) { self.text = text }

  mutating func next() -> Part? {
    guard position < text.count else { return nil }
    let character = text[position]
    if character == "\\", position >= escapeEnd, position + 1 < text.count,
      text[position + 1] == "|"
    {
      position += 2
      return .character(ProtectedMathematics.bar)
    }
    if position >= literalEnd {
      switch character {
      case "\\":
        literalEnd = position + 2
        escapeEnd = literalEnd
      case "`": literalEnd = endOfCode(from: position)
      case "$":
        if let part = formula(at: position) { return part }
        literalEnd = position + runLength(of: "$", at: position)
      default: break
      }
    }
    position += 1
    return .character(character)
  }

  private func runLength(of character: Character, at start: Int) -> Int {
    var end = start
    while end < text.count, text[end] == character { end += 1 }
    return end - start
  }

  /// The position after the code span that starts here, or after the backticks if none does.
  private mutating func endOfCode(from start: Int) -> Int {
    let length = runLength(of: "`", at: start)
    var place = start + length
    guard !unpaired.contains(length) else { return place }
    while place < text.count {
      let run = runLength(of: "`", at: place)
      if run == length { return place + run }
      place += max(run, 1)
    }
    unpaired.insert(length)
    return start + length
  }

  private mutating func formula(at start: Int) -> Part? {
    let width = min(runLength(of: "$", at: start), 2)
    let first = start + width
    guard first < text.count, width == 2 || !text[first].isWhitespace else { return nil }
    guard let end = closing(width, from: first), end > first else { return nil }
    position = end + width
    return .formula(first..<end, isDisplay: width == 2)
  }

  private func closing(_ width: Int, from first: Int) -> Int? {
    var place = first
    while place < text.count {
      if text[place] == "\\" {
        place += 2
      } else if text[place] == "$" {
        let run = runLength(of: "$", at: place)
        if width == 2, run >= 2 { return place }
        if width == 1 { return closes(first..<place, run: run) ? place : nil }
        place += run
      } else {
        place += 1
      }
    }
    return nil
  }

  /// A blank before the closing sign is allowed where a command shows that TeX was meant.
  private func closes(_ content: Range<Int>, run: Int) -> Bool {
    guard run == 1, !content.isEmpty else { return false }
    let place = content.upperBound
    let hasCommand = text[content].contains("\\")
    guard hasCommand || !text[place - 1].isWhitespace else { return false }
    return place + 1 >= text.count || !text[place + 1].isNumber
  }
}
