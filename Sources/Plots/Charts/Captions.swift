/// The words around a chart.
public struct Captions: Hashable, Sendable {
  /// The line above the plot; may be empty.
  public var title: String
  /// What the x axis shows; may be empty.
  public var xLabel: String
  /// What the y axis shows; may be empty.
  public var yLabel: String
  /// A remark below the plot; may be empty.
  public var note: String

  /// Captions; what is left out stays empty.
  public init(title: String = "", xLabel: String = "", yLabel: String = "", note: String = "") {
    self.title = title
    self.xLabel = xLabel
    self.yLabel = yLabel
    self.note = note
  }

  /// The parameters by which every plot's function takes its captions and its form.
  static let parameters = """
    title="", xlabel="", ylabel="", size=none, style=none
    """

  /// The beginning of a description: the title with the kind of chart, or the kind alone.
  func opening(_ kind: String) -> String {
    title.isEmpty ? kind.prefix(1).uppercased() + kind.dropFirst() : "\(title): \(kind)"
  }

  /// The remark as a sentence.
  var remark: [String] { note.isEmpty ? [] : [note.hasSuffix(".") ? note : note + "."] }
}
