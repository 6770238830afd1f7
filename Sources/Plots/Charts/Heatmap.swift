public import Cards

/// A matrix as shades, from its least entry to its greatest.
///
/// With labels the rows are sorted by class, in a square matrix the columns too, and lines separate
/// the classes: the block structure of a distance or similarity matrix is then there to see.
public struct Heatmap: Chart {
  /// The matrix, row by row; entries that are nan or infinite are drawn as `?`.
  public let rows: [[Double]]
  /// The class of each row; nil leaves the rows in their order.
  public let labels: [Int]?
  /// What the classes are called: the name of label 0, of label 1, and so on.
  public let classNames: [String]?
  /// The line above the plot; may be empty.
  public let title: String
  /// A remark below the plot; may be empty.
  public let note: String

  /// A heat map; only the matrix is needed.
  ///
  /// - Throws: `countMismatch` where rows differ in length, or the labels are not one per row.
  public init(
    rows: [[Double]], labels: [Int]? = nil, classNames: [String]? = nil, title: String = "",
    note: String = ""
  ) throws(PlotError) {
    let columns = rows.first?.count ?? 0
    for (index, row) in rows.enumerated() where row.count != columns {
      throw .countMismatch(.rowEntries, expected: columns, found: row.count, row: index)
    }
    if let labels, labels.count != rows.count {
      throw .countMismatch(.labels, expected: rows.count, found: labels.count, row: nil)
    }
    self.rows = rows
    self.labels = labels
    self.classNames = classNames
    self.title = title
    self.note = note
  }

  /// What help says of it.
  public static let card = Card(
    "heatmap", "A matrix as shades, sorted by class where labels are given.",
    signature: "heatmap(M, y=none, \(Captions.parameters))",
    details: """
      M: any matrix; y: a label per row. With y the rows are sorted by class, and the columns too if \
      M is square. Small matrices show their numbers; one too large for the window is drawn by the \
      means of blocks of entries.
      """,
    example: "heatmap(gram(normalize(blobs(6).x)))",
    seeAlso: ["scatter", "curve", "beside", "describe"])
}

extension Heatmap {
  /// How many columns the matrix has.
  var columnCount: Int { rows.first?.count ?? 0 }
  /// Whether there is nothing to draw.
  var isEmpty: Bool { rows.isEmpty || columnCount == 0 }
  /// Whether the columns are sorted along with the rows.
  var isSquare: Bool { rows.count == columnCount }

  /// What one pass over the entries finds out.
  struct Survey: Sendable {
    private(set) var extent = Extent()
    private(set) var mean = 0.0
    private(set) var unusable = 0

    init(_ heatmap: Heatmap) {
      var count = 0.0
      for entry in heatmap.rows.joined() {
        guard entry.isDrawable else {
          unusable += 1
          continue
        }
        extent.include(entry)
        count += 1
        mean += (entry - mean) / count
      }
    }
  }
}
