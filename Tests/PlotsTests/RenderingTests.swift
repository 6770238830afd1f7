import Foundation
import Testing
import Typography

@testable import Plots

@Suite struct NumberLabelTests {
  @Test(arguments: [
    (0.0, "0"), (-0.0, "0"), (1, "1"), (0.1, "0.1"), (-2.5, "-2.5"), (1e-4, "0.0001"),
    (1e-5, "1e-5"), (123_456, "123500"), (999_960, "1e6"), (1e6, "1e6"), (-1.25e-7, "-1.25e-7"),
    (9.9996, "10"), (0.099996, "0.1"), (.nan, "nan"), (.infinity, "inf"), (-.infinity, "-inf"),
    (.leastNonzeroMagnitude, "4.941e-324"), (1.7976931348623157e308, "1.798e308"),
  ])
  func aNumberIsAsShortAsItGets(value: Double, label: String) {
    #expect(compactLabel(value) == label)
  }

  @Test func decimalsAreKept() {
    #expect(DecimalNumber(digits: 50, exponent: -2).plainLabel == "0.50")
    #expect(DecimalNumber(digits: -5, exponent: -3).plainLabel == "-0.005")
    #expect(DecimalNumber(digits: 12, exponent: 2).plainLabel == "1200")
    #expect(DecimalNumber(digits: 0, exponent: -1).plainLabel == "0.0")
    #expect(DecimalNumber(digits: 1200, exponent: 5).scientificLabel == "1.2e8")
  }
}

@Suite struct TicksTests {
  private func labels(_ lower: Double, _ upper: Double, most: Int) -> [String] {
    Ticks.linear(Limits(covering: Extent(lower, upper))) { $0.count <= most }.map(\.label)
  }

  @Test func stepsAreOneTwoOrFive() {
    #expect(labels(0, 1, most: 6) == ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"])
    #expect(labels(0, 1, most: 5) == ["0.0", "0.5", "1.0"])
    #expect(labels(-3.9, 3.1, most: 10) == ["-3", "-2", "-1", "0", "1", "2", "3"])
    #expect(labels(0, 4e7, most: 5) == ["0", "1e7", "2e7", "3e7", "4e7"])
    #expect(labels(1_000_000, 1_000_004, most: 3) == ["1000000", "1000002", "1000004"])
  }

  @Test(
    arguments: [(0.0, 1e-9), (-1e300, 1e300), (1e-290, 3e-289), (5, 5), (7e8, 7e8 + 1)]
      as [(Double, Double)])
  func thereAreTicksForAnyLimits(lower: Double, upper: Double) {
    let limits = Limits(covering: Extent(lower, upper))
    let ticks = Ticks.linear(limits) { $0.count <= 6 }
    #expect(ticks.count >= 2)
    #expect(ticks.allSatisfy { limits.padded(by: 1e-6).contains($0.value) })
  }

  @Test func aLogAxisHasPowersOfTenOrTheirParts() {
    func labels(_ lower: Double, _ upper: Double, most: Int) -> [String] {
      Ticks.logarithmic(Limits(covering: Extent(log10(lower), log10(upper)))) { $0.count <= most }
        .map(\.label)
    }
    #expect(labels(1e-6, 1, most: 4) == ["1e-6", "1e-4", "1e-2", "1"])
    #expect(labels(0.8, 30, most: 6) == ["1", "2", "5", "10", "20"])
    #expect(labels(2.1, 2.9, most: 6).count >= 2)
  }
}

@Suite struct LetteringTests {
  @Test func widthsAreThoseOfTheTerminal() {
    #expect("abc".cellWidth == 3)
    #expect("日本".cellWidth == 4)
    #expect("e\u{301}".cellWidth == 1)
    #expect("\u{301}".cellWidth == 0)
    #expect("🙂".cellWidth == 2)
    #expect("ｱ".cellWidth == 1)
    #expect("한".cellWidth == 2)
    #expect("●τ∇".cellWidth == 3)
  }

