// GuideExport. As with stories the file may be anything: a row's bytes are found and bounded first,
// by brackets and quotes alone, and then parsed as a stream of events, so that neither a line
// without end nor a million nested lists costs more than one row's bytes. Because rows are found
// before they are understood, one that is broken does not end an import of a hundred thousand; it
// is told, and left out.
#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/hash.h"
#include "bhashatts/error.h"
#include "bhashatts/import.h"
#include "config/json_fault.h"

namespace bhashatts {
namespace {

using nlohmann::json;

constexpr std::size_t kLongestRow = std::size_t{16} << 20;
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::int64_t kMostMs = 86'400'000;  // a day
constexpr double kMostUsd = 1'000'000;

constexpr std::array<std::string_view, 11> kColumns{
    "text_content", "language", "voice_style", "cache_key",          "audio_url",
    "story_id",     "story",    "page_number", "generation_time_ms", "generation_cost_usd",
    "model"};

[[noreturn]] void refuse(const std::string& what) { throw Error(ErrorCode::bad_request, what); }

// A column as it was written; Decimals are written as strings.
struct Value {
  enum class Kind { text, number, other } kind = Kind::other;
  std::string text = {};
};
using Columns = std::map<std::string, Value, std::less<>>;

// Collects the columns of one row: the members of the object, or of its "fields". A column that is
// null is as good as none.
class ColumnReader final : public nlohmann::json_sax<json> {
 public:
  Columns finish() && { return std::move(columns_); }
  bool wraps() const { return seen_fields_; }

  bool null() override { return outermost(); }
  bool boolean(bool) override { return take({}); }
  bool number_integer(number_integer_t value) override { return number(std::to_string(value)); }
  bool number_unsigned(number_unsigned_t value) override { return number(std::to_string(value)); }
  bool number_float(number_float_t, const string_t& digits) override { return number(digits); }
  bool binary(binary_t&) override { return take({}); }
  bool string(string_t& value) override {
    return take({.kind = Value::Kind::text, .text = std::move(value)});
  }
  bool key(string_t& name) override {
    if (depth_ != home()) return true;
    column_ = std::ranges::find(kColumns, name) != kColumns.end() ? name : "";
    fields_next_ = depth_ == 1 && name == "fields";
    if (columns_.contains(column_)) refuse("\"" + name + "\" is given twice");
    return true;
  }
  bool start_object(std::size_t) override {
    if (depth_ > 0) take({});
    if (depth_ == 1 && std::exchange(fields_next_, false)) in_fields_ = seen_fields_ = true;
    ++depth_;
    return true;
  }
  bool start_array(std::size_t) override {
    take({});
    ++depth_;
    return true;
  }
  bool end_object() override { return shallower(); }
  bool end_array() override { return shallower(); }

  bool parse_error(std::size_t position, const std::string&,
                   const json::exception& error) override {
    refuse(config::json_fault(position, error));
  }

 private:
  std::size_t home() const { return in_fields_ ? 2 : 1; }
  bool outermost() const {
    if (depth_ == 0) refuse("must be a JSON object");
    return true;
  }
  bool number(std::string digits) {
    return take({.kind = Value::Kind::number, .text = std::move(digits)});
  }
  bool take(Value value) {
    outermost();
    if (depth_ == home() && !column_.empty()) columns_[column_] = std::move(value);
    return true;
  }
  bool shallower() {
    --depth_;
    if (depth_ == 1) in_fields_ = false;
    return true;
  }

  Columns columns_;
  std::string column_;  // empty: one that is not of interest
  std::size_t depth_ = 0;
  bool fields_next_ = false;
  bool in_fields_ = false;
  bool seen_fields_ = false;
};

// The columns of a row, each as what it should be.
class RowOf {
 public:
  explicit RowOf(Columns columns) : columns_(std::move(columns)) {}

