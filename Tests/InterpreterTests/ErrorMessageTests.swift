import Foundation
import Interpreter
import Testing

/// The messages a learner meets, rendered in full and compared with `Messages/*.txt`.
///
/// `MLREPL_RECORD=1 swift test --filter ErrorMessageTests` writes the files anew, to be read before
/// they are committed.
@Suite struct ErrorMessageTests {
  @Test(arguments: Mistake.all)
  func messageIsAsRecorded(_ mistake: Mistake) throws {
    let said = try mistake.message()
    let file = Mistake.folder.appending(path: "\(mistake.name).txt")
    if ProcessInfo.processInfo.environment["MLREPL_RECORD"] == "1" {
      try Data("\(mistake.code)\n---\n\(said)\n".utf8).write(to: file)
      return
    }
    let recorded = try String(contentsOf: file, encoding: .utf8)
    #expect("\(mistake.code)\n---\n\(said)\n" == recorded)
  }

  @Test func everyRecordBelongsToAMistake() throws {
    let files = try FileManager.default.contentsOfDirectory(atPath: Mistake.folder.path)
    let names = files.filter { $0.hasSuffix(".txt") }.map { String($0.dropLast(4)) }
    #expect(Set(names) == Set(Mistake.all.map(\.name)))
  }

  @Test(arguments: Mistake.all)
  func messageFitsEightyColumnsAndNeedsNoJargon(_ mistake: Mistake) throws {
    let said = try mistake.message()
    #expect(said.hasPrefix("error: "))
    for line in said.split(separator: "\n") { #expect(line.count <= 100, "\(line)") }
    for word in ["invalid", "illegal", "exception", "nil", "Optional", "token", "unexpected"] {
      #expect(!said.contains(word), "\(said)")
    }
  }
}

/// A program with one mistake, and the files it may read.
struct Mistake: CustomTestStringConvertible, Sendable {
  let name: String
  let code: String
  var files: [String: String] = [:]

  var testDescription: String { name }

  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appending(path: "Messages")

  init(_ name: String, _ code: String, files: [String: String] = [:]) {
    (self.name, self.code, self.files) = (name, code, files)
  }

  /// The error as a reader sees it.
  func message() throws -> String {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "mistakes-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    for (file, text) in files { try Data(text.utf8).write(to: folder.appending(path: file)) }
    var options = Session.Options()
    options.programPath = folder.appending(path: "program.mlr").path
    let reply = Session(options).run(code, name: "program.mlr", isScript: true)
    let diagnostic = try #require(reply.diagnostic, "no error came of \(code)")
    return ReplyRenderer().diagnostic(diagnostic)
  }

  static let all: [Mistake] =
    names + tensors + matrices + syntax + habits + calls + losses + files + values + builtins
    + learning + estimates
    + grammar

  static let names = [
    Mistake("unknown_name", "total = 3\nprint(totl + 1)"),
    Mistake("unknown_function", "x = men([1, 2])"),
    Mistake("unknown_name_far_from_all", "x = qqqqzzz + 1"),
    Mistake("unknown_name_with_two_candidates", "x = sinn(1)"),
    Mistake("unknown_name_in_a_function", "def f(x) {\n    x + scal\n}\ndef g(x) = f(x)\ng(1)"),
    Mistake("local_before_its_value", "x = 1\ndef f() {\n    y = x\n    x = 2\n    y\n}\nf()"),
    Mistake("unknown_field", "r = record(alpha=1, beta=2)\nprint(r.alpah)"),
    Mistake("unknown_field_of_a_dataset", "print(blobs(9).labels)"),
    Mistake("field_of_a_number", "x = 5\nprint(x.foo)"),
    Mistake("field_of_a_string", "print(\"abc\".length)"),
    Mistake("outer_variable_changed", "v = [1, 2]\ndef f() {\n    v[0] = 5\n}"),
  ]

