import Diagnostics

/// Every command: the table of contents of the folder Commands.
enum CommandCatalog {
  static let all: [Command] = [
    .help, .vars, .time, .run, .reset, .seed, .precision, .style, .trap, .quit,
  ]

  /// Runs a line that starts with `:` or `?`.
  static func run(_ line: String, in shell: Shell) {
    if line.hasPrefix("?") {
      Help.show(String(line.dropFirst()), in: shell)
      return
    }
    let words = line.dropFirst().split(separator: " ", maxSplits: 1)
    let name = words.first.map(String.init) ?? "help"
    let argument = words.count > 1 ? String(words[1]).trimmed : ""
    let matches = all.filter { $0.name == name || $0.name.hasPrefix(name) }
    if let command = matches.first(where: { $0.name == name })
      ?? (matches.count == 1 ? matches[0] : nil)
    {
      command.run(argument, shell)
    } else if matches.count > 1 {
      let names = matches.map { ":" + $0.name }.joined(separator: " ")
      shell.fail(":\(name) could be \(names)")
    } else {
      let hint = Suggestion.sentence(for: name, among: all.map(\.name))
      shell.fail("there is no command :\(name)", hint ?? ":help lists the commands.")
    }
  }
}
