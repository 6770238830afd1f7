public import Plots

/// Where something is shown while it changes: a terminal that draws in place, or a log of lines.
public struct LiveDisplay {
  /// Whether a frame takes the place of the one before; if not, only its line is shown.
  public let drawsInPlace: Bool
  /// Shows what there is to see now.
  public let show: (LiveUpdate) -> Void

  /// A display for a session.
  public init(drawsInPlace: Bool, show: @escaping (LiveUpdate) -> Void) {
    self.drawsInPlace = drawsInPlace
    self.show = show
  }
}

/// What is shown of something that goes on.
public enum LiveUpdate: Sendable {
  /// A picture, where there is one, and a line below it.
  case frame(Plot?, line: String)
  /// Nothing more comes; what was shown last stays, or is taken away.
  case end(keepsFrame: Bool)
}

/// How far something has come that takes longer than a second: a line with the time that is left.
final class ProgressLine {
  private let display: LiveDisplay
  private let what: String
  private let total: Int
  private let began = ContinuousClock.now
  private var next: ContinuousClock.Instant
  private(set) var hasShown = false

  /// The least time between two frames.
  private static let interval = Duration.milliseconds(100)
  /// What is over sooner is not worth a line.
  private static let patience = Duration.seconds(1)
  /// Frames take a tenth of the time at most.
  private static let share = 10

  /// Progress of `total` steps of a kind; nil where nobody looks.
  ///
  /// The first frame comes at once where it `isAwaited`.
  init?(_ context: Context, _ what: String, of total: Int, isAwaited: Bool = false) {
    guard let display = context.live, total > 0 else { return nil }
    self.display = display
    self.what = what
    self.total = total
    next = isAwaited ? began : began + Self.patience
  }

  /// Whether frames take each other's place.
  var drawsInPlace: Bool { display.drawsInPlace }

  /// Whether it is time for another frame.
  var isDue: Bool { ContinuousClock.now >= next }

  /// Shows a bar with the time that is left, where lines can be drawn in place and it is time.
  func advance(to done: Int, _ note: @autoclosure () -> String = "") {
    guard drawsInPlace, isDue else { return }
    frame(done, note())
  }

  /// Shows a frame now; `start` is when it was begun, before its picture was made.
  func frame(
    _ done: Int, _ note: String, _ picture: Plot? = nil,
    since start: ContinuousClock.Instant = .now
  ) {
    display.show(.frame(picture, line: line(done, note)))
    hasShown = true
    let now = ContinuousClock.now
    next = max(start + Self.interval, now + (now - start) * (Self.share - 1))
  }

  /// Ends what is shown in place.
  func end(keepsFrame: Bool = false) {
    if hasShown { display.show(.end(keepsFrame: keepsFrame)) }
  }

  private func line(_ done: Int, _ note: String) -> String {
    let remark = note.isEmpty ? "" : " · \(note)"
    guard drawsInPlace else { return "\(what) \(done)/\(total)\(remark)" }
    let cells = 20
    let filled = min(cells, cells * max(0, done) / total)
    let bar = String(repeating: "#", count: filled) + String(repeating: "-", count: cells - filled)
    let elapsed = (ContinuousClock.now - began).components
    let seconds = Double(elapsed.seconds) + Double(elapsed.attoseconds) * 1e-18
    let left = done > 0 ? seconds / Double(done) * Double(total - done) : .nan
    let time =
      done >= total
      ? "\(Self.time(seconds))" : left.isFinite ? "\(Self.time(left)) left" : ""
    return "\(what) \(done)/\(total) [\(bar)]\(remark)\(time.isEmpty ? "" : " · \(time)")"
  }

  /// A time in words: `3.4 s`, `2 min 5 s`.
  private static func time(_ seconds: Double) -> String {
    if seconds < 10 { return "\((seconds * 10).rounded() / 10) s" }
    let whole = Int(min(seconds.rounded(), 1e9))
    return whole < 60 ? "\(whole) s" : "\(whole / 60) min \(whole % 60) s"
  }
}
