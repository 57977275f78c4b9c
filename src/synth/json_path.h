// JSON from outside, read within bounds, and the dotted names by which settings point into it.
//
// Thread rule: pure functions.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace bhashatts::synth {

using Json = nlohmann::json;

// Nothing for what is no JSON (NaN and Infinity among it), nests deeper than 32, or holds more than
// ten million values: 64 MiB of "[[[[" would else become gigabytes. Measured: 16 bytes a number.
std::optional<Json> parse_json(std::string_view text);

// What "output.0.audio" leads to: names of members, and indices where a list stands; null where
// it leads nowhere. Valid as long as `root`.
const Json* find_path(const Json& root, std::string_view path);
// Makes the objects on the way. Raises config_invalid where something else stands there.
void put_path(Json& root, std::string_view path, Json value);

// Raises config_invalid, naming `setting`, for a path with an empty or overlong part or too many.
void require_path(std::string_view path, std::string_view setting);

// One line of valid JSON, whatever bytes the strings hold.
std::string dumped(const Json& json);

}  // namespace bhashatts::synth
