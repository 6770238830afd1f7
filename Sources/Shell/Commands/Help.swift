import Cards
import Diagnostics
import Interpreter
import Plots

extension Command {
  static let help = Command(
    name: "help", usage: ":help", summary: "Lists the commands, and where to go from here."
  ) { _, shell in
    var lines = [
      "Type an expression and press Enter: 1 + 1, ms(blobs(30)), scatter(moons()).",
      "?name explains a function or loss, ??name shows a loss's textbook definition,",
      "?\"text\" searches. Ctrl-C stops a running cell, Ctrl-D leaves.", "",
    ]
    lines += CommandCatalog.all.map { "  " + $0.usage.padded(to: 18) + $0.summary }
    shell.write(lines.joined(separator: "\n") + "\n")
  }
}

/// Help on names of the language, from their cards.
enum Help {
  static func show(_ query: String, in shell: Shell) {
    if query.hasPrefix("?") {
      definition(String(query.dropFirst()).trimmed, in: shell)
    } else if query.hasPrefix("\"") {
      search(query.filter { $0 != "\"" }.trimmed, in: shell)
    } else if query.trimmed.isEmpty {
      Command.help.run("", shell)
    } else {
      card(query.trimmed, in: shell)
    }
  }

  private static func card(_ name: String, in shell: Shell) {
    guard let card = BuiltinCatalog.named(name)?.card else {
      let known = BuiltinCatalog.all.map(\.card.name)
      let hint = Suggestion.sentence(for: name, among: known)
      shell.fail("there is no help on \(name)", hint ?? "?\"text\" searches all help.")
      return
    }
    shell.write(shell.paint(shell.renderer.plainText(card.signature), "1") + "\n")
    var lines = [card.summary]
    if !card.formula.isEmpty {
      lines += [""] + card.formula.split(separator: "\n").map { "  " + $0 }
    }
    if !card.details.isEmpty { lines += [""] + wrapped(card.details, shell) }
    lines += [""]
    if !card.example.isEmpty { lines.append("example    \(card.example)") }
    if !card.reference.isEmpty { lines.append("from       \(card.reference)") }
    if !card.seeAlso.isEmpty {
      lines.append("see also   \(card.seeAlso.joined(separator: ", "))")
    }
    shell.write(shell.renderer.text(.text(lines.joined(separator: "\n") + "\n")))
  }

  private static func definition(_ name: String, in shell: Shell) {
    let reply = shell.session.aside("print(definition(\(name)))", name: "??\(name)")
    guard reply.diagnostic == nil else {
      shell.fail("\(name) has no textbook definition", "Losses have one: ??ms.")
      return
    }
    for output in reply.outputs { shell.show(output) }
  }

  private static func search(_ text: String, in shell: Shell) {
    let wanted = text.lowercased()
    let found = BuiltinCatalog.all.map(\.card).filter {
      ($0.name + " " + $0.summary + " " + $0.details).lowercased().contains(wanted)
    }
    guard !found.isEmpty else {
      shell.fail("nothing in the help mentions \(text)")
      return
    }
    let lines = found.map { "  " + $0.name.padded(to: 18) + $0.summary }
    shell.write(shell.renderer.text(.text(lines.joined(separator: "\n") + "\n")))
  }

  private static func wrapped(_ text: String, _ shell: Shell) -> [String] {
    let width = max(20, min(88, shell.renderer.options.columns) - 2)
    var lines: [String] = []
    var line = ""
    for word in text.split(whereSeparator: \.isWhitespace) {
      if !line.isEmpty, line.count + 1 + word.count > width {
        lines.append(line)
        line = ""
      }
      line += line.isEmpty ? String(word) : " \(word)"
    }
    return lines + [line]
  }
}

extension String {
  /// With blanks up to a width, one at least.
  func padded(to width: Int) -> String {
    self + String(repeating: " ", count: max(1, width - count))
  }
}
