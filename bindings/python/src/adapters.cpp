#include "adapters.h"

#include <utility>
#include <vector>

namespace bhashatts::python {
namespace {

template <typename Part, typename Make>
std::vector<std::shared_ptr<Part>> all_of(const py::dict& plug_ins, const char* name, Make make) {
  std::vector<std::shared_ptr<Part>> parts;
  if (!plug_ins.contains(name)) return parts;
  for (const py::handle& one : plug_ins[name]) {
    parts.push_back(make(py::reinterpret_borrow<py::object>(one)));
  }
  return parts;
}

py::object one_of(const py::dict& plug_ins, const char* name) {
  return plug_ins.contains(name) ? py::object(plug_ins[name]) : py::object(py::none());
}

}  // namespace

Parts parts_of(const py::dict& plug_ins) {
  Parts parts;
  if (auto voice = one_of(plug_ins, "synthesizer"); !voice.is_none()) {
    parts.synthesizer = make_synthesizer(std::move(voice));
  }
  if (auto store = one_of(plug_ins, "blob_store"); !store.is_none()) {
    parts.blob_store = make_store(std::move(store));
  }
  parts.fallbacks = all_of<Synthesizer>(plug_ins, "fallbacks", make_synthesizer);
  parts.tiers = all_of<CacheTier>(plug_ins, "tiers", make_tier);
  parts.event_sinks = all_of<EventSink>(plug_ins, "event_sinks", make_sink);
  return parts;
}

}  // namespace bhashatts::python
