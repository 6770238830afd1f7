import Glibc
import Interpreter
import Plots
import Shell
import Synchronization
import Terminal

/// The prompt: readline above, a shell below, nothing of its own in between.
struct REPL {
  let options: CommonOptions

  func run() {
    let flag = InterruptFlag()
    Interrupts.install { flag.raise() }
    let names = Mutex<[String]>([])
    let options = options
    let live = LiveScreen(options)
    let shell = Shell(
      renderer: options.renderer,
      makeSession: {
        let session = Session(options.session(), interrupt: flag)
        session.live = live.display
        return session
      },
      write: {
        live.settle()
        Streams.out($0)
      },
      writeError: {
        live.settle()
        Streams.error($0)
      })
    let editor = LineEditor(historyPath: StateFolder.path(of: "history")) { line, word in
      names.withLock { Completion.words(line: line, word: word, names: $0) }
    }
    Streams.out("mlrepl · :help for help, ?name explains a name, Ctrl-D leaves\n")
    while !shell.isFinished {
      names.withLock { $0 = shell.session.names }
      shell.renderer.options.columns = Screen.columns
      switch Self.cell(editor, prompt: shell.prompt, isComplete: shell.isComplete) {
      case .text(let cell):
        editor.remember(cell)
        shell.submit(cell)
      case .interrupted: continue
      case .end:
        Streams.out("\n")
        return
      }
    }
  }

  /// Lines until they make a whole cell.
  static func cell(
    _ editor: LineEditor, prompt: String, isComplete: (String) -> Bool
  ) -> LineEditor.Line {
    var cell = ""
    while true {
      let more = String(repeating: " ", count: max(0, prompt.count - 5)) + "...> "
      switch editor.line(prompt: cell.isEmpty ? prompt : more) {
      case .text(let line):
        cell += cell.isEmpty ? line : "\n" + line
        if cell.allSatisfy(\.isWhitespace) || isComplete(cell) { return .text(cell) }
      case .interrupted: return .interrupted
      case .end: return cell.isEmpty ? .end : .text(cell)
      }
    }
  }
}

/// Where the program keeps what should outlive it: history and progress.
enum StateFolder {
  /// The path of a file in the folder, which is made when it is missing; nil where that fails.
  static func path(of file: String) -> String? {
    let home = Screen.environment("HOME").map { $0 + "/.local/state" }
    guard let base = Screen.environment("XDG_STATE_HOME") ?? home else { return nil }
    let folder = base + "/mlrepl"
    var path = ""
    for part in folder.split(separator: "/") {
      path += "/" + part
      if mkdir(path, 0o755) != 0, errno != EEXIST { return nil }
    }
    return "\(folder)/\(file)"
  }
}
