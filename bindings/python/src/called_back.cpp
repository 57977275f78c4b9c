#include "called_back.h"

#include <exception>

#include "bhashatts/error.h"

namespace bhashatts::python {
namespace {

thread_local int called_back = 0;
thread_local int keeping = 0;
thread_local std::exception_ptr kept_interrupt;  // none at the thread's end

}  // namespace

CalledBack::CalledBack() { ++called_back; }
CalledBack::~CalledBack() { --called_back; }

Keeping::Keeping() { ++keeping; }
Keeping::~Keeping() { --keeping; }

void refuse_in_called_back() {
  if (called_back == 0) return;
  throw Error(ErrorCode::bad_request,
              "what an engine has called (a plug-in, an observer, progress) must not close one: "
              "close it when the call is over, or from a thread of your own");
}

bool keep_interrupt(const py::error_already_set& raised) {
  if (keeping == 0 || raised.matches(PyExc_Exception)) return false;
  if (kept_interrupt == nullptr) kept_interrupt = std::make_exception_ptr(raised);
  return true;
}

void raise_what_was_kept() {
  if (auto raised = std::exchange(kept_interrupt, nullptr)) std::rethrow_exception(raised);
}

}  // namespace bhashatts::python
