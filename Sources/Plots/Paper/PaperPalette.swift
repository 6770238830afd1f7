/// Inks as colours on white paper: those of a terminal of 256 colours.
enum PaperPalette {
  static let paper = PaperColor(red: 255, green: 255, blue: 255)
  static let plain = PaperColor(red: 34, green: 34, blue: 34)
  static let faint = PaperColor(red: 118, green: 118, blue: 118)

  static func color(_ ink: Ink) -> PaperColor {
    switch ink {
    case .plain, .strong: plain
    case .faint: faint
    case .series(let number):
      indexed(AnsiPalette.series256[number % AnsiPalette.series256.count])
    case .heat(let part): ramp(part)
    // Without the bright end, which white paper swallows.
    case .scale(let part): ramp(part * 0.75)
    }
  }

  /// The ramp of heat, with all shades between those of a terminal.
  static func ramp(_ part: Double) -> PaperColor {
    let colors = AnsiPalette.ramp256
    let place = min(max(part.isNaN ? 0 : part, 0), 1) * Double(colors.count - 1)
    let lower = min(Int(place), colors.count - 2)
    let share = place - Double(lower)
    let (a, b) = (indexed(colors[lower]), indexed(colors[lower + 1]))
    func mixed(_ a: UInt8, _ b: UInt8) -> UInt8 {
      UInt8((Double(a) * (1 - share) + Double(b) * share).rounded())
    }
    return PaperColor(
      red: mixed(a.red, b.red), green: mixed(a.green, b.green), blue: mixed(a.blue, b.blue))
  }

  /// A colour of the terminal's 6×6×6 cube.
  private static func indexed(_ index: Int) -> PaperColor {
    func channel(_ level: Int) -> UInt8 { level == 0 ? 0 : UInt8(55 + 40 * level) }
    let cube = max(0, min(index - 16, 215))
    return PaperColor(
      red: channel(cube / 36), green: channel(cube / 6 % 6), blue: channel(cube % 6))
  }
}