  static let tensors = [
    Mistake("shapes_do_not_fit", "z = zeros(8, 2)\nw = zeros(3)\nprint(z * w)"),
    Mistake("product_of_matrices_by_a_star", "a = zeros(2, 3)\nb = zeros(3, 4)\nprint(a * b)"),
    Mistake("sum_of_several_numbers", "print(sum(1, 2, 3))"),
    Mistake("repeat_with_other_counts", "print(repeat([1, 2, 3], [1, 2]))"),
    Mistake("axis_twice", "print(sum(zeros(2, 2), axis=[0, -2]))"),
    Mistake("matrix_product_of_batches", "a = zeros(2, 2, 3)\nprint(a @ a)"),
    Mistake("trace_of_a_vector", "print(trace([1, 2]))"),
    Mistake("matrix_product_inner_lengths", "a = zeros(8, 2)\nprint(a @ a)"),
    Mistake("matrix_product_of_a_number", "print(zeros(2, 2) @ 3)"),
    Mistake("index_out_of_range", "z = zeros(8, 2)\nprint(z[8])"),
    Mistake("index_out_of_range_in_second_axis", "z = zeros(8, 2)\nprint(z[0, 2])"),
    Mistake("index_out_of_range_of_an_empty_axis", "print([][0])"),
    Mistake("index_fraction", "v = [1, 2, 3]\nprint(v[1.5])"),
    Mistake("index_by_a_string", "v = [1, 2, 3]\nprint(v[\"a\"])"),
    Mistake("too_many_indices", "v = [1, 2, 3]\nprint(v[0, 1])"),
    Mistake("mask_of_another_shape", "z = zeros(8, 2)\nprint(z[[true, false]])"),
    Mistake("assigned_value_does_not_fit", "z = zeros(8, 2)\nz[0] = [1, 2, 3]"),
    Mistake(
      "ragged_list_where_a_matrix_is_wanted", "z = [[1, 2], [3, 4], [5]]\nprint(sqdist_matrix(z))"),
    Mistake("ragged_list_in_arithmetic", "z = [[1, 2], [3, 4], [5]]\nprint(z @ [1, 2])"),
    Mistake("vector_where_a_matrix_is_wanted", "print(sqdist_matrix([1, 2, 3]))"),
    Mistake("axis_out_of_range", "print(sum(zeros(8, 2), axis=2))"),
    Mistake("max_of_two_values", "print(max(3, 4))"),
    Mistake("max_of_nothing", "print(max([]))"),
    Mistake("reshape_to_another_size", "print(reshape(0:6, 4, 2))"),
    Mistake("tensor_too_large", "z = zeros(1e9)"),
    Mistake("range_too_long", "z = (0:1e12) + 1"),
    Mistake("string_and_number", "n = 3\nprint(\"total \" + n)"),
    Mistake("string_minus_string", "print(\"a\" - \"b\")"),
    Mistake("none_in_arithmetic", "def f() { x = 1 }\nprint(f() + 1)"),
    Mistake("function_in_arithmetic", "print(sum + 1)"),
    Mistake("mask_as_a_condition", "v = [1, 2]\nif v > 1 { print(1) }"),
    Mistake("order_of_a_string_and_a_number", "print(\"a\" < 1)"),
    Mistake("loop_over_a_number", "for k in 5 { print(k) }"),
    Mistake("wrong_number_of_names", "a, b = [1, 2, 3]"),
    Mistake("number_of_a_text", "print(num(\"2,5\"))"),
    Mistake("gradient_of_a_vector", "print(grad(x -> x^2)([1, 2]))"),
    Mistake("gradient_in_a_string", "print(grad(x -> x)(\"a\"))"),
    Mistake("endless_recursion", "def f(x) = f(x + 1)\nf(0)"),
  ]

