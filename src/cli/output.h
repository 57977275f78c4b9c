// Standard output and standard error. Everything that is printed passes through here, so that a
// full disk or a closed pipe is an error, and no control character from outside reaches a terminal.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace bhashatts::cli {

using Json = nlohmann::ordered_json;

// Raise storage_failed when standard output does not take it.
void print_json(const Json& object);
void print(std::string_view text);

// "bhashatts: <message>" on standard error.
void complain(std::string_view message);
void print_error(std::string_view text);

bool stdout_is_terminal();
bool stdin_is_terminal();
bool stderr_is_terminal();
// Columns of the terminal behind the descriptor, else $COLUMNS, else 80.
int terminal_width(int fd);

// `text` with control characters replaced by '?'.
std::string printable(std::string_view text);

}  // namespace bhashatts::cli
