public import Interpreter
import Plots
import Typography

/// The parts of a lesson as text for a window: what is read, as against what is run.
public struct LessonText: Sendable {
  private let renderer: ReplyRenderer
  private let prose: ProseRenderer
  private var isASCII: Bool { renderer.options.characters == .ascii }
  private var isColored: Bool { renderer.options.color != .none }

  /// Text for the window a renderer draws for.
  public init(_ renderer: ReplyRenderer) {
    self.renderer = renderer
    prose = ProseRenderer(
      width: min(renderer.options.columns, 88),
      styling: renderer.options.color == .none ? .plain : .ansi,
      notation: renderer.options.characters == .ascii ? .ascii : .unicode)
  }

  /// The lesson's title with what it promises.
  public func opening(_ lesson: Lesson) -> String {
    let front = lesson.frontMatter
    var lines = [paint(prose.line(front.title), "1")] + prose.lines(front.summary)
    var facts: [String] = []
    if let minutes = front.minutes { facts.append("about \(minutes) minutes") }
    if !front.paper.isEmpty { facts.append(front.paper) }
    if !front.needs.isEmpty { facts.append("after lesson " + front.needs.joined(separator: ", ")) }
    let dot = isASCII ? " - " : " · "
    if !facts.isEmpty {
      lines += prose.lines(facts.joined(separator: dot)).map { paint($0, "2") }
    }
    if !front.goals.isEmpty {
      lines.append("")
      lines.append("You will be able to")
      lines += front.goals.flatMap { prose.lines("- " + $0) }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// A step's heading, such as `── 2 of 8 · Dropping the hinge ──`.
  public func heading(_ step: Step, number: Int, of count: Int) -> String {
    let line = isASCII ? "--" : "──"
    let dot = isASCII ? "-" : "·"
    return paint("\(line) \(number) of \(count) \(dot) \(prose.line(step.title)) \(line)", "1")
      + "\n"
  }

  /// A paragraph and what belongs to it.
  public func text(_ prose: Prose) -> String {
    self.prose.lines(prose.markdown).joined(separator: "\n") + "\n"
  }

  /// One line of Markdown.
  public func line(_ markdown: String) -> String { prose.line(markdown) }

  /// A few lines of Markdown, behind a mark.
  public func remark(_ markdown: String, mark: String) -> String {
    let indent = mark.visibleWidth + 1
    let lines = ProseRenderer(
      width: max(20, min(renderer.options.columns, 88) - indent), styling: prose.styling,
      notation: prose.notation
    ).lines(markdown)
    let blank = String(repeating: " ", count: indent)
    return lines.enumerated().map { ($0 == 0 ? mark + " " : blank) + $1 }.joined(separator: "\n")
      + "\n"
  }

  /// Code as it stands in the file, behind a bar; lines too long for the window hang below.
  public func code(_ code: Code) -> String {
    let bar = paint(isASCII ? "|" : "▏", "36")
    let text = isASCII ? Ascii.text(code.text) : code.text
    return text.split(separator: "\n", omittingEmptySubsequences: false)
      .flatMap { hanging(String($0).printable, width: max(10, renderer.options.columns - 2)) }
      .map { "\(bar) \($0)" }.joined(separator: "\n") + "\n"
  }

  /// A line of code in lines of at most `width` cells, broken at blanks, first before `because`.
  private func hanging(_ line: String, width: Int) -> [String] {
    let indent = line.prefix { $0 == " " }.count
    let margin = String(repeating: " ", count: min(indent + 6, width / 4))
    var lines: [String] = []
    var rest = line
    while rest.cellWidth > width {
      var kept = rest.startIndex
      var cells = 0
      for index in rest.indices {
        cells += rest[index].cellWidth
        if cells > width { break }
        if rest[index] == " ", rest[..<index].contains(where: { $0 != " " }) { kept = index }
      }
      if let reason = rest.firstRange(of: " because "), reason.lowerBound < kept,
        rest[..<reason.lowerBound].contains(where: { $0 != " " })
      {
        kept = reason.lowerBound
      }
      guard kept > rest.startIndex else { break }
      lines.append(String(rest[..<kept]).withoutTrailingBlanks)
      rest = margin + rest[kept...].drop { $0 == " " }
    }
    return lines + [rest]
  }

  /// A question with its choices.
  public func question(_ quiz: Quiz, isPrediction: Bool) -> String {
    var lines = [remark(quiz.question, mark: paint("?", "1;33"))]
    if case .choices(let choices) = quiz.answer {
      for (index, choice) in choices.enumerated() {
        lines.append(remark(choice.text, mark: "  \(ChoiceReader.letter(index)))"))
      }
    }
    if isPrediction { lines.append(paint("  Predict before you run it.", "2") + "\n") }
    return lines.joined()
  }

  /// The right answer of a question, with its reason.
  public func answer(_ quiz: Quiz) -> String {
    var lines: [String] = []
    switch quiz.answer {
    case .choices(let choices):
      for (index, choice) in choices.enumerated() where choice.isRight {
        lines.append(
          remark("\(ChoiceReader.letter(index))) \(choice.feedback)", mark: paint(arrow, "32")))
      }
    case .number(let number): lines.append(remark(number.expression, mark: paint(arrow, "32")))
    case .text(let texts):
      lines.append(remark(texts.joined(separator: ", or "), mark: paint(arrow, "32")))
    case .nextCell: break
    }
    if let why = quiz.why { lines.append(remark(why, mark: " ")) }
    return lines.joined()
  }

  private var arrow: String { isASCII ? "->" : "→" }

  /// A small word in front of something, such as `Exercise`.
  public func label(_ word: String) -> String { paint(word, "1;33") + "\n" }

  /// Dimmed text.
  public func dim(_ text: String) -> String { paint(text, "2") }

  private func paint(_ text: String, _ code: String) -> String {
    isColored ? "\u{1b}[\(code)m\(text)\u{1b}[0m" : text
  }
}