  static let matrices = [
    Mistake("matrix_needed", "print(svd([1, 2, 3]))"),
    Mistake("square_matrix_needed", "print(inv(zeros(3, 2)))"),
    Mistake("symmetric_matrix_needed", "x = [[1, 2], [2.5, 4]]\nprint(eigh(x))"),
    Mistake("matrix_not_finite", "x = [[1, 2], [nan, 4]]\nprint(det(x))"),
    Mistake("singular_matrix", "print(inv([[1, 2], [2, 4]]))"),
    Mistake("singular_equations", "a = reshape(1:10, 3, 3) / 10\nprint(solve(a, [1, 2, 3]))"),
    Mistake("equations_without_right_sides", "print(solve(eye(2), [1, 2, 3]))"),
    Mistake("matrix_not_positive_definite", "print(cholesky([[1, 2], [2, 1]]))"),
    Mistake("gradient_of_equal_eigenvectors", "print(grad(x -> eigh(x)[1][0, 0])(eye(2)))"),
    Mistake(
      "gradient_of_free_singular_vectors",
      "print(grad(x -> sum(svd(x)[0]))([[1, 0], [0, 0], [0, 0]]))"),
    Mistake("gradient_of_dependent_columns", "print(grad(x -> sum(qr(x)[0]))(ones(3, 2)))"),
  ]

  static let syntax = [
    Mistake("unclosed_parenthesis", "x = (1 + 2\ny = 3"),
    Mistake("unclosed_bracket", "x = [1, 2\ny = 3"),
    Mistake("unclosed_brace", "if true {\n    print(1)\n"),
    Mistake("bracket_closed_by_another", "x = [1, (2 + 3]"),
    Mistake("bracket_closes_nothing", "x = 1 + 2)"),
    Mistake("string_not_closed", "print(\"hello)"),
    Mistake("long_string_not_closed", "print(\"\"\"hello\nthere)"),
    Mistake("brace_in_a_string", "print(\"a } b\")"),
    Mistake("interpolation_not_closed", "print(\"a {x\")"),
    Mistake("unknown_escape", "print(\"C:\\dir\")"),
    Mistake("unknown_format", "print(\"{3:.2q}\")"),
    Mistake("assignment_in_a_condition", "x = 1\nif x = 2 { print(x) }"),
    Mistake("operator_without_operand", "x = 1 + * 2"),
    Mistake("expression_ends_early", "x ="),
    Mistake("two_statements_on_a_line", "x = 1 y = 2"),
    Mistake("list_without_brackets", "1, 2"),
    Mistake("assignment_to_a_call", "f(x) = x^2"),
    Mistake("assignment_to_a_sum", "a + b = 3"),
    Mistake("else_without_if", "if true { print(1) }\nprint(2)\nelse { print(3) }"),
    Mistake("choice_without_else", "x = 1 if true"),
    Mistake("return_outside_a_function", "return 5"),
    Mistake("break_outside_a_loop", "break"),
    Mistake("empty_index", "v = [1]\nprint(v[])"),
    Mistake("unknown_character", "x = 3 $ 4"),
    Mistake("number_too_large", "x = 1e999"),
    Mistake(
      "nested_too_deep",
      "x = " + String(repeating: "(", count: 1001) + "1" + String(repeating: ")", count: 1001)),
    Mistake("block_missing", "if true\nprint(1)"),
    Mistake("reserved_word_as_a_name", "for = 3"),
    Mistake("derive_without_relation", "derive \"a\" for x in [1, 2] { x }"),
    Mistake("derive_cannot_draw", "derive \"a\" for x in 5 { x == x }"),
  ]

