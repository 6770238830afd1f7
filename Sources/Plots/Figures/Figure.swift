/// What a chart shows, in the units of its data; every output draws it in its own way.
///
/// The charts of this module make figures; from outside there is nothing to see in one.
public struct Figure: Sendable {
  /// One of the two axes.
  struct Axis: Sendable {
    /// How the numbers at an axis are chosen.
    enum Scale: Sendable {
      case linear
      /// Whole numbers only.
      case counting
      /// The limits are decimal logarithms, and so are the coordinates of everything drawn.
      case logarithmic
      /// These, and no others.
      case ticks([Tick])
    }

    var limits: Limits
    var scale = Scale.linear
    var label = ""
    /// Equal parts, such as the bins of a histogram, that should take equally many cells.
    var steps: Int?
  }

  /// Things of one kind; later layers cover earlier ones.
  enum Layer: Sendable {
    case tiles(Tiles)
    case bars([Bar], Bar.Direction)
    case lines([Line])
    case arrows([Arrow])
    case marks([Mark])
    case texts([Text])
  }

  /// Equal rectangles that fill a part of the plane, row by row from the upper left corner.
  struct Tiles: Sendable {
    var columns: Int
    /// The part of the plane; nil for the limits of the axes.
    var limits: (x: Limits, y: Limits)?
    var inks: [Ink?]
    /// A text per tile; empty for none.
    var texts: [String] = []
  }

  /// A rectangle that grows from a base line.
  struct Bar: Sendable {
    enum Direction: Sendable { case up, across }

    /// The part of the axis that the bar stands on.
    var place: Extent
    /// Where the bar begins and ends.
    var base: Double
    var tip: Double
    var ink: Ink
  }

  struct Line: Sendable {
    var points: [Point]
    var ink: Ink
    var isDashed = false
    /// A short text repeated along the line; empty for none.
    var tag = ""
    /// Whether glyphs that it is made of follow its direction.
    var isStroked = false
  }

  struct Arrow: Sendable {
    var from: Point
    var to: Point
    var ink: Ink
    /// Its length as a part of that of the longest.
    var weight = 1.0
  }

  struct Mark: Sendable {
    enum Symbol: Hashable, Sendable {
      /// The shape of a class or series.
      case shape(Int)
      /// A letter, for centres.
      case letter(Character)
    }

    var point: Point
    var symbol: Symbol
    var ink: Ink
  }

  /// A text that stands a little apart from its place, or in the middle of it.
  struct Text: Sendable {
    enum Anchor: Sendable { case start, middle, end }

    var text: String
    var point: Point
    var anchor = Anchor.middle
    var ink = Ink.plain
  }

  /// An entry of the legend.
  struct Key: Sendable {
    enum Sample: Sendable {
      case mark(Mark.Symbol)
      case line(isDashed: Bool)
      /// A line made of glyphs that follow its direction, an eighth of the full turn.
      case stroke(heading: Int)
      case arrow(weight: Double)
      case bar
      case text(String)
    }

    var sample: Sample
    var ink: Ink
    var name: String
    var figure = ""
  }

  var title = ""
  var x: Axis
  var y: Axis
  /// Whether one unit is as long across as up.
  var hasEqualAspect = false
  var layers: [Layer]
  var legend: [Key] = []
  /// What is said below the picture.
  var notes: [String] = []
  /// The rows of characters that suit the picture while no height is asked for.
  var usualRows = 21
  /// The most rows of characters that it can make use of.
  var mostRows = Int.max
  /// Said in the middle of a picture without anything to show; empty otherwise.
  var absence = ""
}

extension Figure {
  /// An axis for numbers that may be few, equal or absent; made up where there are none.
  static func axis(
    covering extent: Extent, asked: Limits? = nil, label: String = "", padding: Double = 0
  ) -> Axis {
    Axis(limits: asked ?? Limits(covering: extent).padded(by: padding), label: label)
  }
}
