import Glibc

/// What the terminal or pipe at the other end can show.
public enum Screen {
  /// Whether standard input is a terminal.
  public static var isInputTerminal: Bool { isatty(STDIN_FILENO) == 1 }
  /// Whether standard output is a terminal.
  public static var isOutputTerminal: Bool { isatty(STDOUT_FILENO) == 1 }
  /// Whether standard error is a terminal.
  public static var isErrorTerminal: Bool { isatty(STDERR_FILENO) == 1 }

  /// Which characters can be shown.
  public enum Encoding: Sendable {
    /// Bytes below 128.
    case ascii
    /// Everything.
    case utf8
  }

  /// How many colours can be shown.
  public enum ColorDepth: Sendable {
    /// No escape sequences at all.
    case none
    /// The sixteen named ones.
    case sixteen
    /// 256 indexed ones.
    case indexed
    /// Every colour by its parts.
    case direct
  }

  /// The width of the window in cells; 80 where nobody knows.
  public static var columns: Int {
    var size = winsize()
    if ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 {
      return Int(size.ws_col)
    }
    return environment("COLUMNS").flatMap { Int($0) }.map { max(20, min(1000, $0)) } ?? 80
  }

  /// The height of the window in cells; 24 where nobody knows.
  public static var rows: Int {
    var size = winsize()
    if ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_row > 0 {
      return Int(size.ws_row)
    }
    return environment("LINES").flatMap { Int($0) }.map { max(5, min(1000, $0)) } ?? 24
  }

  /// Whether standard output is a terminal that moves its cursor when told to.
  public static var canDrawInPlace: Bool {
    isOutputTerminal && (environment("TERM") ?? "dumb") != "dumb"
  }

  /// UTF-8 unless the locale says otherwise; an environment that says nothing is taken for UTF-8.
  public static var encoding: Encoding {
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].lazy.compactMap(environment).first
    guard let locale else { return .utf8 }
    let name = locale.uppercased()
    return name.contains("UTF-8") || name.contains("UTF8") ? .utf8 : .ascii
  }

  /// Whether the terminal's font has braille: those of a bare console have not.
  public static var showsBraille: Bool {
    let terminal = environment("TERM") ?? ""
    return !["linux", "vt", "cons", "ansi"].contains { terminal.hasPrefix($0) }
  }

  /// The colours of the terminal at standard output; none for a pipe, with NO_COLOR, or when dumb.
  public static var color: ColorDepth {
    guard isOutputTerminal, environment("NO_COLOR") == nil else { return .none }
    let terminal = environment("TERM") ?? "dumb"
    if terminal == "dumb" { return .none }
    if ["truecolor", "24bit"].contains(environment("COLORTERM")) { return .direct }
    let isRich = terminal.contains("256color") || environment("COLORTERM") != nil
    return isRich ? .indexed : .sixteen
  }

  /// A variable of the environment that is set and not empty.
  public static func environment(_ name: String) -> String? {
    guard let value = getenv(name) else { return nil }
    let text = String(cString: value)
    return text.isEmpty ? nil : text
  }
}
