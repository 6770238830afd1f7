import Interpreter

// The language inside a Swift program: a session runs cells and remembers their variables.
let session = Session()
_ = session.run("def square(x) = x^2")
let reply = session.run("square(3) + grad(square)(2)")
print(reply.shownText ?? "nothing shown")
if let diagnostic = reply.diagnostic {
  print(ReplyRenderer().diagnostic(diagnostic))
}
