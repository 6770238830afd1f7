/// Compares what a cell printed with what a lesson says it prints.
///
/// - Numbers match to the digits written: `0.6931` stands for any number that rounds to it at four
///   decimals, `1.3e-5` for any that rounds to it at its last digit. Whole numbers are exact.
/// - `…`, or `...`, within a line stands for anything; right after a number also for more digits of
///   it. Alone on a line it stands for any lines, or none.
/// - Trailing blanks and blank lines at the end never count. Beside a number, how many blanks there
///   are does not count either, since a column is as wide as its numbers.
public struct OutputComparison: Sendable, Equatable {
  /// What is expected.
  public var expected: String
  /// How far numbers may be off beyond the digits written: |a − b| ≤ tolerance·(1 + |b|).
  ///
  /// Two whole numbers still have to be the same.
  public var tolerance: Double?

  /// The rules for one expected output.
  public init(expected: String, tolerance: Double? = nil) {
    self.expected = expected
    self.tolerance = tolerance
  }

  /// The first line that differs, or nil where the output is as expected.
  ///
  /// - Parameter actual: what was printed, then the value shown, without colour.
  /// - Returns: the line, with both texts.
  public func difference(from actual: String) -> OutputDifference? {
    let expected = Self.lines(of: expected)
    let actual = Self.lines(of: actual)
    var groups: [Range<Int>] = []
    var start = 0
    for (index, line) in expected.enumerated() where Self.isAnyLines(line) {
      groups.append(start..<index)
      start = index + 1
    }
    groups.append(start..<expected.count)
    let patterns = expected.map { LinePattern($0, tolerance: tolerance) }
    let candidates = actual.map(LineText.init)

    func matches(_ line: Int, _ place: Int) -> Bool {
      place < candidates.count && patterns[line].matches(candidates[place])
    }
    func report(_ line: Int, _ place: Int) -> OutputDifference {
      OutputDifference(
        line: line + 1, expected: line < expected.count ? expected[line] : nil,
        actual: place >= 0 && place < actual.count ? actual[place] : nil)
    }

    // The first group stands at the start and the last at the end; those between are looked for.
    var place = 0
    for line in groups[0] {
      guard matches(line, place) else { return report(line, place) }
      place += 1
    }
    guard groups.count > 1, let last = groups.last else {
      return place == actual.count ? nil : report(expected.count, place)
    }
    for group in groups.dropFirst().dropLast() {
      switch Self.search(group, from: place, in: candidates.count, matches) {
      case .found(let end): place = end
      case .missing(let line, let at): return report(line, at)
      }
    }
    let end = actual.count - last.count
    for (offset, line) in last.enumerated() {
      let at = end + offset
      guard at >= place, matches(line, at) else {
        return report(line, at >= place ? at : actual.count)
      }
    }
    return nil
  }

  private enum Search {
    case found(end: Int)
    case missing(line: Int, at: Int)
  }

  /// Looks for a group of lines; where it is nowhere, the place at which most of it fits tells best
  /// what is wrong.
  private static func search(
    _ group: Range<Int>, from place: Int, in count: Int, _ matches: (Int, Int) -> Bool
  ) -> Search {
    var best = (fitting: -1, at: count)
    for start in place..<max(place + 1, count) {
      var fitting = 0
      while fitting < group.count, matches(group.lowerBound + fitting, start + fitting) {
        fitting += 1
      }
      if fitting == group.count { return .found(end: start + fitting) }
      if fitting > best.fitting { best = (fitting, start + fitting) }
    }
    return .missing(line: group.lowerBound + max(best.fitting, 0), at: best.at)
  }

  private static func isAnyLines(_ line: String) -> Bool {
    let text = line.trimmed
    return text == "…" || text == "..."
  }

  private static func lines(of text: String) -> [String] {
    var lines = SourceText(text).lines.map(\.withoutTrailingBlanks)
    while lines.last?.isEmpty == true { lines.removeLast() }
    return lines
  }
}

/// The first line in which an output is not as expected.
public struct OutputDifference: Sendable, Equatable {
  /// Which line of the expected text, from 1; one past its last where the output goes on.
  public var line: Int
  /// What should be there; nil where nothing should.
  public var expected: String?
  /// What is there; nil where the output ended before.
  public var actual: String?
}