  static let habits = [
    Mistake("python_import", "import numpy as np"),
    Mistake("python_lambda", "f = lambda x: x + 1"),
    Mistake("python_function_body", "def f(x): return x"),
    Mistake("python_if", "x = 1\nif x > 0: print(x)"),
    Mistake("python_elif", "x = 1\nif x > 0 { 1 } elif x < 0 { 2 }"),
    Mistake("python_dictionary", "d = {\"a\": 1}"),
    Mistake("python_power_of_a_name", "x = 3\nprint(x²)"),
    Mistake("single_quotes", "print('text')"),
    Mistake("double_ampersand", "print(true && false)"),
    Mistake("double_bar", "print(true || false)"),
    Mistake("bang", "print(!true)"),
    Mistake("increment", "x = 1\nx++"),
    Mistake("number_before_a_name", "x = 3\nprint(2x)"),
    Mistake("number_before_a_parenthesis", "x = 3\nprint(2(x + 1))"),
    Mistake("transpose_quote", "A = [[1, 2], [3, 4]]\nprint(A')"),
    Mistake("transpose_quote_in_a_product", "A = [[1, 2], [3, 4]]\nprint(A' @ A)"),
    Mistake("slash_comment", "x = 1 // the first one"),
    Mistake("slash_comment_alone", "// set up\nx = 1"),
    Mistake("method_call", "z = zeros(3, 2)\nprint(z.mean())"),
    Mistake("method_of_a_list", "xs = [\"a\"]\nxs.append(\"b\")"),
    Mistake("string_method", "print(\"abc\".upper())"),
    Mistake("let_statement", "let x = 1"),
    Mistake("question_mark_choice", "x = true ? 1 : 2"),
    Mistake("semicolon_block", "function f(x) { x }"),
    Mistake("python_lambda_in_a_call", "print(map(lambda x: x + 1, [1, 2]))"),
    Mistake("python_for", "for k in range(3):\n    print(k)"),
    Mistake("python_for_on_one_line", "for k in range(3): print(k)"),
    Mistake("python_while", "x = 1\nwhile x > 0:\n    x -= 1"),
    Mistake("python_from", "from numpy import array"),
    Mistake("python_format_string", "x = 1\nprint(f\"x is {x}\")"),
    Mistake("python_percent_format", "print(\"x is %d\" % 3)"),
    Mistake("python_walrus", "x := 3"),
    Mistake("python_is", "x = none\nprint(x is none)"),
    Mistake("python_assert", "assert 1 == 1"),
    Mistake("python_class", "class Model { }"),
    Mistake("python_del", "x = 1\ndel x"),
    Mistake("python_raise", "raise 1"),
    Mistake("python_length", "print(\"abc\".length)"),
    Mistake("numpy_prefix", "z = np.zeros(3)"),
    Mistake("numpy_array", "z = array([1, 2, 3])"),
    Mistake("python_int", "print(int(3.5))"),
    Mistake("python_null", "x = null"),
    Mistake("python_help", "help(sum)"),
    Mistake("python_exit", "exit()"),
    Mistake("method_with_an_argument", "z = [1, 2]\nz.append(3)"),
    Mistake("length_of_a_tensor", "z = [1, 2]\nprint(z.length)"),
    Mistake("tilde", "m = [1, 2] > 1\nprint(~m)"),
    Mistake("arrow_of_other_languages", "f = x => x + 1"),
    Mistake("at_most_backwards", "print(3 =< 4)"),
    Mistake("triple_equals", "print(3 === 3)"),
    Mistake("double_point", "for k in 0..3 { print(k) }"),
    Mistake("for_with_equals", "for k = 0:3 { print(k) }"),
    Mistake("for_in_parentheses", "for (k in 0:3) { print(k) }"),
    Mistake("while_assignment", "x = 1\nwhile x = 1 { x = 2 }"),
    Mistake("matrix_by_blanks", "a = [1 2 3]"),
    Mistake("matrix_by_semicolons", "a = [1, 2; 3, 4]"),
    Mistake("mod_word", "print(7 mod 3)"),
    Mistake("check_of_an_assignment", "check 1 = 1"),
    Mistake("block_comment", "/* set up */"),
    Mistake("square_root_sign", "print(√4)"),
    Mistake("curly_quotes", "print(“text”)"),
    Mistake("long_dash", "x = 3 – 2"),
    Mistake("space_that_cannot_be_seen", "x =\u{a0}3"),
    Mistake("inverse_superscript", "x = 3\nprint(x⁻¹)"),
    Mistake("transpose_superscript", "A = [[1, 2], [3, 4]]\nprint(Aᵀ @ A)"),
    Mistake("print_statement", "print \"hello\""),
    Mistake("not_equal_of_other_languages", "print(1 <> 2)"),
    Mistake("point_before_an_operator", "A = [[1, 2], [3, 4]]\nprint(A .* A)"),
    Mistake("point_before_a_call", "print(sin.([1, 2]))"),
    Mistake("python_starred_name", "first, *others = [1, 2, 3]"),
    Mistake("python_spread_arguments", "xs = [1, 2]\nprint(max(**xs))"),
    Mistake("python_gathered_arguments", "def total(*xs) = sum(xs)"),
    Mistake("if_as_a_value", "x = if true { 1 } else { 2 }"),
    Mistake("def_as_a_value", "f = def g(x) = x"),
    Mistake("julia_matrix", "A = [1 2; 3 4]"),
    Mistake("doubled_braces", "x = 3\nprint(\"{{x}}\")"),
    Mistake("python_named_interpolation", "x = 3\nprint(\"{x=}\")"),
    Mistake("expression_in_a_string_ends_early", "print(\"{1 + } is the sum\")"),
    Mistake("hexadecimal", "x = 0xff"),
    Mistake("imaginary_number", "z = 2 + 3j"),
    Mistake("help_in_a_file", "?sum"),
    Mistake("command_in_a_file", ":help"),
  ]

