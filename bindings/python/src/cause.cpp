#include "cause.h"

#include <utility>
#include <vector>

#include "base/mutex.h"
#include "base/per_process.h"
#include "lock.h"

namespace bhashatts::python {
namespace {

// Never destroyed: threads of the engine may let go of something when the process is ending. Of
// each process: a thread of the parent's may have held the lock when it forked.
struct Aside {
  Mutex mutex;
  std::vector<PyObject*> objects GUARDED_BY(mutex);
};
Aside& aside() {
  static auto* const all = new PerProcess<Aside>([] { return std::make_unique<Aside>(); });
  return all->get();
}

int drop_when_it_runs(void* /*unused*/) {
  drop_aside();
  return 0;
}

// What cannot be remembered, for want of memory, leaks.
void put_aside(PyObject* object) noexcept {
  try {
    Aside& all = aside();
    MutexLock lock(all.mutex);
    all.objects.push_back(object);
  } catch (...) {
    return;
  }
  if (is_ending()) return;
  Py_AddPendingCall(drop_when_it_runs, nullptr);  // full: one of those that are pending will do
}

// The main thread may be long in something that runs no Python: a join, a C library. Each of these
// may be a megabyte of audio, and costs nothing to drop where the lock is held anyway.
bool many_aside() {
  constexpr std::size_t kMany = 64;
  Aside& all = aside();
  MutexLock lock(all.mutex);
  return all.objects.size() >= kMany;
}

struct Reference {
  explicit Reference(py::object given) : object(given.release().ptr()) {}
  Reference(const Reference&) = delete;
  Reference& operator=(const Reference&) = delete;
  ~Reference() { put_aside(object); }
  PyObject* object;
};

}  // namespace

std::shared_ptr<const void> kept(py::object object) {
  if (many_aside()) drop_aside();
  return std::make_shared<const Reference>(std::move(object));
}

py::object object_of(const std::shared_ptr<const void>& kept) {
  if (kept == nullptr) return py::none();
  return py::reinterpret_borrow<py::object>(static_cast<const Reference*>(kept.get())->object);
}

void drop_aside() {
  std::vector<PyObject*> objects;
  {
    Aside& all = aside();
    MutexLock lock(all.mutex);
    objects.swap(all.objects);
  }
  for (PyObject* object : objects) Py_DECREF(object);
}

}  // namespace bhashatts::python
