extension Command {
  static let reset = Command(
    name: "reset", usage: ":reset", summary: "Forgets every variable."
  ) { _, shell in
    shell.reset()
    shell.write("All variables are gone.\n")
  }
}
