import Diagnostics
public import Interpreter
import Plots

/// A conversation in the language without a terminal: takes what was typed, gives what to show.
///
/// Width, colours and encoding reach it as values; whoever reads and prints stands outside.
public final class Shell {
  /// The cells' session.
  public private(set) var session: Session
  /// How replies are drawn.
  public var renderer: ReplyRenderer
  /// Where text goes as it is made.
  public let write: (String) -> Void
  /// Where errors and notices go.
  public let writeError: (String) -> Void
  /// Whether the user asked to leave.
  public internal(set) var isFinished = false
  /// Cells or commands that failed so far.
  public private(set) var failures = 0

  private let makeSession: () -> Session

  /// A conversation over sessions made by `makeSession`, a fresh one now and after `:reset`.
  public init(
    renderer: ReplyRenderer, makeSession: @escaping () -> Session,
    write: @escaping (String) -> Void, writeError: @escaping (String) -> Void
  ) {
    self.renderer = renderer
    self.makeSession = makeSession
    self.write = write
    self.writeError = writeError
    session = makeSession()
    attach()
  }

  private func attach() {
    session.onOutput = { [unowned self] output in show(output) }
  }

  /// An output as it happens, in the place for it.
  public func show(_ output: Output) {
    if case .notice = output {
      writeError(renderer.text(output))
    } else {
      write(renderer.text(output))
    }
  }

  /// Forgets every variable.
  func reset() {
    session = makeSession()
    attach()
  }

  /// The prompt for the next cell.
  public var prompt: String { "In[\(session.count + 1)]: " }

  /// Whether the text is a whole cell or command, so that no more lines are needed.
  public func isComplete(_ text: String) -> Bool {
    Self.isCommand(text) || session.isComplete(text)
  }

  private static func isCommand(_ text: String) -> Bool {
    guard let first = text.first(where: { !$0.isWhitespace }) else { return false }
    return first == ":" || first == "?"
  }

  /// Does what was typed: a command behind `:` or `?`, or a cell.
  public func submit(_ text: String) {
    let trimmed = text.trimmed
    if trimmed.isEmpty { return }
    if Self.isCommand(trimmed) {
      CommandCatalog.run(trimmed, in: self)
    } else {
      runCell(text)
    }
  }

  /// Runs a cell and shows what it gives, its value behind `Out[k]:`.
  public func runCell(_ text: String) {
    let reply = session.run(text)
    if let plot = reply.shownPlot {
      write(renderer.plot(plot) + "\n")
    } else if let shown = renderer.shown(reply) {
      let label = "Out[\(reply.number)]: "
      let isLong = shown.contains("\n")
      write(paint(label, "31") + (isLong ? "\n" : "") + shown + "\n")
    }
    finish(reply)
  }

  /// Reports the error of a cell, if it has one.
  public func finish(_ reply: Reply) {
    if let diagnostic = reply.diagnostic {
      writeError(renderer.diagnostic(diagnostic) + "\n")
    }
    if !reply.succeeded { failures += 1 }
  }

  func fail(_ message: String, _ advice: String? = nil) {
    failures += 1
    let details = advice.map { [$0] } ?? []
    writeError(renderer.diagnostic(Diagnostic(message, details: details)) + "\n")
  }

  func paint(_ text: String, _ code: String) -> String {
    renderer.options.color == .none ? text : "\u{1b}[\(code)m\(text)\u{1b}[0m"
  }
}

extension String {
  /// Without blanks at both ends.
  package var trimmed: String {
    let head = drop(while: \.isWhitespace)
    guard let last = head.lastIndex(where: { !$0.isWhitespace }) else { return "" }
    return String(head[...last])
  }
}
