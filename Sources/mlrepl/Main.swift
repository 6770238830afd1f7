import ArgumentParser
import Glibc
import Interpreter

/// The program: a subcommand each for the course, its tests and running things.
@main
struct MLRepl: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "mlrepl",
    abstract: "A notebook in the terminal for the theory of deep metric learning.",
    usage: """
      mlrepl                       start the REPL
      mlrepl FILE…                 run .mlr programs or .md lessons
      mlrepl -e 'EXPR'             evaluate and print
      mlrepl -                     read standard input
      mlrepl learn [N | FILE]      the course
      mlrepl test PATH…            run cells, compare outputs, checks, solutions
      mlrepl bench [NAME]          time the program on this machine
      """,
    version: "0.1.0",
    subcommands: [Run.self, Learn.self, Test.self, Bench.self],
    defaultSubcommand: Run.self)

  /// Parses the arguments and runs what they ask for; a mistake in them ends with status 2.
  static func main() {
    Memory.keepFreed()
    do {
      var command = try parseAsRoot()
      try command.run()
    } catch {
      guard exitCode(for: error) == .validationFailure else { exit(withError: error) }
      Streams.error(fullMessage(for: error) + "\n")
      Glibc.exit(2)
    }
  }
}
