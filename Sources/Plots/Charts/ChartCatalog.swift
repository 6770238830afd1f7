public import Cards

/// Every kind of chart there is.
public enum ChartCatalog {
  /// The kinds, in the order in which help lists them.
  public static let all: [any Chart.Type] = [
    Scatter.self, Curve.self, Heatmap.self, Histogram.self, PairsHistogram.self, BarChart.self,
    Contour.self, VectorField.self, WarpedGrid.self,
  ]

  /// Their cards.
  public static var cards: [Card] { all.map { $0.card } }
}
