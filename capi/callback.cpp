#include "callback.h"

#include <string>

#include "bhashatts/error.h"

namespace bhashatts::c {

void InCallback::refuse(const char* what) {
  if (!Inside::of(&kTag)) return;
  throw Error(ErrorCode::bad_request, std::string("a callback must not ") + what + " an engine");
}

void InRelease::refuse() {
  throw Error(ErrorCode::bad_request, "release must not call functions that take an engine");
}

}  // namespace bhashatts::c
