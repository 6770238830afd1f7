// What the course of a training and its labels say.
extension Diagnosis {
  /// Classes that nothing can be learned of.
  mutating func lookAtClasses(_ subject: Subject) {
    var sizes: [Int: Int] = [:]
    for label in subject.labels { sizes[label, default: 0] += 1 }
    let largest = subject.labels.max() ?? -1
    // Labels may be any numbers: only gaps in few of them are worth a word.
    let absent =
      largest < 2 * sizes.count + 10 ? (0..<largest + 1).filter { sizes[$0] == nil } : []
    let single = sizes.filter { $0.value == 1 }.keys.sorted()
    looked(
      "classes",
      "\(sizes.count) in \(subject.labels.count) rows, \(single.count) of one row, "
        + "\(absent.count) number\(absent.count == 1 ? "" : "s") without a row")
    if !absent.isEmpty {
      found(
        "missing class",
        "labels go up to \(largest), and no row has \(Self.listed(absent))",
        "A class without rows has weights that are pushed by all others and pulled by none. Number the "
          + "classes anew: unique(y, return_inverse=true)[1].")
    }
    if !single.isEmpty, sizes.count > single.count || subject.loss?.needsClassmates == true {
      found(
        "class of one row",
        "\(Self.listed(single)) \(single.count == 1 ? "has one row" : "have one row each")",
        "A pair of classmates takes two: losses of pairs never pull there, and recall skips them. Add "
          + "rows, or leave these classes out.")
    }
  }

  private static func listed(_ classes: [Int]) -> String {
    let noun = classes.count == 1 ? "class" : "classes"
    let shown = classes.prefix(5).map(String.init).joined(separator: ", ")
    return "\(noun) \(shown)" + (classes.count > 5 ? " and \(classes.count - 5) more" : "")
  }

  /// Whether the loss went down, and how evenly.
  mutating func lookAtCourse(_ subject: Subject, _ number: (Double) -> String) {
    let losses = subject.losses.filter(\.isFinite)
    guard losses.count >= 10 else { return }
    let tenth = losses.count / 10
    func mean(_ part: ArraySlice<Double>) -> Double {
      part.reduce(0, +) / Double(part.count)
    }
    let (first, last) = (mean(losses.prefix(tenth)), mean(losses.suffix(tenth)))
    let largest = losses.max() ?? first
    looked(
      "course of the loss",
      "mean \(number(first)) in the first tenth of the steps, \(number(last)) in the last; at most "
        + number(largest))
    let scale = max(abs(first), abs(losses[0]))
    guard last > first + 0.05 * scale || largest > 10 * max(scale, 1e-12) else { return }
    found(
      "steps too large",
      "the loss rose: \(number(first)) in the first tenth of the steps, \(number(last)) in the last, "
        + "\(number(largest)) at most",
      "Take a smaller lr (a tenth of it to begin with), schedule=\"cosine\", or clip=1.")
  }
}

extension LossSum {
  /// Whether one of the losses compares rows with each other.
  fileprivate var needsClassmates: Bool { terms.contains { type(of: $0.loss).takesTuples } }
}
