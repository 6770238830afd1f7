import Foundation

/// Measurements in columns, the first to the left, the others to the right.
struct BenchmarkTable {
  private var rows: [[String]]

  init(columns: [String]) { rows = [columns] }

  mutating func add(_ cells: [String]) { rows.append(cells) }

  /// Prints the table with a sentence below it.
  func show(_ remark: String) {
    let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    for row in rows {
      let cells = row.enumerated().map { column, cell in
        let blanks = String(repeating: " ", count: widths[column] - cell.count)
        return column == 0 ? cell + blanks : blanks + cell
      }
      print(cells.joined(separator: "   "))
    }
    print(remark.isEmpty ? "" : remark + "\n")
    // The next table may take minutes.
    fflush(nil)
  }

  /// A time with three digits and its unit; nothing for none.
  static func seconds(_ seconds: Double?) -> String {
    guard let seconds else { return "" }
    let (value, unit) =
      seconds >= 1
      ? (seconds, "s")
      : seconds >= 1e-3
        ? (seconds * 1e3, "ms")
        : seconds >= 1e-6
          ? (seconds * 1e6, "µs") : (seconds * 1e9, "ns")
    return "\(String(format: value >= 100 ? "%.0f" : value >= 10 ? "%.1f" : "%.2f", value)) \(unit)"
  }

  /// A ratio with three digits; nothing for none.
  static func ratio(_ ratio: Double?) -> String {
    ratio.map { String(format: $0 < 10 ? "%.2f×" : "%.1f×", $0) } ?? ""
  }
}
