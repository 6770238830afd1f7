import Foundation
import Testing

/// What plots look like in which surroundings, and that the figures of the documentation are true.
@Suite struct PlotOutputTests {
  private let mlrepl: Program

  init() throws { mlrepl = try Program("mlrepl") }

  private static let plots = [
    "scatter(blobs(60), regions=\"centroid\")", "curve([3, 2, 1], levels=record(floor=1))",
    "heatmap(eye(20))", "hist(randn(50, seed=1))", "pairs_hist(blobs(30), margin=0.5)",
    "bar([1, -2], labels=[\"α\", \"日本\"])", "contour(p -> p[0] * p[1])", "field(p -> p)",
    "warp(x -> tanh(x))",
    "landscape(contrastive(), [[0, 0], [1, 0], [0, 1], [1, 1]], [0, 0, 1, 1], title=\"λ ≥ ½\")",
  ]

  @Test(arguments: plots) func withoutUTF8ThereIsASCIIAlone(code: String) throws {
    let result = try mlrepl.run(["-e", code], environment: ["LC_ALL": "C"])
    #expect(result.status == 0)
    #expect(result.output.utf8.count > 100)
    #expect(result.output.utf8.allSatisfy { $0 < 0x80 })
  }

  @Test(arguments: plots, [["NO_COLOR": "1", "TERM": "xterm-256color"], ["TERM": "dumb"], [:]])
  func aPipeGetsNoEscapes(code: String, environment: [String: String]) throws {
    let result = try mlrepl.run(["-e", code], environment: environment)
    #expect(!result.output.utf8.contains(0x1B))
    let lines = result.output.split(separator: "\n")
    #expect(lines.allSatisfy { $0.count <= 80 && $0.last != " " })
  }

  @Test func aConsoleGetsNoBraille() throws {
    func hasBraille(_ text: String) -> Bool {
      text.unicodeScalars.contains { (0x2800...0x28FF).contains($0.value) }
    }
    let code = ["-e", "contour(p -> p[0] * p[1])"]
    let utf8 = ["LC_ALL": "C.UTF-8"]
    let window = try mlrepl.run(code, environment: utf8.merging(["TERM": "xterm"]) { $1 })
    #expect(hasBraille(window.output))
    let console = try mlrepl.run(code, environment: utf8.merging(["TERM": "linux"]) { $1 })
    #expect(!hasBraille(console.output) && console.output.contains("┌"))
    let asked = try mlrepl.run(
      ["--style", "braille"] + code, environment: utf8.merging(["TERM": "linux"]) { $1 })
    #expect(hasBraille(asked.output))
  }

  /// The figures in docs/figures are those that their program draws.
  @Test func theFiguresOfTheDocumentationAreUpToDate() throws {
    let figures = Program.root.appending(path: "docs/figures")
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let program = folder.appending(path: "figures.mlr")
    try FileManager.default.copyItem(at: figures.appending(path: "figures.mlr"), to: program)
    let result = try mlrepl.run([program.path], folder: folder)
    #expect(result.status == 0, "\(result.error)")
    let names = try FileManager.default.contentsOfDirectory(atPath: figures.path).sorted()
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == names)
    let page = try String(
      contentsOf: Program.root.appending(path: "docs/plots.md"), encoding: .utf8)
    for name in names where name.hasSuffix(".svg") {
      let drawn = try String(contentsOf: folder.appending(path: name), encoding: .utf8)
      let kept = try String(contentsOf: figures.appending(path: name), encoding: .utf8)
      #expect(drawn == kept, "\(name)")
      #expect(page.contains("(figures/\(name))"), "\(name) is not in docs/plots.md")
    }
  }
}