  static let calls = [
    Mistake("unknown_keyword", "def f(alpha, beta=2) = alpha\nf(1, bata=3)"),
    Mistake("unknown_keyword_of_a_builtin", "print(mean([1, 2], axs=0))"),
    Mistake("missing_argument", "def f(a, b) = a + b\nf(1)"),
    Mistake("missing_argument_of_a_builtin", "print(map(abs))"),
    Mistake("too_many_arguments", "def f(a) = a\nf(1, 2)"),
    Mistake("too_many_arguments_of_a_builtin", "print(exp(1, 2))"),
    Mistake("argument_given_twice", "def f(a) = a\nf(1, a=2)"),
    Mistake("calling_a_number", "x = 3\nprint(x(2))"),
    Mistake("calling_a_float32_number", "x = float32(3)\nprint(x(2))"),
    Mistake("calling_a_string", "print(\"a\"(2))"),
    Mistake("calling_none", "def f() { x = 1 }\nf()(2)"),
    Mistake("wrong_kind_of_argument", "print(upper(3))"),
    Mistake("function_expected", "print(map(3, [1, 2]))"),
    Mistake("whole_number_expected", "print(eye(2.5))"),
    Mistake("negative_size", "print(zeros(-1))"),
    Mistake("error_deep_in_calls", "def a(v) = v[10]\ndef b(v) = a(v)\ndef c(v) = b(v)\nc([1, 2])"),
    Mistake("error_in_a_mapped_function", "print(map(x -> x + \"a\", [1, 2]))"),
  ]

