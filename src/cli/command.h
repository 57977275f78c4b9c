// What the commands share: the global options, and how a failure becomes an exit status.
//
// A command is one file with one add_<name>(): it declares its options and leaves behind, in
// Session::run, what to do once the whole line is understood. main.cpp only lists them.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "bhashatts/engine.h"
#include "bhashatts/error.h"

namespace bhashatts::cli {

inline constexpr int kInterrupted = 130;  // as shells report Ctrl-C

struct Session {
  std::string data_dir;     // --data-dir; empty: as configured
  std::string config_file;  // --config; empty: none
  bool json = false;        // --json
  std::function<int()> run;
};

void add_say(CLI::App& app, Session& session);
void add_lookup(CLI::App& app, Session& session);
void add_reject(CLI::App& app, Session& session);
void add_prewarm(CLI::App& app, Session& session);
void add_status(CLI::App& app, Session& session);
void add_stats(CLI::App& app, Session& session);
void add_verify(CLI::App& app, Session& session);
void add_forget(CLI::App& app, Session& session);
void add_clear(CLI::App& app, Session& session);
void add_import(CLI::App& app, Session& session);
void add_voices(CLI::App& app, Session& session);
void add_config(CLI::App& app, Session& session);

// --data-dir, --config, --json, --version: understood before and behind the command.
void add_global_options(CLI::App& app, Session& session, const std::string& version);

// A subcommand with --json, that passes the global options on.
CLI::App* add_command(CLI::App& app, Session& session, const std::string& name,
                      const std::string& description);

// Environment, then --config over it, then --data-dir over both: what stands on the command line
// was said last.
Config load_config(const Session& session);
TtsEngine open_engine(const Session& session);

// For options that are numbers: nothing but digits, within bounds.
CLI::Validator whole_number(std::int64_t least, std::int64_t most);

// Raises language_unknown unless requests may name the language; empty is fine.
void require_language(std::string_view language);

// 0 done, 1 internal or storage, 2 bad input, 3 not found, 4 upstream, 5 money, 130 interrupted.
int exit_status(ErrorCode code) noexcept;

// "bhashatts: <message>" on standard error and, with --json, the error as the one object on
// standard output. Returns the exit status.
int report(const Error& error, bool json);

// The command with these arguments, argv[0] first; returns its exit status.
int run(int argc, const char* const* argv, const char* version);

// Runs session.run; whatever it raises is reported.
int run_guarded(const Session& session);

}  // namespace bhashatts::cli
