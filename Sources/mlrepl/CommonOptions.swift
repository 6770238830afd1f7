import ArgumentParser
import Glibc
import Interpreter
import Plots
import Terminal

/// The options of any run.
struct CommonOptions: ParsableArguments {
  @Option(help: "The seed of the session's random numbers.")
  var seed: UInt64 = 0

  @Option(help: "Significant digits shown, 1 to 17.")
  var precision: Int = 6

  @Option(help: "How plots are drawn: ascii, unicode or braille.")
  var style: String?

  @Flag(help: "No colour, no drawing characters, every plot also in words.")
  var plain = false

  @Option(help: "Seconds a cell may take.")
  var maxSeconds: Double?

  @Option(
    help: "Memory a session may hold, such as 500M or 2G; half of the machine's unless given.")
  var maxMemory: MemorySize?

  @Flag(help: "Let programs read files outside the working folder and their own.")
  var allowFiles = false

  func validate() throws {
    guard (1...17).contains(precision) else {
      throw ValidationError("--precision is a number from 1 to 17")
    }
    if let style, RenderOptions.Characters(rawValue: style) == nil {
      throw ValidationError("--style is ascii, unicode or braille")
    }
    if let maxSeconds, !(maxSeconds > 0) {
      throw ValidationError("--max-seconds is above 0")
    }
  }

  /// What a session of this run starts with.
  func session(of path: String? = nil) -> Session.Options {
    var options = Session.Options()
    options.programPath = path
    options.allowsAllFiles = allowFiles
    options.seed = seed
    options.precision = precision
    options.maxSeconds = maxSeconds
    options.maxMemory = maxMemory?.bytes
    return options
  }

  /// How replies are drawn at this terminal or pipe.
  var renderer: ReplyRenderer {
    var options = RenderOptions(columns: Screen.columns)
    options.characters =
      Screen.encoding == .ascii ? .ascii : Screen.showsBraille ? .braille : .unicode
    switch Screen.color {
    case .none: options.color = .none
    case .sixteen: options.color = .ansi16
    case .indexed: options.color = .ansi256
    case .direct: options.color = .trueColor
    }
    if plain {
      options.characters = .ascii
      options.color = .none
    }
    if let style, let chosen = RenderOptions.Characters(rawValue: style) {
      options.characters = chosen
    }
    var renderer = ReplyRenderer(options)
    renderer.describesPlots = plain
    renderer.wrapsNotices = Screen.isErrorTerminal
    return renderer
  }
}

/// An amount of memory as it is written: `500M`, `2G`, or bytes.
struct MemorySize: ExpressibleByArgument {
  let bytes: Int

  /// Reads `500M`, `500MB` or plain bytes.
  init?(argument: String) {
    let isSpelledOut = argument.uppercased().hasSuffix("B")
    let argument = isSpelledOut ? String(argument.dropLast()) : argument
    let units: [Character: Double] = ["K": 1024, "M": 1_048_576, "G": 1_073_741_824]
    let unit = argument.last.flatMap { units[Character($0.uppercased())] }
    let digits = unit == nil ? Substring(argument) : argument.dropLast()
    guard let number = Double(digits), number > 0, number * (unit ?? 1) < 1e15 else { return nil }
    bytes = Int(number * (unit ?? 1))
  }
}

/// Standard output and standard error, written at once.
enum Streams {
  static func out(_ text: String) {
    write(text, to: STDOUT_FILENO)
  }

  static func error(_ text: String) {
    write(text, to: STDERR_FILENO)
  }

  private static func write(_ text: String, to file: Int32) {
    var text = text
    text.withUTF8 { bytes in
      var sent = 0
      while sent < bytes.count, let start = bytes.baseAddress {
        let count = Glibc.write(file, start + sent, bytes.count - sent)
        if count < 0, errno == EINTR { continue }
        // A reader that went away, such as `head`, wants no more.
        guard count > 0 else { return }
        sent += count
      }
    }
  }
}
