import Interpreter

extension Command {
  static let trap = Command(
    name: "trap", usage: ":trap nan on|off",
    summary: "Makes the first nan an error that names its operation."
  ) { argument, shell in
    switch argument.split(separator: " ") {
    case ["nan", "on"]: shell.session.trapsNaN = true
    case ["nan", "off"]: shell.session.trapsNaN = false
    default: shell.fail("nan can be trapped or not", "Write :trap nan on, or :trap nan off.")
    }
  }
}
