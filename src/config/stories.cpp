// read_stories. The file comes from outside and may be anything, so each line is bounded before it
// is parsed, and parsed as a stream of events: members that nobody asked for, however deep or
// large, are skipped without being built.
#include "bhashatts/stories.h"

#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "bhashatts/error.h"
#include "config/json_fault.h"

namespace bhashatts {
namespace {

using nlohmann::json;

constexpr std::size_t kLongestLine = std::size_t{16} << 20;
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

class StoryReader final : public nlohmann::json_sax<json> {
 public:
  explicit StoryReader(std::int64_t line) : line_(line) {}

  Story finish() && {
    for (const char* member : {"story_id", "language", "pages"}) {
      if (!seen_.contains(member)) refuse("\"" + std::string(member) + "\" is missing");
    }
    if (story_.story_id.empty()) refuse("\"story_id\" is empty");
    return std::move(story_);
  }

  bool null() override { return other(); }
  bool boolean(bool) override { return other(); }
  bool number_integer(number_integer_t) override { return other(); }
  bool number_unsigned(number_unsigned_t) override { return other(); }
  bool number_float(number_float_t, const string_t&) override { return other(); }
  bool binary(binary_t&) override { return other(); }

  bool string(string_t& value) override {
    if (depth_ == 0) other();
    if (depth_ == 2 && in_pages_) {
      story_.pages.push_back(std::move(value));
    } else if (depth_ == 1) {
      if (member_ == "pages") wrong_type();
      if (std::string* field = text_field()) *field = std::move(value);
    }
    return true;
  }
  bool key(string_t& name) override {
    if (depth_ != 1) return true;
    member_ = is_ours(name) ? name : "";
    if (!member_.empty() && !seen_.insert(name).second) refuse("\"" + name + "\" is given twice");
    return true;
  }
  bool start_object(std::size_t) override {
    if (depth_ > 0) other();
    return deeper();
  }
  bool start_array(std::size_t) override {
    if (depth_ == 1 && member_ == "pages") {
      in_pages_ = true;
    } else {
      other();
    }
    return deeper();
  }
  bool end_object() override { return shallower(); }
  bool end_array() override { return shallower(); }

  bool parse_error(std::size_t position, const std::string&,
                   const json::exception& error) override {
    refuse(config::json_fault(position, error));
  }

 private:
  [[noreturn]] void refuse(const std::string& what) const {
    throw Error(ErrorCode::stories_invalid, "stories, line " + std::to_string(line_) + ": " + what);
  }
  [[noreturn]] void wrong_type() const {
    if (member_ != "pages") refuse("\"" + member_ + "\" must be a string");
    refuse("\"pages\" must be a list of strings" +
           (in_pages_ ? "; page " + std::to_string(story_.pages.size() + 1) + " is none" : ""));
  }

  static bool is_ours(std::string_view name) {
    return name == "story_id" || name == "title" || name == "language" || name == "pages";
  }
  std::string* text_field() {
    if (member_ == "story_id") return &story_.story_id;
    if (member_ == "title") return &story_.title;
    return member_ == "language" ? &story_.language : nullptr;
  }
  // A value that is no string: fine in members that are skipped, nowhere else.
  bool other() const {
    if (depth_ == 0) refuse("must be a JSON object");
    if ((depth_ == 1 || in_pages_) && !member_.empty()) wrong_type();
    return true;
  }
  bool deeper() {
    ++depth_;
    return true;
  }
  bool shallower() {
    --depth_;
    if (depth_ == 1) in_pages_ = false;
    return true;
  }

  std::int64_t line_;
  Story story_;
  std::string member_;  // of the outermost object, while inside it; empty: one that is skipped
  std::set<std::string, std::less<>> seen_;
  std::size_t depth_ = 0;
  bool in_pages_ = false;
};

class Lines {
 public:
  explicit Lines(std::istream& in) : in_(in) {}

  // The next line without its end; nothing at the end of the file. Read by hand because
  // std::getline takes a line of any length into memory before anyone can refuse it.
  std::optional<std::string_view> next() {
    line_.clear();
    ++number_;
    auto* buffer = in_.rdbuf();
    for (int c = buffer->sbumpc(); c != std::char_traits<char>::eof(); c = buffer->sbumpc()) {
      if (c == '\n') return line_;
      if (line_.size() == kLongestLine) refuse_length();
      line_.push_back(static_cast<char>(c));
    }
    return line_.empty() ? std::nullopt : std::optional<std::string_view>(line_);
  }
  std::int64_t number() const { return number_; }

 private:
  [[noreturn]] void refuse_length() const {
    throw Error(ErrorCode::stories_invalid,
                "stories, line " + std::to_string(number_) + ": longer than 16 MiB");
  }

  std::istream& in_;
  std::string line_;
  std::int64_t number_ = 0;
};

bool is_blank(std::string_view line) {
  return line.find_first_not_of(" \t\r") == std::string_view::npos;
}

[[noreturn]] void refuse_reading() {
  throw Error(ErrorCode::stories_invalid, "stories: the file cannot be read");
}

Story parse_story(std::string_view line, std::int64_t number) {
  if (line.starts_with(kByteOrderMark)) {  // the parser would skip it, on every line
    throw Error(ErrorCode::stories_invalid,
                "stories, line " + std::to_string(number) + ": byte order mark inside the file");
  }
  StoryReader reader(number);
  json::sax_parse(line.begin(), line.end(), &reader);
  return std::move(reader).finish();
}

}  // namespace

std::vector<Story> read_stories(std::istream& in) try {
  if (!in.good()) refuse_reading();
  std::vector<Story> stories;
  Lines lines(in);
  while (auto line = lines.next()) {
    if (lines.number() == 1 && line->starts_with(kByteOrderMark)) {
      line->remove_prefix(kByteOrderMark.size());
    }
    if (!is_blank(*line)) stories.push_back(parse_story(*line, lines.number()));
  }
  return stories;
} catch (const std::ios_base::failure&) {  // a directory, or a disk that fails
  refuse_reading();
}

}  // namespace bhashatts
