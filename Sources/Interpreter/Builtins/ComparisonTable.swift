import MetricLearning
import Tensors

/// What came of a comparison, as numbers and as a page: a table, and a drawing of the intervals.
struct ComparisonTable {
  private let rows: [Comparison.Row]
  private let setting: Comparison.Setting

  init(_ comparison: Comparison, _ setting: Comparison.Setting) {
    rows = comparison.rows
    self.setting = setting
  }

  private var metrics: [String] { setting.metrics.map(\.name) }

  /// Names, means, intervals and every value.
  var record: Value {
    let (count, seeds) = (metrics.count, setting.seeds)
    func matrix(_ number: (ConfidenceInterval) -> Double) -> Value {
      .tensor(
        Tensor(
          shape: [rows.count, count],
          elements: rows.flatMap { row in (0..<count).map { number(row.interval($0)) } }))
    }
    // The points are the same for every seed.
    let values = rows.flatMap { row in
      row.values.flatMap { $0.count == seeds ? $0 : Array(repeating: $0[0], count: seeds) }
    }
    let text = lines.joined(separator: "\n")
    let fields: [(String, Value)] = [
      ("names", .list(rows.map { .text($0.name) })),
      ("metrics", .list(metrics.map { .text($0) })),
      ("mean", matrix(\.mean)), ("interval", matrix(\.halfWidth)),
      ("values", .tensor(Tensor(shape: [rows.count, count, seeds], elements: values))),
      ("chosen", .list(rows.map { $0.choice.map { .text($0) } ?? .nothing })),
      ("text", .text(text)),
    ]
    return .record(
      RecordBox(names: fields.map(\.0), values: fields.map(\.1), page: text))
  }

  private var nameWidth: Int { rows.map(\.name.count).max() ?? 0 }

  private var lines: [String] {
    let (train, test) = (setting.train, setting.test)
    let title =
      "\(counted(train.x.shape[0], "point")) to train on, \(test.x.shape[0]) to measure on · "
      + "\(counted(setting.seeds, "seed")) · \(counted(setting.training.steps, "step")) of "
      + setting.training.optimizer.description
    return [title] + table + [""] + drawing + remarks
  }

  private var table: [String] {
    let cells = rows.map { row in
      metrics.indices.map { metric in
        let interval = row.interval(metric)
        let mean = Self.fixed(interval.mean)
        return interval.halfWidth.isNaN ? mean : "\(mean) ± \(Self.fixed(interval.halfWidth))"
      }
    }
    let widths = metrics.indices.map { column in
      max(metrics[column].count, cells.map { $0[column].count }.max() ?? 0)
    }
    func line(_ name: String, _ cells: [String]) -> String {
      let padded = zip(cells, widths).map { "  " + $0.padding(to: $1) }.joined()
      return ("  " + name.padding(to: nameWidth) + padded).trimmingEnd
    }
    return [line("", metrics)] + zip(rows, cells).map { line($0.name, $1) }
  }

  /// The first metric of every row on one axis: `|--*--|`, or `*` for one value.
  private var drawing: [String] {
    let intervals = rows.map { $0.interval(0) }
    let ends = intervals.flatMap { interval in
      let half = interval.halfWidth.isNaN ? 0 : interval.halfWidth
      return [interval.mean - half, interval.mean + half]
    }.filter(\.isFinite)
    guard let low = ends.min(), let high = ends.max() else { return [] }
    let width = 48
    func place(_ value: Double) -> Int {
      high > low ? Int(((value - low) / (high - low) * Double(width - 1)).rounded()) : 0
    }
    let (left, right) = (Self.fixed(low), Self.fixed(high))
    let gap = String(repeating: " ", count: max(1, width - left.count - right.count))
    var lines = ["  \(metrics[0].padding(to: nameWidth))  \(left)\(gap)\(right)"]
    for (row, interval) in zip(rows, intervals) where interval.mean.isFinite {
      var cells = [Character](repeating: " ", count: width)
      if interval.halfWidth.isFinite {
        let (first, last) = (
          place(interval.mean - interval.halfWidth), place(interval.mean + interval.halfWidth)
        )
        for cell in first...max(first, last) { cells[cell] = "-" }
        cells[first] = "|"
        cells[max(first, last)] = "|"
      }
      cells[place(interval.mean)] = "*"
      lines.append(("  " + row.name.padding(to: nameWidth) + "  " + String(cells)).trimmingEnd)
    }
    return lines
  }

  private var remarks: [String] {
    var lines: [String] = []
    for row in rows {
      if let choice = row.choice {
        // What follows the call says what is always so.
        lines.append("  \(row.name) was tuned to \(choice.prefix { $0 != "·" })".trimmingEnd)
      }
      if row.diverged > 0 {
        lines.append(
          "  \(row.name) diverged in \(counted(row.diverged, "run")): its model is that of the step "
            + "before")
      }
    }
    return lines.isEmpty ? [] : [""] + lines
  }

  /// A number with three decimals.
  private static func fixed(_ number: Double) -> String {
    guard number.isFinite, abs(number) < 1e9 else { return Formatting.number(number) }
    let thousandths = Int((abs(number) * 1000).rounded())
    let decimals = String(thousandths % 1000)
    return (number < 0 && thousandths > 0 ? "-" : "") + "\(thousandths / 1000)."
      + String(repeating: "0", count: 3 - decimals.count) + decimals
  }
}

extension String {
  /// The text without blanks at its end.
  fileprivate var trimmingEnd: String {
    var text = Substring(self)
    while text.last == " " { text.removeLast() }
    return String(text)
  }
}