  std::string required(std::string_view column) const {
    if (const Value* value = find(column)) return text(column, *value);
    refuse("\"" + std::string(column) + "\" is missing");
  }
  std::string text_or(std::string_view column, std::string otherwise) const {
    const Value* value = find(column);
    return value == nullptr ? std::move(otherwise) : text(column, *value);
  }
  // A primary key: a UUID, or a number.
  std::string name_or_nothing(std::string_view column) const {
    const Value* value = find(column);
    if (value == nullptr) return {};
    if (value->kind == Value::Kind::other) wrong(column, "a string or a number");
    return value->text;
  }
  std::int64_t number(std::string_view column, std::int64_t most) const {
    const Value* value = find(column);
    if (value == nullptr) return 0;
    std::int64_t number = 0;
    const char* const end = value->text.data() + value->text.size();
    const auto parsed = std::from_chars(value->text.data(), end, number);
    const bool good = value->kind == Value::Kind::number && parsed.ec == std::errc{} &&
                      parsed.ptr == end && number >= 0 && number <= most;
    if (!good) wrong(column, "a whole number of at most " + std::to_string(most));
    return number;
  }
  std::int64_t micro_usd(std::string_view column) const {
    const Value* value = find(column);
    if (value == nullptr) return 0;
    double usd = -1;
    const char* const end = value->text.data() + value->text.size();
    const auto parsed = std::from_chars(value->text.data(), end, usd);
    const bool good = value->kind != Value::Kind::other && parsed.ec == std::errc{} &&
                      parsed.ptr == end && usd >= 0 && usd <= kMostUsd;  // no NaN either
    if (!good) wrong(column, "an amount of dollars");
    return std::llround(usd * 1e6);
  }

 private:
  const Value* find(std::string_view column) const {
    const auto found = columns_.find(column);
    return found == columns_.end() ? nullptr : &found->second;
  }
  std::string text(std::string_view column, const Value& value) const {
    if (value.kind != Value::Kind::text) wrong(column, "a string");
    return value.text;
  }
  [[noreturn]] void wrong(std::string_view column, const std::string& what) const {
    refuse("\"" + std::string(column) + "\" must be " + what);
  }

  Columns columns_;
};

bool is_other_model(const RowOf& row) {
  std::string model = row.text_or("model", "audiocache");
  std::ranges::transform(model, model.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  });
  return model != "audiocache" && !model.ends_with(".audiocache");
}

// Nothing for a row of another model.
std::optional<GuideRow> parse_row(std::string_view bytes, std::int64_t number) {
  ColumnReader reader;
  json::sax_parse(bytes.begin(), bytes.end(), &reader);
  const bool wrapped = reader.wraps();
  const RowOf row(std::move(reader).finish());
  if (wrapped && is_other_model(row)) return std::nullopt;
  const std::string story = row.name_or_nothing("story_id");
  return GuideRow{.number = number,
                  .text = row.required("text_content"),
                  .language = row.required("language"),
                  .voice_style = row.text_or("voice_style", "storyteller"),
                  .cache_key = row.text_or("cache_key", ""),
                  .audio_url = row.text_or("audio_url", ""),
                  .story_id = story.empty() ? row.name_or_nothing("story") : story,
                  .page_number = static_cast<std::int32_t>(
                      row.number("page_number", std::numeric_limits<std::int32_t>::max())),
                  .generation_time_ms = row.number("generation_time_ms", kMostMs),
                  .generation_cost_micro_usd = row.micro_usd("generation_cost_usd")};
}

bool is_blank(int c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

}  // namespace

// The bytes of one row after the other: of a line, or of an element of a list.
class GuideExport::Rows {
 public:
  explicit Rows(std::istream& in) : in_(in) {}

  std::int64_t number() const { return number_; }

  // Nothing at the end. Raises bad_request, and is then behind what it raised for.
  std::optional<std::string_view> next() try {
    if (done_) return std::nullopt;
    if (number_ == 0) begin();
    return is_list_ ? element() : line();
  } catch (const std::ios_base::failure&) {  // a directory, or a disk that fails
    done_ = true;
    ++number_;
    refuse("the export cannot be read");
  }

