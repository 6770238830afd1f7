import Diagnostics
public import Interpreter

/// One program run in a session, and what is worth knowing of what came out.
public struct Trial {
  /// What kind of outcome it was: the outputs, or the error with its numbers and names taken out.
  public let outcome: String
  /// How long it ran.
  public let seconds: Double

  /// Runs the program and renders everything it gave, as a terminal would show it.
  public init(_ program: String, in session: Session) {
    var outcome = ""
    seconds =
      ContinuousClock().measure {
        let reply = session.run(program)
        let renderer = ReplyRenderer()
        _ = renderer.transcript(reply)
        outcome = reply.outputs.map(Self.kind).joined(separator: ",")
        if let diagnostic = reply.diagnostic {
          _ = renderer.diagnostic(diagnostic)
          outcome += "!" + Self.skeleton(diagnostic.message)
        } else {
          outcome += "=" + (reply.shownText.map { String(Self.skeleton($0).prefix(40)) } ?? "")
        }
      }.inSeconds
    self.outcome = outcome
  }

  private static func kind(_ output: Output) -> String {
    String("\(output)".prefix { $0 != "(" })
  }

  private static func skeleton(_ text: String) -> String {
    String(text.prefix(200).filter { !$0.isNumber && $0 != "-" && $0 != "." })
  }
}

extension Duration {
  fileprivate var inSeconds: Double {
    Double(components.seconds) + Double(components.attoseconds) * 1e-18
  }
}