  static let losses = [
    Mistake("one_label_per_row", "z, y = blobs(8)\nprint(contrastive(z, y[0:7]))"),
    Mistake("label_not_whole", "print(ms(zeros(2, 2), [0, 0.5]))"),
    Mistake("label_negative", "print(ms(zeros(2, 2), [0, -1]))"),
    Mistake("embeddings_not_a_matrix", "print(ms([1, 2, 3], [0, 1, 1]))"),
    Mistake("unknown_loss_parameter", "L = ms(alpa=2)"),
    Mistake("loss_parameter_out_of_range", "L = contrastive(margin=-1)"),
    Mistake("loss_parameter_of_another_kind", "L = contrastive(margin=\"big\")"),
    Mistake("unknown_loss_form", "L = contrastive(form=\"hadsel\")"),
    Mistake("unknown_loss_distance", "L = ms(distance=\"cosin\")"),
    Mistake("loss_parameter_by_position", "z, y = blobs(8)\nprint(ms(z, y, 2))"),
    Mistake("labels_missing", "print(ms(zeros(2, 2)))"),
    Mistake("weights_missing", "z, y = blobs(8)\nprint(softmax_ce(z, y))"),
    Mistake(
      "weights_of_another_shape", "z, y = blobs(8)\nprint(softmax_ce(z, y, weights=zeros(3, 5)))"),
    Mistake("loss_plus_a_number", "L = ms() + 1"),
    Mistake("loss_times_a_loss", "L = ms() * contrastive()"),
    Mistake("number_over_a_loss", "L = 2 / ms()"),
    Mistake("loss_over_nothing", "L = ms() / 0"),
    Mistake("loss_times_a_vector", "L = [1, 2] * ms()"),
    Mistake("losses_of_labels_and_of_views", "L = ms() + vicreg()"),
    Mistake(
      "one_weight_for_two_losses",
      "L = softmax_ce() + norm_softmax()\nprint(L(eye(2), [0, 1], weights=eye(2)))"),
    Mistake(
      "weights_for_the_half_of_a_sum",
      "z, y = blobs(8)\nprint(tightness(softmax_ce() + center(), z, y, weights=eye(3, 2)))"),
    Mistake("label_beyond_beta", "z, y = blobs(9)\nprint(margin_loss(z, y, beta=[1, 2]))"),
    Mistake("label_beyond_probs", "print(pce(eye(2), [0, 2], probs=ones(2, 2) / 2))"),
    Mistake("pairs_of_too_many_rows", "t = all_pairs(zeros(100000, 1), zeros(100000))"),
    Mistake("tuples_of_a_list", "z, y = blobs(9)\nprint(ms(z, y, tuples=[[0, 1]]))"),
    Mistake(
      "tuples_without_a_column",
      "z, y = blobs(9)\nprint(ms(z, y, tuples=record(anchor=[0], positive=[1])))"),
    Mistake(
      "tuples_of_other_lengths",
      "z, y = blobs(9)\nt = record(anchor=[0], other=[1, 2], same=[true])\n"
        + "print(ms(z, y, tuples=t))"),
    Mistake(
      "tuples_of_half_a_row",
      "z, y = blobs(9)\nt = record(anchor=[0.5], other=[1], same=[true])\n"
        + "print(ms(z, y, tuples=t))"),
    Mistake(
      "tuples_neither_same_nor_not",
      "z, y = blobs(9)\nt = record(anchor=[0], other=[1], same=[2])\nprint(ms(z, y, tuples=t))"),
    Mistake(
      "tuples_of_more_rows", "z, y = blobs(9)\nprint(ms(z[0:4], y[0:4], tuples=all_pairs(z, y)))"),
    Mistake("tuples_of_other_labels", "z, y = blobs(9)\nprint(ms(z, 0*y, tuples=all_pairs(z, y)))"),
    Mistake(
      "tuples_of_one_row",
      "z, y = blobs(9)\nt = record(anchor=[2], other=[2], same=[true])\nprint(ms(z, y, tuples=t))"),
    Mistake(
      "tuples_for_a_loss_of_rows", "z, y = blobs(9)\nprint(center(z, y, tuples=all_pairs(z, y)))"),
    Mistake(
      "tuples_of_similarities",
      "L = ms(tuples=record(anchor=[0], other=[1], same=[true]))\n"
        + "print(pair_weights(L, eye(2), [0, 0], of=\"similarities\"))"),
    Mistake(
      "second_derivative_over_tuples",
      "z, y = blobs(9)\nt = all_pairs(z, y)\nprint(hessian(v -> npair(v, y, tuples=t))(z))"),
    Mistake("unknown_miner", "z, y = blobs(9)\nt = mine(z, y, \"hardst\")"),
    Mistake("miner_without_that_parameter", "z, y = blobs(9)\nt = mine(z, y, \"ms\", margin=1)"),
    Mistake("miner_parameter_out_of_range", "z, y = blobs(9)\nt = ms_miner(z, y, epsilon=-1)"),
    Mistake("similarities_of_a_loss_of_classes", "print(similarities(softmax_ce))"),
    Mistake("levels_of_two_views", "print(levels(vicreg, [0, 1]))"),
    Mistake(
      "explanation_of_a_row_that_is_not_there", "print(explain(ms, eye(2), [0, 1], anchor=2))"),
    Mistake("explanation_of_a_loss_of_no_anchors", "print(explain(center, eye(2), [0, 1]))"),
    Mistake("diagnosis_without_embeddings", "print(diagnose(ms))"),
    Mistake("diagnosis_of_a_number", "print(diagnose(3))"),
    Mistake("unknown_loss", "print(contrastiv(zeros(2, 2), [0, 1]))"),
    Mistake("fit_with_labels_missing", "h = fit(linear(2, 2), zeros(3, 2), ms)"),
    Mistake("recall_labels", "print(recall_at_k(zeros(3, 2), [0, 1]))"),
    Mistake("scatter_labels", "scatter(zeros(3, 2), [0, 1])"),
    Mistake("scatter_of_a_vector", "scatter([1, 2, 3])"),
  ]

