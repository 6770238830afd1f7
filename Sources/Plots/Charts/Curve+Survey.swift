import Glibc

extension Curve {
  /// What one pass over the values finds out: limits, and what cannot be drawn.
  struct Survey: Sendable {
    let x: Limits
    /// The limits of y, as logarithms on a logarithmic axis.
    let y: Limits
    /// Whether the y limits are logarithms.
    let isLogarithmic: Bool
    /// Whether x does nothing but count the values.
    let countsX: Bool
    /// Whether no value can be drawn.
    let isEmpty: Bool
    /// Whether neither a value nor a level nor limits say where the y axis lies.
    let hasNoHeights: Bool
    /// How many values are nan or infinite.
    private(set) var unusable = 0
    /// How many values a logarithmic axis has no place for.
    private(set) var notPositive = 0
    /// How many values lie beyond limits that were asked for.
    private(set) var outside = 0

    init(_ curve: Curve) {
      isLogarithmic = curve.logY
      countsX = curve.series.contains { $0.y.count > 1 } && curve.series.allSatisfy { $0.x == nil }
      var (across, up) = (Extent(), Extent())
      for line in curve.series {
        for index in line.y.indices {
          let point = line.point(index)
          if !point.isDrawable {
            unusable += 1
          } else if curve.logY, point.y <= 0 {
            notPositive += 1
          } else {
            across.include(point.x)
            up.include(point.y)
            if curve.xLimits?.contains(point.x) == false
              || curve.yLimits?.contains(point.y) == false
            {
              outside += 1
            }
          }
        }
      }
      isEmpty = across.isEmpty
      for level in curve.levels where !curve.logY || level.value > 0 { up.include(level.value) }
      hasNoHeights = up.isEmpty && curve.yLimits == nil
      x = curve.xLimits ?? Limits(covering: across)
      y = Self.verticalLimits(up, asked: curve.yLimits, isLogarithmic: curve.logY)
    }

    /// A value as it stands on the y axis; nil where it has no place there.
    func height(_ value: Double) -> Double? {
      guard value.isDrawable else { return nil }
      guard isLogarithmic else { return value }
      return value > 0 ? log10(value) : nil
    }

    /// The column of a value on an x axis of so many cells.
    func column(_ value: Double, of columns: Int) -> Int {
      Self.cell((value - x.lower) / x.span, of: columns)
    }

    /// The row, from the top, of a height on a y axis of so many cells.
    func row(_ height: Double, of rows: Int) -> Int {
      Self.cell((y.upper - height) / y.span, of: rows)
    }

    /// The cell in which a part of the whole axis lies; what is beyond goes to the ends.
    private static func cell(_ part: Double, of cells: Int) -> Int {
      Int(min(max(part * Double(cells), 0), Double(max(0, cells - 1))))
    }

    /// The limits of y, down to 0 where the values come close to it.
    private static func verticalLimits(
      _ extent: Extent, asked: Limits?, isLogarithmic: Bool
    ) -> Limits {
      if isLogarithmic {
        let lower = asked?.lower ?? (extent.isEmpty ? 0.1 : extent.lower)
        let upper = asked?.upper ?? (extent.isEmpty ? 10 : extent.upper)
        // A single value stands in the middle of a decade.
        if lower == upper {
          return Limits(covering: Extent(log10(lower) - 0.5, log10(lower) + 0.5))
        }
        return Limits(covering: Extent(log10(lower), log10(upper)))
      }
      if let asked { return asked }
      var extent = extent
      if extent.lower > 0, extent.lower < 0.15 * extent.upper { extent.lower = 0 }
      return Limits(covering: extent)
    }
  }
}
