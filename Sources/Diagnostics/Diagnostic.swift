/// A message for the person who wrote the program: what happened, where, and what to do.
public struct Diagnostic: Error, Sendable {
  /// How grave it is.
  public enum Severity: String, Sendable {
    /// The cell could not go on.
    case error
    /// Worth knowing; the cell went on.
    case notice
  }

  /// A call that was under way, innermost first.
  public struct Frame: Sendable {
    /// The function's name.
    public let function: String
    /// The place of the call.
    public let place: String

    /// A call of `function` made at `place`.
    public init(function: String, place: String) {
      self.function = function
      self.place = place
    }
  }

  /// How grave it is.
  public var severity = Severity.error
  /// What happened, in the user's words, without a full stop.
  public var message: String
  /// The text it is about, if there is one.
  public var source: Source?
  /// The guilty stretch of that text.
  public var span: Span?
  /// The values involved and what to do, one sentence a line.
  public var details: [String]
  /// The calls of user functions that led there, innermost first.
  public var frames: [Frame]
  /// Whether more input could still make it right: an open bracket, a header without its block.
  public var isIncomplete: Bool

  /// A message; what is left out is empty.
  public init(
    severity: Severity = .error, _ message: String, source: Source? = nil, span: Span? = nil,
    details: [String] = [], frames: [Frame] = [], isIncomplete: Bool = false
  ) {
    self.severity = severity
    self.message = message
    self.source = source
    self.span = span
    self.details = details
    self.frames = frames
    self.isIncomplete = isIncomplete
  }
}