  @Test func cutTextEndsInAnEllipsis() {
    #expect(Lettering(.unicode).fitted("abcdef", to: 4) == "abc…")
    #expect(Lettering(.ascii).fitted("abcdef", to: 4) == "ab..")
    #expect(Lettering(.unicode).fitted("日本語", to: 4) == "日…")
    #expect(Lettering(.unicode).fitted("日本語", to: 1) == "")
  }

  @Test func asciiTextIsSpeltOut() {
    #expect(Lettering(.ascii).clean("λ ≤ ⅝ — Müller x₁") == "lambda <= ? - Muller x1")
  }

  @Test func linesBreakBetweenWords() {
    #expect(Lettering(.unicode).wrapped("one two three", to: 7) == ["one two", "three"])
    #expect(Lettering(.unicode).wrapped("  ", to: 7) == [])
  }
}

@Suite struct TextDrawingTests {
  @Test func halvesOfWideGlyphsAreNeverLeftOver() {
    var drawing = TextDrawing(columns: 4, rows: 1)
    drawing.write("日本", column: 0, row: 0)
    drawing[1, 0] = Cell("x")
    #expect(drawing[0, 0].glyph == " ")
    drawing[2, 0] = Cell("y")
    #expect(drawing[3, 0].glyph == " ")
    drawing.write("日", column: 3, row: 0)
    #expect(drawing[3, 0].glyph == " ")
  }

  @Test func writingOutsideChangesNothing() {
    var drawing = TextDrawing(columns: 2, rows: 1)
    drawing.write("abcdef", column: -2, row: 0)
    drawing.write("x", column: 0, row: 1)
    drawing[9, 9] = Cell("z")
    #expect(drawing[0, 0].glyph == "c")
    #expect(drawing[1, 0].glyph == "d")
    #expect(drawing[9, 9].isBlank)
  }
}

@Suite struct GlyphSetTests {
  @Test(arguments: RenderOptions.Characters.allCases)
  func everyClassHasItsOwnGlyph(characters: RenderOptions.Characters) {
    let glyphs = GlyphSet(characters)
    let classes = (0..<30).map { glyphs.glyph(ofClass: $0) }
    #expect(Set(classes).count == 30)
    #expect(!classes.contains(glyphs.overlap))
    #expect(!classes.contains { $0.isUppercase })
  }
}

@Suite struct LineLabelsTests {
  @Test func labelsMoveAsLittleAsNeeded() {
    #expect(LineLabels.apart([1, 1, 1], rows: 9) == [1, 2, 3])
    #expect(LineLabels.apart([8, 8, 8], rows: 9) == [6, 7, 8])
    #expect(LineLabels.apart([0, 5, 5], rows: 9) == [0, 5, 6])
  }
}

@Suite struct AnsiPaletteTests {
  @Test func classColoursAreReadableOnBlackAndOnWhite() {
    for index in AnsiPalette.series256 + AnsiPalette.inks256 {
      let luminance = Self.luminance(index)
      #expect((luminance + 0.05) / 0.05 >= 3, "\(index) on black")
      #expect(1.05 / (luminance + 0.05) >= 3, "\(index) on white")
    }
  }

  @Test func theHeatRampGrowsBrighter() {
    let luminances = AnsiPalette.ramp256.map(Self.luminance)
    #expect(luminances == luminances.sorted())
  }

  /// The relative luminance (WCAG 2.1) of a colour of the 6×6×6 cube.
  private static func luminance(_ index: Int) -> Double {
    func channel(_ level: Int) -> Double {
      let value = Double(level == 0 ? 0 : 55 + 40 * level) / 255
      return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
    }
    let cube = index - 16
    return 0.2126 * channel(cube / 36) + 0.7152 * channel(cube / 6 % 6)
      + 0.0722 * channel(cube % 6)
  }
}
