import ArgumentParser

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
      """,
    version: "0.1.0",
    subcommands: [Run.self, Learn.self, Test.self],
    defaultSubcommand: Run.self)
}
