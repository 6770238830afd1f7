import Plots
import Tensors

extension BuiltinCatalog {
  /// Plots: values that are drawn when shown.
  static let charts: [Builtin] = [
    Builtin(card: Scatter.card) { original in
      let call = try ScatterCall(original)
      return try original.plot { Plot(try call.chart($0)) }
    },
    Builtin(card: Curve.card) { call in
      let series = try call.series(0, names: call.names("labels"))
      let levels = try call.levels()
      return try call.plot { captions in
        let isHistory = call.history(0) != nil
        return Plot(
          try Curve(
            series: series, levels: levels, logY: try call.flag("log"), title: captions.title,
            xLabel: captions.xLabel.isEmpty && isHistory ? "step" : captions.xLabel,
            yLabel: captions.yLabel, xLimits: try call.limits("xlim", .x),
            yLimits: try call.limits("ylim", .y)))
      }
    },
    Builtin(card: Curve.lineCard) { call in
      let x = try call.tensor(0).flattened().elements
      let series = try call.vectors(1, names: call.names("labels")).map {
        Curve.Series($0.0, x: x, y: $0.1)
      }
      return try call.plot { captions in
        Plot(
          try Curve(
            series: series, logY: try call.flag("log"), title: captions.title,
            xLabel: captions.xLabel, yLabel: captions.yLabel, xLimits: try call.limits("xlim", .x),
            yLimits: try call.limits("ylim", .y)))
      }
    },
    Builtin(card: Heatmap.card) { call in
      let matrix = try call.matrix(0)
      let labels = call.isNone(1) ? nil : try call.labels(1, rows: matrix.shape[0])
      let width = matrix.shape[1]
      let elements = matrix.elements
      let rows = (0..<matrix.shape[0]).map { row in
        Array(elements[row * width..<(row + 1) * width])
      }
      return try call.plot { Plot(try Heatmap(rows: rows, labels: labels, title: $0.title)) }
    },
    Builtin(card: Histogram.card) { call in
      let values = try call.tensor(0).elements
      let bins = try call.optionalWhole(1)
      return try call.plot { Plot(try Histogram(values, bins: bins, captions: $0)) }
    },
    Builtin(card: PairsHistogram.card) { original in
      let call = original.unpackingDataset
      let (pairs, measure) = try call.pairCounts()
      return try call.plot { Plot(PairsHistogram(pairs, measure: measure, captions: $0)) }
    },
    Builtin(card: BarChart.card) { call in
      let (values, names) = try call.namedValues()
      return try call.plot { Plot(try BarChart(values, names: names, captions: $0)) }
    },
    Builtin(card: Contour.card) { call in
      let (x, y) = (try call.square("xlim", .x), try call.square("ylim", .y))
      let values = try call.surface(x, y) { point in
        try call.invoke(0, [.vector([point.x, point.y])])
      }
      return try call.plot { Plot(try Contour(values: values, x: x, y: y, captions: $0)) }
    },
    Builtin(card: VectorField.card) { call in
      let (x, y) = (try call.square("xlim", .x), try call.square("ylim", .y))
      let vectors = try call.vectorField(x, y)
      return try call.plot {
        Plot(
          try VectorField(
            vectors: vectors, columns: Call.fieldNodes, x: x, y: y, captions: $0))
      }
    },
    Builtin(card: Contour.landscapeCard) { call in
      let landscape = try Landscape(call)
      return try call.plot { Plot(try landscape.chart($0)) }
    },
    Builtin(card: WarpedGrid.card) { call in
      let (x, y) = (try call.square("xlim", .x), try call.square("ylim", .y))
      let grid = try call.warpedGrid(x, y)
      return try call.plot { captions in
        var captions = captions
        captions.note = grid.note
        return Plot(
          WarpedGrid(upright: grid.upright, level: grid.level, x: x, y: y, captions: captions))
      }
    },
    Builtin(
      "beside(plots...)", "Plots side by side; below each other in a narrow window.",
      details: "Up to 16 levels of beside and above may stand inside each other.",
      example: "beside(curve([1, 2]), curve([2, 1]))", seeAlso: ["above"]
    ) { call in try call.plot { _ in try Plot.beside(try call.plots()) } },
    Builtin(
      "above(plots...)", "Plots below each other.",
      details: "Up to 16 levels of beside and above may stand inside each other.",
      example: "above(curve([1, 2]), curve([2, 1]))", seeAlso: ["beside"]
    ) { call in try call.plot { _ in try Plot.above(try call.plots()) } },
    Builtin(
      "describe(p)", "A plot in words.",
      details:
        "What a reader who does not see the plot should know; save(p, \"p.svg\") keeps it too.",
      example: "describe(curve([1, 2]))", seeAlso: ["save"]
    ) { call in .text(try call.plotArgument(0).words) },
    Builtin(
      "save(p, path)", "Keeps a plot as a file: SVG, PNG or text, by the end of its name.",
      details: """
        p: a plot. path ends in .svg (a vector graphic whose text is text, with a title and describe(p) \
        as its description), .png (the same picture in pixels, two for each unit) or .txt (80 columns, \
        or those of size=, in the characters of style=). A character cell of size= is 8×16 units. \
        Gives none.
        """,
      example: "type(save)", seeAlso: ["describe", "write_csv"]
    ) { call in
      let plot = try call.plotArgument(0)
      let path = try call.text(1)
      guard let format = PlotFormat(path: path) else {
        throw call.failure(
          1, "a plot is kept as .svg, .png or .txt, not as \(path)",
          ["save(p, \"plot.svg\") writes a vector graphic."])
      }
      do {
        try call.context.files.write(try plot.bytes(as: format), to: path)
      } catch let error as PlotError {
        throw Wording.failure(error, call)
      } catch var failure as Failure {
        // Files point at the first argument; here the path is the second.
        if let place = call.positions[1] { failure.focus = .argument(place) }
        throw failure
      }
      return .nothing
    },
  ]
}
