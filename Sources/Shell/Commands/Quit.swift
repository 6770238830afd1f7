extension Command {
  static let quit = Command(
    name: "quit", usage: ":quit", summary: "Leaves; Ctrl-D does too."
  ) { _, shell in shell.isFinished = true }
}
