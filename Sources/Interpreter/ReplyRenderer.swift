public import Diagnostics
public import Plots
import Typography

/// Turns what a cell gave into text for a window: the same words for the REPL, files and lessons.
public struct ReplyRenderer: Sendable {
  /// The room there is, and which characters and colours may be used.
  public var options: RenderOptions
  /// Whether every plot is followed by its description in words.
  public var describesPlots = false
  /// Whether notices are broken into lines that fit the window.
  public var wrapsNotices = false

  /// A renderer for a window.
  public init(_ options: RenderOptions = RenderOptions()) { self.options = options }

  private var isASCII: Bool { options.characters == .ascii }
  private var isColored: Bool { options.color != .none }

  /// One output as it happens, ending in a line break.
  public func text(_ output: Output) -> String {
    switch output {
    case .text(let text): printable(text)
    case .plot(let plot): self.plot(plot) + "\n"
    case .check(let report): check(report) + "\n"
    case .derivation(let report): derivation(report) + "\n"
    case .notice(let message): notice(message) + "\n"
    }
  }

  private func notice(_ message: String) -> String {
    let (mark, message) = ("notice: ", printable(message))
    guard wrapsNotices else { return paint(mark, "33") + message }
    let lines = message.split(separator: "\n").enumerated().flatMap { index, line in
      line.wrapped(
        to: max(20, options.columns), first: index == 0 ? mark : "  ", rest: "  ")
    }
    return paint(mark, "33") + lines.joined(separator: "\n").dropFirst(mark.count)
  }

  /// A plot as lines.
  public func plot(_ plot: Plot) -> String {
    let drawing = TextRenderer(options).render(plot)
    guard describesPlots else { return drawing }
    let words = printable(plot.words).wrapped(to: max(20, options.columns))
    return ([drawing] + words).joined(separator: "\n")
  }

  /// A plot as lines without words: one of many that take each other's place.
  public func picture(_ plot: Plot) -> String { TextRenderer(options).render(plot) }

  /// An error with its place.
  public func diagnostic(_ diagnostic: Diagnostic) -> String {
    DiagnosticRenderer(unicode: !isASCII, color: isColored).render(diagnostic)
  }

  /// The value a cell shows at its end, nil for none.
  public func shown(_ reply: Reply) -> String? {
    if let plot = reply.shownPlot { return self.plot(plot) }
    return reply.shownText.map(printable)
  }

  /// Everything a cell gave that goes to standard output, as one text.
  public func transcript(_ reply: Reply) -> String {
    var text = ""
    for output in reply.outputs {
      if case .notice = output { continue }
      text += self.text(output)
    }
    if let shown = shown(reply) { text += shown + "\n" }
    return text
  }

  /// Text as this window can show it, control characters made visible.
  public func plainText(_ text: String) -> String { printable(text) }

  // MARK: - Checks and derivations

  private func mark(_ passed: Bool) -> String {
    passed ? paint(isASCII ? "ok" : "✓", "32") : paint(isASCII ? "FAILED" : "✗", "1;31")
  }

  private func check(_ report: CheckReport) -> String {
    let evidence = report.evidence.isEmpty ? "" : "   " + paint(printable(report.evidence), "2")
    return "\(mark(report.passed)) \(printable(report.message))\(evidence)"
  }

  private func derivation(_ report: DerivationReport) -> String {
    let word = report.isRefutation ? "refute" : "derive"
    let scope = report.scope.isEmpty ? "" : "   " + paint(printable(report.scope), "2")
    var lines = ["\(paint(word, "1")) \(printable(report.title))\(scope)"]
    let rows = report.links.map { row($0) }
    let widest = max(12, options.columns - 46)
    let expressions = [oneLine(report.first)] + rows.map(\.expression)
    let width = min(widest, expressions.map { $0.cellWidth }.max() ?? 0)
    lines.append("     " + cut(expressions[0], to: max(width, options.columns - 5)))
    var shown: String?
    for (link, row) in zip(report.links, rows) {
      lines += self.lines(link, row, width: width, isNews: link.counterexample != shown)
      if !link.counterexample.isEmpty { shown = link.counterexample }
    }
    if report.isRefutation {
      lines.append(
        report.passed
          ? "  " + paint("refuted, as it should be", "2")
          : "  \(mark(false)) every link holds: nothing is refuted")
    }
    return lines.joined(separator: "\n")
  }

