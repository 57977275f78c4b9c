// Where a program is, as a shell would find it.
#pragma once

#include <optional>
#include <string>

namespace bhashatts::synth {

// `program` itself where it holds a '/', else the first executable file of that name on PATH;
// nothing where there is none. Empty and relative parts of PATH are passed over: what runs must
// not depend on the directory that the host happens to stand in.
// A few microseconds; nothing is remembered, so that a program installed later is found.
std::optional<std::string> find_program(const std::string& program);

}  // namespace bhashatts::synth
