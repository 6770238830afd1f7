import Cards
import Interpreter
import Plots

extension Command {
  static let vars = Command(
    name: "vars", usage: ":vars", summary: "Lists your variables."
  ) { _, shell in
    let builtin = Set(BuiltinCatalog.all.map(\.card.name))
    let own: Set<String> = ["_", "Out", "pi", "π", "e", "inf", "nan", "newaxis"]
    let lines = shell.session.names.compactMap { name -> String? in
      guard !own.contains(name), let value = shell.session.value(of: name) else { return nil }
      if builtin.contains(name), case .builtin = value { return nil }
      let shown = Formatting.inline(value)
      let room = max(20, shell.renderer.options.columns - 20)
      let short = shown.count > room ? String(shown.prefix(room - 1)) + "…" : shown
      return "  " + name.padded(to: 16) + short
    }
    let text = lines.isEmpty ? "No variables yet." : lines.joined(separator: "\n")
    shell.write(shell.renderer.text(.text(text + "\n")))
  }
}
