public import Cards

/// Pairs of one class against pairs of two, back to back over their similarity or distance.
public struct PairsHistogram: Chart {
  /// What the pairs are compared by.
  public enum Measure: String, Hashable, Sendable, CaseIterable {
    /// The cosine, large for what is alike.
    case cosine
    /// The Euclidean distance, small for what is alike.
    case distance
  }

  /// The pairs.
  public let pairs: PairCounts
  /// What they are compared by.
  public let measure: Measure
  /// The words around the chart.
  public let captions: Captions

  /// A histogram of pairs.
  public init(_ pairs: PairCounts, measure: Measure, captions: Captions = Captions()) {
    self.pairs = pairs
    self.measure = measure
    self.captions = captions
  }

  /// The bins of the drawing while no height is asked for, and of the overlap always.
  private static let usualBins = 20

  /// The area that both histograms share, from 0 for kinds apart to 1 for kinds alike.
  public var overlap: Double {
    zip(shares(pairs.positives, Self.usualBins), shares(pairs.negatives, Self.usualBins))
      .reduce(0) { $0 + min($1.0, $1.1) }
  }

  private func shares(_ counts: [Int], _ bins: Int) -> [Double] {
    PairCounts.shares(counts, bins: bins)
  }

  private var positiveCount: Int { pairs.positives.reduce(0, +) }
  private var negativeCount: Int { pairs.negatives.reduce(0, +) }
  private var isEmpty: Bool { positiveCount + negativeCount == 0 }

  /// The chart in the units of its data.
  public var figure: Figure { figure(bins: Self.usualBins) }

  /// The chart as cells, a row for each bin.
  public func drawing(in options: RenderOptions) -> TextDrawing {
    let rows = Figure.Layout.fitting(figure, options).area.rows
    guard rows < Self.usualBins else { return figure.drawing(in: options) }
    let bins = (1...max(1, rows)).last { PairCounts.bins % $0 == 0 } ?? 1
    return figure(bins: bins).drawing(in: options)
  }

  private func figure(bins: Int) -> Figure {
    let (positives, negatives) = (shares(pairs.positives, bins), shares(pairs.negatives, bins))
    let most = max(positives.max() ?? 0, negatives.max() ?? 0, 1e-9)
    let width = (pairs.range.upperBound - pairs.range.lowerBound) / Double(bins)
    func bars(_ shares: [Double], sign: Double, ink: Ink) -> [Figure.Bar] {
      shares.enumerated().filter { $0.element > 0 }.map { bin, share in
        let start = pairs.range.lowerBound + Double(bin) * width
        return Figure.Bar(
          place: Extent(start, start + width), base: 0, tip: sign * share * 100, ink: ink)
      }
    }
    let reach = most * 100 * 1.04
    var lines: [Figure.Line] = []
    if let margin = pairs.margin {
      lines.append(
        Figure.Line(
          points: [Point(-reach, margin), Point(reach, margin)], ink: .strong, isDashed: true))
    }
    return Figure(
      title: captions.title,
      x: Figure.Axis(
        limits: Limits(covering: Extent(-reach, reach)),
        scale: .ticks(isEmpty ? [] : Self.ticks(most * 100)),
        label: captions.xLabel.isEmpty ? "% of the pairs of each kind" : captions.xLabel, steps: 2),
      y: Figure.Axis(
        limits: Limits(covering: Extent(pairs.range.lowerBound, pairs.range.upperBound)),
        label: captions.yLabel.isEmpty ? measure.rawValue : captions.yLabel, steps: bins),
      layers: [
        .lines(lines), .bars(bars(positives, sign: -1, ink: .series(0)), .across),
        .bars(bars(negatives, sign: 1, ink: .series(1)), .across),
      ],
      legend: legend, notes: remarks + captions.remark, usualRows: isEmpty ? 5 : bins,
      absence: isEmpty ? "no pairs to draw" : "")
  }

  private var legend: [Figure.Key] {
    let margin = pairs.margin.map {
      Figure.Key(
        sample: .line(isDashed: true), ink: .strong, name: "margin", figure: compactLabel($0))
    }
    return [
      Figure.Key(
        sample: .bar, ink: .series(0), name: "same class, left", figure: String(positiveCount)),
      Figure.Key(
        sample: .bar, ink: .series(1), name: "two classes, right", figure: String(negativeCount)),
    ] + [margin].compactMap(\.self)
  }

  /// Whole numbers at both sides, without signs.
  private static func ticks(_ most: Double) -> [Tick] {
    let side = Ticks.linear(Limits(covering: Extent(0, most))) { $0.count <= 3 }
    return side.dropFirst().reversed().map { Tick(value: -$0.value, label: $0.label) } + side
  }

  /// The overlap, and how many pairs are on the wrong side of the margin.
  private var remarks: [String] {
    var remarks: [String] = []
    if positiveCount > 0, negativeCount > 0 {
      let percent = compactLabel((overlap * 1000).rounded() / 10)
      remarks.append("Overlap \(percent)%: the area that both histograms share.")
    }
    if let margin = pairs.margin, positiveCount > 0, negativeCount > 0 {
      let below = (pairs.positivesBelow, pairs.negativesBelow)
      let wrong =
        measure == .cosine
        ? (below.0, negativeCount - below.1) : (positiveCount - below.0, below.1)
      func percent(_ part: Int, _ whole: Int) -> String {
        "\(compactLabel((1000 * Double(part) / Double(whole)).rounded() / 10))%"
      }
      remarks.append(
        """
        Beyond the margin \(compactLabel(margin)): \(percent(wrong.0, positiveCount)) of the pairs \
        of one class, \(percent(wrong.1, negativeCount)) of those of two.
        """)
    }
    if let margin = pairs.margin, !pairs.range.contains(margin) {
      remarks.append("The margin \(compactLabel(margin)) is outside the picture.")
    }
    if pairs.unusable > 0 {
      remarks.append("\(counted(pairs.unusable, "pair")) left out: nan or infinite.")
    }
    return remarks
  }

  /// How many pairs of which kind, where they lie on average, and how far they overlap.
  public var words: String {
    var sentences = [
      captions.opening("histogram of the \(measure.rawValue) of pairs, back to back.")
    ]
    for (counts, name) in [(pairs.positives, "of one class"), (pairs.negatives, "of two classes")] {
      let total = counts.reduce(0, +)
      guard total > 0 else {
        sentences.append("There are no pairs \(name).")
        continue
      }
      let width = (pairs.range.upperBound - pairs.range.lowerBound) / Double(PairCounts.bins)
      let sum = counts.enumerated().reduce(0.0) {
        $0 + (Double($1.offset) + 0.5) * Double($1.element)
      }
      let mean = pairs.range.lowerBound + width * sum / Double(total)
      sentences.append(
        "\(counted(total, "pair")) \(name), around \(compactLabel(mean, significant: 2)).")
    }
    return (sentences + remarks + captions.remark).joined(separator: " ")
  }

  /// What help says of it.
  public static let card = Card(
    "pairs_hist", "Pairs of one class against pairs of two, over their similarity.",
    signature: "pairs_hist(z, y=none, of=\"cosine\", margin=none, \(Captions.parameters))",
    details: """
      z: n×d, y: n labels, or a data set for both; every unordered pair counts once. of: "cosine", or \
      "distance", which is Euclidean. margin: a value to mark, with the share of pairs beyond it: of \
      one class farther apart than the margin, of two classes nearer. The overlap is the area that \
      both histograms share, 20 bins each.
      """,
    example: "pairs_hist(blobs(60), margin=0.5)", seeAlso: ["hist", "heatmap", "cosine_matrix"])
}
