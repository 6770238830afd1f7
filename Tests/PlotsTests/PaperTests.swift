import Foundation
import FoundationXML
import Testing

@testable import Plots

/// What holds for plots on paper, whatever the chart.
@Suite struct PaperTests {
  @Test func everySVGIsWellFormedAndSaysWhatItShows() throws {
    for (name, plot) in try Gallery.plots() {
      let reader = SVGReader(plot.svg)
      #expect(reader.isWellFormed, "\(name)")
      #expect(reader.texts["title"]?.isEmpty == false, "\(name)")
      #expect(reader.texts["desc"] == plot.words, "\(name)")
    }
  }

  @Test func labelsAreText() throws {
    let svg = Plot(try Samples.training()).svg
    for label in ["cross-entropy on digits", "held out", "chance: 2.303", "step", "loss"] {
      #expect(svg.contains(">\(label)</text>"), "\(label)")
    }
  }

  @Test func textIsEscapedAndCleaned() throws {
    let scatter = try Scatter(
      points: [Point(0, 0)], title: "a < b & \"c\" \u{1B}[2J\u{0}\u{FFFE}")
    let reader = SVGReader(Plot(scatter).svg)
    #expect(reader.isWellFormed)
    #expect(reader.texts["title"] == "a < b & \"c\" [2J")
  }

  @Test func aCircleIsRoundOnPaper() throws {
    let figure = try Scatter(points: [Point(3, 0)], unitCircle: true).figure
    let sheet = FigureSheet(figure, columns: nil, rows: nil)
    let (center, right, top) = (
      sheet.place(Point(0, 0)), sheet.place(Point(1, 0)), sheet.place(Point(0, 1))
    )
    #expect(abs((right.x - center.x) - (center.y - top.y)) < 1e-9)
  }

  /// Dense points are drawn once for each place they cover, so a file stays small.
  @Test func aMillionPointsStaySmall() throws {
    var noise = Samples.Noise(seed: 1)
    let points = (0..<200_000).map { _ in Point(noise.uniform(), noise.uniform()) }
    let svg = Plot(try Scatter(points: points)).svg
    #expect(svg.utf8.count < 6_000_000)
  }

  @Test func aPNGHasTwoPixelsAUnit() throws {
    let plot = try Plot(Samples.iris()).formed(size: (40, 20))
    let bytes = try plot.bytes(as: .png)
    #expect(bytes.prefix(8) == [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
    func number(at index: Int) -> Int { bytes[index..<index + 4].reduce(0) { $0 << 8 | Int($1) } }
    #expect(number(at: 16) == 40 * 8 * 2)
    #expect(number(at: 20) == 20 * 16 * 2)
  }

  @Test func everyChartBecomesAPNG() throws {
    for (name, plot) in try Specimens.all() {
      let blank = try Plot(Scatter(points: [])).bytes(as: .png).count
      #expect(try plot.bytes(as: .png).count > blank, "\(name)")
    }
  }

  @Test func aPictureTooLargeIsRefused() throws {
    let large = try Plot(Samples.iris()).formed(size: (1000, 1000))
    let row = try Plot.beside([large, large, large, large, large])
    #expect(throws: PlotError.self) { try row.bytes(as: .png) }
  }

  @Test(arguments: [(19, 10), (1001, 10), (30, 4), (30, 1001)])
  func aSenselessSizeIsRefused(columns: Int, rows: Int) throws {
    #expect(throws: PlotError.sizeOutOfRange(columns: columns, rows: rows)) {
      try Plot(Samples.iris()).formed(size: (columns, rows))
    }
  }

  @Test func aPlotKeepsItsOwnSizeAndStyle() throws {
    let plot = try Plot(Samples.iris()).formed(size: (30, 12), characters: .ascii)
    let text = TextRenderer(RenderOptions(columns: 100)).render(plot)
    #expect(text.split(separator: "\n").count <= 12)
    #expect(text.split(separator: "\n").allSatisfy { $0.count <= 30 })
    #expect(text.utf8.allSatisfy { $0 < 0x80 })
  }

  @Test(arguments: [("p.svg", PlotFormat.svg), ("a.b.PNG", .png), ("x.txt", .txt)])
  func theEndOfAPathNamesTheFormat(path: String, format: PlotFormat) {
    #expect(PlotFormat(path: path) == format)
  }

  @Test(arguments: ["p", "p.jpg", "svg", ".", ""]) func otherEndsNameNone(path: String) {
    #expect(PlotFormat(path: path) == nil)
  }

  @Test(arguments: [
    (0, "0"), (1.5, "1.5"), (-0.004, "0"), (12.345, "12.35"), (100, "100"), (.nan, "0"),
    (.infinity, "10000000"),
  ])
  func numbersHaveTwoDecimalsAtMost(value: Double, text: String) {
    #expect(SVGCanvas.number(value) == text)
  }
}

/// Reads the texts of an SVG's elements.
private final class SVGReader: NSObject, XMLParserDelegate {
  private(set) var texts: [String: String] = [:]
  private(set) var isWellFormed = false
  private var text = ""

  init(_ svg: String) {
    super.init()
    let parser = XMLParser(data: Data(svg.utf8))
    parser.delegate = self
    isWellFormed = parser.parse()
  }

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
    qualifiedName: String?, attributes: [String: String]
  ) {
    text = ""
  }

  func parser(_ parser: XMLParser, foundCharacters string: String) { text += string }

  func parser(
    _ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?
  ) {
    texts[name] = text
  }
}
