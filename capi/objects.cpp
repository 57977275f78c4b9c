#include "objects.h"

#include <string_view>

namespace bhashatts::c {
namespace {

std::string_view name_of(Kind kind) {
  switch (kind) {
    case Kind::config: return "bhashatts_config";
    case Kind::engine: return "bhashatts_engine";
    case Kind::speech: return "bhashatts_speech";
    case Kind::stream: return "bhashatts_stream";
    case Kind::timings: return "bhashatts_timings";
    case Kind::string: return "bhashatts_string";
    case Kind::cancel: return "bhashatts_cancel";
    case Kind::reply: return "bhashatts_reply";
    case Kind::stop: return "stop";
    case Kind::visit: return "visitor";
    case Kind::log: return "log";
  }
  return {};
}

}  // namespace

void refuse_handle(const void* handle, Kind kind) {
  const std::string wanted(name_of(kind));
  if (handle == nullptr) refuse_null(wanted.c_str());
  const Kind other = Handle::kind(number_of(handle));
  if (other == kind) {
    throw Error(ErrorCode::bad_request, "this " + wanted + " was destroyed");
  }
  const std::string_view what = name_of(other);
  throw Error(
      ErrorCode::bad_request,
      "this is no " + wanted + (what.empty() ? std::string() : ", but a " + std::string(what)));
}

}  // namespace bhashatts::c