  static let files = [
    Mistake("class_not_there", "d = blobs(9)\nseen, unseen = split_classes(d, [0, 3])"),
    Mistake("batch_of_too_many_classes", "minibatches(blobs(9), 8, per_class=2)"),
    Mistake(
      "data_sets_of_different_dimensions", "train = blobs(9)\ns = standardize(iris(), like=train)"),
    Mistake("csv_missing", "d = read_csv(\"nowhere.csv\")"),
    Mistake(
      "csv_ragged_row", "d = read_csv(\"data.csv\")",
      files: ["data.csv": "a,b,label\n1,2,x\n3,4\n"]),
    Mistake(
      "csv_text_in_a_number_column", "d = read_csv(\"data.csv\")",
      files: ["data.csv": "a,b,label\n1,2,x\n3,four,y\n"]),
    Mistake(
      "csv_without_label_column", "d = read_csv(\"data.csv\")",
      files: ["data.csv": "a,b,labels\n1,2,x\n"]),
    Mistake("csv_empty", "d = read_csv(\"data.csv\")", files: ["data.csv": ""]),
    Mistake("csv_outside_the_folder", "d = read_csv(\"/etc/passwd\")"),
    Mistake(
      "csv_of_unequal_columns", "r = record(a=[1, 2], b=[3])\nwrite_csv(\"table.csv\", r)"),
    Mistake("write_outside_the_folder", "write_json(\"../x.json\", [1, 2])"),
    Mistake("write_to_no_folder", "write_json(\"results/x.json\", [1, 2])"),
    Mistake("json_of_a_function", "f = x -> x\nprint(json([1, f]))"),
    Mistake(
      "json_value_missing", "r = read_json(\"data.json\")",
      files: ["data.json": "{\"name\": 'moons',\n \"n\": 3}\n"]),
    Mistake(
      "json_name_twice", "r = read_json(\"data.json\")",
      files: ["data.json": "{\"a\": 1,\n \"a\": 2}\n"]),
    Mistake(
      "json_comma_missing", "r = read_json(\"data.json\")",
      files: ["data.json": "[\n  [1, 2]\n  [3, 4]\n]\n"]),
    Mistake("json_ends_early", "r = parse_json(\"[1, 2\")"),
    Mistake("npy_of_another_kind", "x = read_npy(\"x.npy\")", files: ["x.npy": "1,2,3\n"]),
  ]
}
