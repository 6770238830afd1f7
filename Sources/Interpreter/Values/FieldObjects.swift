import Autodiff
import MetricLearning
package import Plots
import Tensors

/// A plot as a value; shown, it is drawn.
package final class PlotObject: FieldObject, @unchecked Sendable {
  package let plot: Plot
  override var typeName: String { "plot" }
  override var display: String { "a plot: \(plot.words)" }

  init(_ plot: Plot) { self.plot = plot }
}

/// Points with labels.
final class DatasetObject: FieldObject, @unchecked Sendable {
  let dataset: Dataset
  /// Pairs of rows, in sets that come with them.
  private let pairs: PointPairs?
  override var typeName: String { "dataset" }

  init(_ dataset: Dataset, pairs: PointPairs? = nil) {
    self.dataset = dataset
    self.pairs = pairs
  }

  private var labels: Value { dataset.y.map { .vector($0.map(Double.init)) } ?? .nothing }

  override var display: String {
    let name = dataset.name.isEmpty ? "dataset" : "dataset \(dataset.name)"
    let classes = dataset.y == nil ? "no labels" : "\(dataset.classes) classes"
    return "\(name) · x \(shapeText(dataset.x.shape)) · \(classes)"
  }

  override var fieldNames: [String] {
    ["x", "y", "classes", "names", "name", "columns"] + (pairs == nil ? [] : ["pairs", "same"])
  }

  override func field(_ name: String) throws -> Value? {
    switch name {
    case "x": .tensor(dataset.x)
    case "y": labels
    case "classes": .number(Double(dataset.classes))
    case "names": .list(dataset.names.map { .text($0) })
    case "name": .text(dataset.name)
    case "columns": .list(dataset.columns.map { .text($0) })
    case "pairs": pairs.map { .tensor($0.rows) }
    case "same": pairs.map { .tensor($0.same) }
    default: nil
    }
  }

  override var parts: [Value]? { [.tensor(dataset.x), labels] }
}

/// A rule that moves parameters.
final class OptimizerObject: FieldObject, @unchecked Sendable {
  let optimizer: any Optimizer
  override var typeName: String { "optimizer" }
  override var display: String { optimizer.description }
  init(_ optimizer: any Optimizer) { self.optimizer = optimizer }
}
