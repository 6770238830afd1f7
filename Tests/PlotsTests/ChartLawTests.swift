import Cards
import Foundation
import Plots
import Testing

/// What holds for every drawing, whatever the chart, the window and the characters.
@Suite struct ChartLawTests {
  @Test(arguments: [20, 21, 60, 200, 300], RenderOptions.Characters.allCases)
  func noLineIsWiderThanTheWindow(columns: Int, characters: RenderOptions.Characters) throws {
    for (name, plot) in try Gallery.plots() {
      for rows in [nil, 5, 14] {
        let options = RenderOptions(columns: columns, rows: rows, characters: characters)
        let text = TextRenderer(options).render(plot)
        let faulty = text.split(separator: "\n").first { $0.count > columns || $0.last == " " }
        #expect(faulty == nil, "\(name)")
        #expect(!text.utf8.contains(0x1B), "\(name)")
        if characters == .ascii { #expect(text.utf8.allSatisfy { $0 < 0x80 }, "\(name)") }
      }
    }
  }

  @Test(arguments: [5, 6, 9, 14, 24, 60], [20, 80])
  func aChartKeepsToTheRowsItIsGiven(rows: Int, columns: Int) throws {
    for (name, plot) in try Gallery.plots() where !["beside", "nested"].contains(name) {
      let text = TextRenderer(RenderOptions(columns: columns, rows: rows)).render(plot)
      #expect(text.count { $0 == "\n" } < rows, "\(name)")
    }
  }

  @Test(arguments: RenderOptions.Color.allCases)
  func coloursChangeNoCharacterOfAsciiDrawings(color: RenderOptions.Color) throws {
    for exhibit in try Gallery.exhibits() {
      var options = exhibit.options
      options.characters = .ascii
      options.color = .none
      let plain = TextRenderer(options).render(exhibit.plot)
      options.color = color
      let coloured = TextRenderer(options).render(exhibit.plot)
      #expect(coloured.replacing(/\u{1B}\[[0-9;]*m/, with: "") == plain, "\(exhibit.name)")
    }
  }

  @Test func everyChartHasASpecimen() throws {
    let names = Set(try Specimens.all().map(\.name))
    #expect(Set(ChartCatalog.cards.map(\.name)).isSubset(of: names))
  }

  @Test func everyDrawingCanBeSaidInWords() throws {
    for exhibit in try Gallery.exhibits() {
      #expect(exhibit.plot.words.hasSuffix("."))
    }
  }

  @Test func theCatalogNamesEveryChartInTheFolder() throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../Sources/Plots/Charts")
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      .filter { $0.hasSuffix(".swift") && !$0.contains("+") }
      .map { String($0.dropLast(".swift".count)) }
    let charts = Set(files).subtracting(["Captions", "Chart", "ChartCatalog", "PairCounts"])
    #expect(Set(ChartCatalog.all.map { String(describing: $0) }) == charts)
  }

  @Test func everyCardSaysWhatAReaderNeeds() {
    for card in ChartCatalog.cards {
      #expect(card.summary.hasSuffix("."))
      #expect(card.signature.hasPrefix(card.name + "("))
      #expect(card.example.hasPrefix(card.name + "("))
    }
  }

  @Test(arguments: [-3, 0]) func anUnknownWidthCountsAsEighty(columns: Int) throws {
    let plot = Plot(try Samples.iris())
    #expect(
      TextRenderer(RenderOptions(columns: columns)).render(plot) == TextRenderer().render(plot))
  }

  @Test(arguments: 1..<20) func aTooNarrowWindowShowsARemark(columns: Int) throws {
    let text = TextRenderer(RenderOptions(columns: columns)).render(Plot(try Samples.iris()))
    #expect("plot: window too narrow".hasPrefix(text))
    #expect(text.count <= columns)
  }
}
