#include "structs.h"

namespace bhashatts::c {

void refuse_null(const char* what) {
  throw Error(ErrorCode::bad_request, std::string(what) + " must not be NULL");
}

void refuse_size(const char* type, std::size_t size) {
  throw Error(ErrorCode::bad_request, std::string(type) + ".struct_size is " +
                                          std::to_string(size) +
                                          "; begin it with the INIT macro, or sizeof");
}

}  // namespace bhashatts::c