 private:
  static constexpr int kEnd = std::char_traits<char>::eof();

  int peek() { return in_.rdbuf()->sgetc(); }
  int take() { return in_.rdbuf()->sbumpc(); }

  void begin() {
    if (!in_.good()) throw std::ios_base::failure("bad");
    std::size_t mark = 0;
    while (mark < kByteOrderMark.size() &&
           peek() == static_cast<unsigned char>(kByteOrderMark[mark])) {
      take();
      ++mark;
    }
    skip_blanks();
    is_list_ = peek() == '[';
    if (is_list_) take();
  }

  void skip_blanks() {
    while (is_blank(peek())) take();
  }

  // What is longer than a row may be is read to its end, but not kept.
  void keep(int c) {
    too_long_ = too_long_ || row_.size() == kLongestRow;
    if (!too_long_) row_.push_back(static_cast<char>(c));
  }

  void begin_row() {
    row_.clear();
    too_long_ = false;
    ++number_;
  }

  std::string_view finished_row() const {
    if (too_long_) refuse("longer than 16 MiB");
    return row_;
  }

  std::optional<std::string_view> line() {
    skip_blanks();
    if (peek() == kEnd) return end();
    begin_row();
    for (int c = take(); c != kEnd && c != '\n'; c = take()) keep(c);
    return finished_row();
  }

  std::nullopt_t end() {
    done_ = true;
    return std::nullopt;
  }

  std::optional<std::string_view> element() {
    while (is_blank(peek()) || peek() == ',') take();
    if (peek() == ']') return end();
    begin_row();
    scan_element();
    return finished_row();
  }

  // To the bracket that closes it, or to what ends a scalar.
  void scan_element() {
    std::int64_t depth = 0;
    bool quoted = false;
    for (;;) {
      const int c = peek();
      if (c == kEnd) break_off();
      if (depth == 0 && !quoted && (c == ',' || c == ']')) return;
      keep(take());
      if (quoted) {
        if (c == '\\') keep_escaped();
        quoted = c != '"';
        continue;
      }
      quoted = c == '"';
      if (c == '{' || c == '[') ++depth;
      if ((c == '}' || c == ']') && --depth == 0) return;
    }
  }

  void keep_escaped() {
    if (peek() == kEnd) break_off();
    keep(take());
  }

  [[noreturn]] void break_off() {
    done_ = true;
    refuse("the list breaks off in the middle of it");
  }

  std::istream& in_;
  std::string row_;
  std::int64_t number_ = 0;
  bool is_list_ = false;
  bool too_long_ = false;
  bool done_ = false;
};

GuideExport::GuideExport(std::istream& in) : rows_(std::make_unique<Rows>(in)) {}
GuideExport::GuideExport(GuideExport&&) noexcept = default;
GuideExport& GuideExport::operator=(GuideExport&&) noexcept = default;
GuideExport::~GuideExport() = default;

std::optional<GuideRow> GuideExport::next() {
  try {
    while (const auto bytes = rows_->next()) {
      if (auto row = parse_row(*bytes, rows_->number())) return row;
    }
    return std::nullopt;
  } catch (const Error& error) {
    GuideRow row;
    row.number = rows_->number();
    row.fault = error.what();
    return row;
  }
}

std::int64_t GuideExport::count() {
  for (;;) {
    try {
      while (rows_->next()) {
      }
      return rows_->number();
    } catch (const Error&) {  // next() is behind it
    }
  }
}

std::string guide_cache_key(std::string_view text, std::string_view language,
                            std::string_view voice_style) {
  return md5_hex(std::string(text) + ":" + std::string(language) + ":" + std::string(voice_style));
}

std::string_view name(ImportOutcome outcome) noexcept {
  switch (outcome) {
    case ImportOutcome::rejected: return "rejected";
    case ImportOutcome::missing: return "missing";
    case ImportOutcome::refused: return "refused";
    case ImportOutcome::failed: return "failed";
  }
  return "failed";
}

}  // namespace bhashatts