  private struct Row {
    let relation: String
    let expression: String
    let verdict: String
  }

  private func row(_ link: DerivationReport.Link) -> Row {
    let verdict =
      switch link.outcome {
      case .held: "\(mark(true)) \(paint(printable(link.evidence), "2"))"
      case .failed: "\(mark(false)) \(printable(link.evidence))"
      case .refuted: "\(mark(false)) as reported: \(printable(link.evidence))"
      }
    return Row(
      relation: printable(link.relation), expression: oneLine(link.expression), verdict: verdict)
  }

  private func lines(
    _ link: DerivationReport.Link, _ row: Row, width: Int, isNews: Bool
  ) -> [String] {
    let head = "  \(row.relation.padded(to: 2)) "
    let reason = link.reason.isEmpty ? "" : "  " + printable(link.reason)
    let fits =
      row.expression.cellWidth <= width
      && 5 + width + 2 + (row.verdict + reason).visibleWidth <= options.columns
    var lines: [String]
    if fits {
      lines = [head + row.expression.padded(to: width) + "  " + row.verdict + reason]
    } else {
      lines = [head + cut(row.expression, to: options.columns - 5)]
      let second = "       \(row.verdict)\(reason)"
      if second.visibleWidth <= options.columns {
        lines.append(second)
      } else {
        lines += row.verdict.wrapped(to: max(20, options.columns - 9)).enumerated().map {
          String(repeating: " ", count: $0 == 0 ? 7 : 9) + $1
        }
        lines += reason.trimmed.wrapped(to: max(20, options.columns - 9)).map {
          "         " + $0
        }
      }
    }
    if !link.counterexample.isEmpty, !isNews {
      lines.append("       on the same sample")
    } else if !link.counterexample.isEmpty {
      lines.append("       smallest counterexample found:")
      let code = isASCII ? link.counterexample.replacing("×", with: "*") : link.counterexample
      lines += CodeLines.fitting(printable(code), width: max(20, options.columns - 9)).map {
        "         " + $0
      }
    }
    return lines
  }

  // MARK: - Text

  private func oneLine(_ code: String) -> String {
    printable(code.split(whereSeparator: \.isWhitespace).joined(separator: " "))
  }

  private func cut(_ text: String, to width: Int) -> String {
    guard text.cellWidth > width else { return text }
    let mark = isASCII ? "..." : "…"
    var kept = ""
    var used = mark.cellWidth
    for character in text {
      used += character.cellWidth
      if used > width { break }
      kept.append(character)
    }
    return kept + mark
  }

  /// The text without characters that would act on the terminal, and in ASCII where it must be.
  private func printable(_ text: String) -> String {
    var shown = text
    if text.unicodeScalars.contains(where: { $0.value < 0x20 && $0 != "\n" || $0.value == 0x7f })
      || !text.utf8.allSatisfy({ $0 < 0x80 })
    {
      shown = text.split(separator: "\n", omittingEmptySubsequences: false)
        .map { DiagnosticRenderer.escapingControls(String($0), tab: "\t") }.joined(separator: "\n")
    }
    return isASCII ? ASCIIText.of(shown) : shown
  }

  private func paint(_ text: String, _ code: String) -> String {
    isColored ? "\u{1b}[\(code)m\(text)\u{1b}[0m" : text
  }
}

extension String {
  fileprivate func padded(to width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - self.cellWidth))
  }

  fileprivate var trimmed: String { String(drop { $0 == " " }) }
}
