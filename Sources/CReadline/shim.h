#include <stdio.h>
#include <stdlib.h>
#include <readline/readline.h>
#include <readline/history.h>

/* readline is set up through global variables, which Swift cannot touch safely: one function each. */

/// The program's name in the user's inputrc, and the function that completes words.
static inline void mlrepl_readline_setup(const char *name, rl_completion_func_t *complete,
                                         rl_hook_func_t *on_signal) {
  rl_readline_name = name;
  rl_attempted_completion_function = complete;
  rl_signal_event_hook = on_signal;
  rl_completer_word_break_characters = " \t\n()[]{},;+-*/%@^=<>|&\"";
  rl_completion_append_character = '\0';
  rl_catch_signals = 0;
  rl_catch_sigwinch = 1;
}

/// Where the word being completed starts, and the whole line.
static inline const char *mlrepl_line_buffer(void) { return rl_line_buffer; }

/// Says that file names should not be offered where the program had no words.
static inline void mlrepl_no_file_completion(void) { rl_attempted_completion_over = 1; }

/// Empties the line and ends it, as Ctrl-C should.
static inline void mlrepl_drop_line(void) {
  rl_replace_line("", 0);
  rl_done = 1;
}
