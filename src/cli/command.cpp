// Every failure ends here, once: a command raises, run_guarded() turns it into a line on standard
// error, an object on standard output where JSON was asked for, and the exit status of its family.
#include "cli/command.h"

#include <cerrno>
#include <charconv>
#include <cstring>
#include <fstream>
#include <iterator>
#include <new>

#include "cli/output.h"

namespace bhashatts::cli {
namespace {

constexpr std::size_t kLargestConfig = std::size_t{1} << 20;

std::string read_config_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text(kLargestConfig + 1, '\0');
  if (file) file.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (!file.is_open() || file.bad()) {
    throw Error(ErrorCode::config_invalid, "cannot read the configuration file " + path);
  }
  text.resize(static_cast<std::size_t>(file.gcount()));
  return text;
}

int family(ErrorCode code) { return static_cast<int>(code) / 100; }

Json described(const Error& error) {
  return {{"error",
           {{"code", name(error.code())},
            {"message", error.what()},
            {"retryable", error.retryable()},
            {"retry_after_ms", error.retry_after().count()}}}};
}

}  // namespace

void add_global_options(CLI::App& app, Session& session, const std::string& version) {
  app.set_version_flag("--version", "bhashatts " + version);
  app.add_option("--data-dir", session.data_dir, "Where everything is kept")->type_name("DIR");
  app.add_option("--config", session.config_file, "Settings as a JSON object, over the environment")
      ->type_name("FILE");
  app.add_flag("--json", session.json, "Print one JSON object on standard output, nothing else");
  app.require_subcommand(1);
  app.footer(
      "Exit status: 0 done, 1 internal or storage error, 2 bad input or usage, 3 not found,\n"
      "4 the synthesizer failed, 5 out of credits or budget, 130 interrupted.");
}

CLI::App* add_command(CLI::App& app, Session& session, const std::string& name,
                      const std::string& description) {
  CLI::App* command = app.add_subcommand(name, description);
  command->add_flag("--json", session.json,
                    "Print one JSON object on standard output, nothing else");
  command->fallthrough();
  command->footer("Also: --data-dir DIR and --config FILE, see bhashatts --help.");
  return command;
}

Config load_config(const Session& session) {
  Config config = Config::from_environment();
  if (!session.config_file.empty()) {
    config = Config::from_json(read_config_file(session.config_file), std::move(config));
  }
  if (!session.data_dir.empty()) config.data_dir = session.data_dir;
  return config;
}

TtsEngine open_engine(const Session& session) { return TtsEngine::open(load_config(session)); }

CLI::Validator whole_number(std::int64_t least, std::int64_t most) {
  const auto complaint = [least, most](const std::string& value) -> std::string {
    std::int64_t number = 0;
    const char* end = value.data() + value.size();
    const auto parsed = std::from_chars(value.data(), end, number);
    if (parsed.ec == std::errc{} && parsed.ptr == end && number >= least && number <= most) {
      return {};
    }
    return "must be a whole number from " + std::to_string(least) + " to " + std::to_string(most);
  };
  return CLI::Validator(complaint, "");
}

void require_language(std::string_view language) {
  if (language.empty()) return;
  const Language* found = find_language(language);
  if (found != nullptr && found->spoken) return;
  std::string known;
  for (const Language& each : languages()) known += (known.empty() ? "" : ", ") + each.name;
  throw Error(ErrorCode::language_unknown, "unknown language; use one of: " + known);
}

int exit_status(ErrorCode code) noexcept {
  if (code == ErrorCode::ok) return 0;
  if (code == ErrorCode::cancelled) return kInterrupted;
  if (code == ErrorCode::not_supported) return 2;
  const int hundreds = family(code);
  return hundreds >= 2 && hundreds <= 5 ? hundreds : 1;
}

int report(const Error& error, bool json) {
  complain(error.what());
  if (json) print_json(described(error));
  return exit_status(error.code());
}

int run_guarded(const Session& session) try {
  try {
    return session.run();
  } catch (const Error& error) {
    return report(error, session.json);
  } catch (const std::bad_alloc&) {
    return report(Error(ErrorCode::out_of_memory, "out of memory"), session.json);
  } catch (const std::exception& error) {
    return report(Error(ErrorCode::internal, error.what()), session.json);
  }
} catch (const Error& error) {  // standard output itself is broken
  complain(error.what());
  return exit_status(error.code());
}

}  // namespace bhashatts::cli
