public import Cards
import Glibc

/// How often values fall into equal bins.
public struct Histogram: Chart {
  /// The values; those that are nan or infinite are left out, and counted.
  public let values: [Double]
  /// How many bins there are.
  public let bins: Int
  /// The words around the chart.
  public let captions: Captions
  private let extent: Extent
  private let counts: [Int]
  private let unusable: Int

  /// The most bins there may be.
  public static let mostBins = 1000

  /// A histogram; without `bins` there are as many as suit the values.
  ///
  /// That is the narrower bin of Freedman and Diaconis 1981 and of Sturges 1926, as NumPy's `auto`.
  /// - Throws: `binsOutOfRange` unless `bins` is in `1...mostBins`.
  public init(_ values: [Double], bins: Int? = nil, captions: Captions = Captions())
    throws(PlotError)
  {
    if let bins, !(1...Self.mostBins).contains(bins) {
      throw .binsOutOfRange(bins, most: Self.mostBins)
    }
    self.values = values
    self.captions = captions
    let usable = values.filter(\.isDrawable)
    unusable = values.count - usable.count
    var extent = Extent()
    for value in usable { extent.include(value) }
    let limits = Limits(covering: extent)
    self.extent = Extent(limits.lower, limits.upper)
    self.bins = bins ?? Self.suitableBins(usable, span: extent.upper - extent.lower)
    var counts = [Int](repeating: 0, count: self.bins)
    for value in usable {
      let place = (value - limits.lower) / limits.span * Double(self.bins)
      counts[min(max(Int(place), 0), self.bins - 1)] += 1
    }
    self.counts = counts
  }

  private static func suitableBins(_ values: [Double], span: Double) -> Int {
    let n = Double(values.count)
    guard span > 0, n > 1 else { return 1 }
    let sorted = values.sorted()
    func quantile(_ part: Double) -> Double { sorted[Int(part * (n - 1))] }
    let spread = 2 * (quantile(0.75) - quantile(0.25)) / cbrt(n)
    let even = span / (log2(n) + 1)
    let bins = (span / (spread > 0 ? min(spread, even) : even)).rounded(.up)
    return Int(min(max(bins, 1), 57))
  }

  /// The chart in the units of its data.
  public var figure: Figure {
    let width = (extent.upper - extent.lower) / Double(bins)
    let most = counts.max() ?? 0
    let bars = counts.enumerated().map { index, count in
      let start = extent.lower + Double(index) * width
      return Figure.Bar(
        place: Extent(start, start + width), base: 0, tip: Double(count), ink: .series(0))
    }
    let isEmpty = unusable == values.count
    return Figure(
      title: captions.title,
      x: Figure.Axis(
        limits: Limits(covering: extent), scale: isEmpty ? .ticks([]) : .linear,
        label: captions.xLabel, steps: bins),
      y: Figure.Axis(
        limits: Limits(covering: Extent(0, Double(max(most, 1)))),
        scale: isEmpty ? .ticks([]) : .counting, label: captions.yLabel),
      layers: [.bars(bars, .up)], notes: captions.remark + leftOut,
      usualRows: isEmpty ? 5 : 14, absence: isEmpty ? "no values to draw" : "")
  }

  /// How many values in how many bins, and where most of them are.
  public var words: String {
    let usable = values.count - unusable
    var sentences = [
      captions.opening("histogram of \(counted(usable, "value")) in \(counted(bins, "bin")).")
    ]
    if usable > 0, let most = counts.max(), let fullest = counts.firstIndex(of: most) {
      let width = (extent.upper - extent.lower) / Double(bins)
      let start = extent.lower + Double(fullest) * width
      let (low, high) = (values.filter(\.isDrawable).min(), values.filter(\.isDrawable).max())
      sentences.append(
        "Values run from \(compactLabel(low ?? 0)) to \(compactLabel(high ?? 0)).")
      sentences.append(
        "The fullest bin, \(compactLabel(start)) to \(compactLabel(start + width)), has \(most).")
    }
    return (sentences + leftOut + captions.remark).joined(separator: " ")
  }

  private var leftOut: [String] {
    unusable == 0 ? [] : ["\(counted(unusable, "value")) left out: nan or infinite."]
  }

  /// What help says of it.
  public static let card = Card(
    "hist", "How often values fall into equal bins.",
    signature: "hist(v, bins=none, \(Captions.parameters))",
    details: """
      v: numbers of any shape. bins: how many, from 1 to 1000; none takes the narrower bin of \
      Freedman–Diaconis and Sturges, as NumPy's auto. nan and infinities are left out and counted.
      """,
    example: "hist(randn(500, seed=1))", seeAlso: ["pairs_hist", "bar", "curve"])
}
